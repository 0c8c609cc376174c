"""Source text and places in it.

A Span holds offsets only; line and column are derived when something is printed, through the line marks that
cpp (`# 3 "x.d"`) and `#line` leave behind.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class SourceFile:
    """One piece of D source: a script (`is_file`), or the text of a -n/-P/-m/-f/-i argument.

    `marks` are (offset, line, file name) from line control: from `offset` on, lines count from `line` in `file`.
    They are kept in ascending offset order. `places` are (start, end, words) of the predicates and action lists of a
    command-line text, which has no line numbers to speak of.
    """

    name: str
    text: str
    is_file: bool = True
    marks: list[tuple[int, int, str]] = field(default_factory=list)
    places: list[tuple[int, int, str]] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)

    def _line_starts(self) -> list[int]:
        if not self._starts:
            self._starts = [0]
            find, at = self.text.find, 0
            while (at := find("\n", at)) >= 0:
                at += 1
                self._starts.append(at)
        return self._starts

    def physical(self, offset: int) -> tuple[int, int]:
        """Line and column (both from 1) of an offset, ignoring line marks."""
        starts = self._line_starts()
        index = bisect_right(starts, offset) - 1
        return index + 1, offset - starts[index] + 1

    def where(self, offset: int) -> tuple[str, int, int]:
        """(file name, line, column) of an offset as the user knows them: after line marks."""
        line, column = self.physical(offset)
        name = self.name
        at = bisect_right(self.marks, offset, key=lambda mark: mark[0]) - 1
        if at >= 0:
            mark_offset, mark_line, name = self.marks[at]
            line = mark_line + line - self.physical(mark_offset)[0]
        return name, line, column

    def place(self, offset: int) -> str:
        """What lies around the offset in command-line text: "in predicate", "in action list" or ""."""
        return next((words for start, end, words in self.places if start <= offset < end), "")

    def line_text(self, offset: int) -> str:
        """The physical line that holds an offset, without its newline."""
        start = self._line_starts()[self.physical(offset)[0] - 1]
        end = self.text.find("\n", start)
        return self.text[start:] if end < 0 else self.text[start:end]


def decode_source(data: bytes) -> str:
    """The text of a script: UTF-8, bytes that are none kept as surrogates so that string constants get them back."""
    return data.decode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class Span:
    """The half-open range [start, end) of `source.text`."""

    source: SourceFile
    start: int
    end: int

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of `other` (same source)."""
        return Span(self.source, self.start, max(self.end, other.end))

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        return self.source.where(self.start)[1]
