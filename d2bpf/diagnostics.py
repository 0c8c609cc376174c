"""Diagnostics as values, the sink that collects them, and their text form.

A user's mistake is a Diagnostic in the Sink, never an exception that reaches him. Inside one pass `Abandon` may be
raised right after reporting, to leave the construct at hand; whoever walks the constructs catches it and goes on
with the next, so one run shows several errors.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .source import SourceFile, Span

LINE_LIMIT = 160  # columns of a source line that are shown


class Abandon(Exception):
    """The construct at hand has been reported as wrong; its walker goes on with the next one."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `code` is a row of codes.py. `message` is dtrace's own text; further lines (prototype, argument)
    follow after newlines as dtrace prints them. `severity` is "error", "warning" (lint, fidelity) or "note"."""

    code: str
    message: str
    span: Span | None = None
    help: str = ""
    severity: str = "error"
    labels: tuple[tuple[Span, str], ...] = ()
    place: str = ""  # replaces the derived location: "in predicate", "in action list"
    program: SourceFile | None = None  # what was being compiled: the span, if any, may lie in a library


@dataclass(slots=True)
class Sink:
    """Collects diagnostics in the order they are found. `program` is the one that is being compiled."""

    items: list[Diagnostic] = field(default_factory=list)
    program: SourceFile | None = None

    def error(
        self,
        code: str,
        message: str,
        span: Span | None = None,
        help: str = "",
        labels: tuple[tuple[Span, str], ...] = (),
    ) -> Abandon:
        """Record an error; returns an Abandon so that callers can write `raise sink.error(...)`."""
        self.items.append(Diagnostic(code, message, span, help, "error", labels, program=self.program))
        return Abandon(message)

    def warn(self, code: str, message: str, span: Span | None = None, help: str = "") -> None:
        self.items.append(Diagnostic(code, message, span, help, "warning", program=self.program))

    @property
    def errors(self) -> list[Diagnostic]:
        return [d for d in self.items if d.severity == "error"]


# ---------------------------------------------------------------- text


def render(diagnostic: Diagnostic, head: str, errtags: bool = False) -> str:
    """A diagnostic as dtrace prints it; below, what dtrace leaves out: the source line, a mark under the place, help.

    `head` is what failed: "failed to compile script x.d", "invalid probe specifier TEXT". `errtags` puts the code in
    front (-xerrtags). The text ends without a newline."""
    if diagnostic.severity != "error":
        head = diagnostic.severity
    tag = f"[{diagnostic.code}] " if errtags else ""
    location = diagnostic.place or (_location(diagnostic.span) if diagnostic.span else "")
    lines = [_visible(f"dtrace: {head}: {tag}{location + ': ' if location else ''}{diagnostic.message}")]
    if diagnostic.span:
        lines += _excerpt(diagnostic.span)
    for span, label in diagnostic.labels:
        lines += [f"note: {_location(span) or span.source.name}: {label}", *_excerpt(span)]
    lines += [f"help: {line}" for line in diagnostic.help.splitlines()]
    return "\n".join(lines)


def _location(span: Span) -> str:
    """Where a span is in dtrace's words (language.md 12.1)."""
    source = span.source
    if not source.is_file:
        return source.place(span.start)
    name, line, _ = source.where(span.start)
    return f"line {line}" if name == source.name else f'"{name}", line {line}'


def _excerpt(span: Span) -> list[str]:
    """The first source line of a span and carets under it; nothing when the line is blank."""
    source = span.source
    line, column = source.line_text(span.start), source.physical(span.start)[1]
    if not line.strip():
        return []
    width = max(1, min(span.end - span.start, len(line) - column + 1))
    line, first, width = _window(line, column - 1, width)
    blank = "".join(char if char == "\t" else " " for char in line[:first])
    return ["    " + _printable(line), "    " + blank + "^" * width]


def _window(line: str, first: int, width: int) -> tuple[str, int, int]:
    """The part of a line around its columns `first` and on that is to be shown, and where these are in it."""
    line = line.rstrip("\r")
    if len(line) <= LINE_LIMIT:
        return line, first, width
    width = min(width, LINE_LIMIT // 2)
    start = max(0, min(first - LINE_LIMIT // 4, len(line) - LINE_LIMIT))
    end = start + LINE_LIMIT
    before, after = "..." if start else "", "..." if end < len(line) else ""
    return before + line[start:end] + after, len(before) + first - start, width


def _printable(line: str) -> str:
    """A source line without bytes that would disturb a terminal, in as many columns."""
    return "".join(char if char == "\t" or char.isprintable() else "?" for char in line)


def _visible(text: str) -> str:
    """A message with what would disturb a terminal as escapes: control characters, and bytes that are no UTF-8 (source.py)."""
    return "".join(char if char in "\n\t" or char.isprintable() else _escape(ord(char)) for char in text)


def _escape(code: int) -> str:
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
