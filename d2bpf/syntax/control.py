"""Control lines: `#pragma`, `#line` and cpp's line marks, `#error`, `#!` (language.md section 5)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from ..diagnostics import Sink
from ..options import CLASSES, STABILITIES
from ..source import SourceFile, Span
from . import ast
from .env import ParseEnv
from .tokens import unescape, words

_NEEDS_CPP = words("include define undef if ifdef ifndef elif else endif include_next import warning")

_PROVIDER_PARTS = words("provider module function name args")
_DEPENDENCIES = words("provider module library")


@cache
def _words() -> re.Pattern[str]:
    return re.compile(r'"(?:[^"\\]|\\.)*"|[^\s"]+')


@cache
def _comment() -> re.Pattern[str]:
    return re.compile(r"/\*.*?\*/")


class ControlLines:
    """Carries out the control lines of one source; pragmas for later passes go to `emit`, in their place."""

    def __init__(self, source: SourceFile, env: ParseEnv, sink: Sink, emit: Callable[[ast.Item], None]) -> None:
        self._source = source
        self._env = env
        self._sink = sink
        self._emit = emit

    def __call__(self, offset: int) -> int:
        """Carry out the control line whose `#` is at `offset`; the offset of the line's end comes back."""
        end = self._line_end(offset)
        line = self._source.text[offset + 1 : end].replace("\\\n", " ")
        if line.startswith("!"):
            return end
        line = _comment().sub(" ", line)
        opened = line.find("/*")
        if opened >= 0:  # a comment that goes on below: the lexer skips it
            end = self._source.text.rindex("/*", offset, end)
            line = line[:opened]
        words = _words().findall(line)
        if words:
            self._directive(words[0], words[1:], line, Span(self._source, offset, end))
        return end

    def _line_end(self, offset: int) -> int:
        text = self._source.text
        end = text.find("\n", offset)
        while end > 0 and text[end - 1] == "\\":
            end = text.find("\n", end + 1)
        return end if end >= 0 else len(text)

    def _directive(self, name: str, words: list[str], line: str, span: Span) -> None:
        if name.isdigit():
            self._line([name, *words], span)
        elif name == "line":
            self._line(words, span)
        elif name == "pragma":
            self._pragma(words, line, span)
        elif name == "error":
            self._error(line, span)
        elif name != "ident":
            help = "only the C preprocessor knows it: use -C" if name in _NEEDS_CPP else ""
            self._sink.error("D_PRAGCTL_INVAL", f"invalid control directive: #{name}", span, help)

    def _error(self, line: str, span: Span) -> None:
        text = line.partition("error")[2].strip()
        self._sink.error("D_PRAGERR", f"#error: {text}", span)

    def _line(self, words: list[str], span: Span) -> None:
        """`N ["file" [flags]]`: the next line is line N of that file."""
        if not words or not words[0].isdecimal() or len(words[0]) > 9:
            self._sink.error("D_SYNTAX", "line number expected in #line directive", span)
            return
        previous = self._source.where(span.start)[0]
        file = unescape(words[1].strip('"')) if len(words) > 1 else previous
        self._source.marks.append((min(span.end + 1, len(self._source.text)), int(words[0]), file))

    # ------------------------------------------------------------ pragmas

    def _pragma(self, words: list[str], line: str, span: Span) -> None:
        if words[:1] == ["error"]:
            self._error(line, span)
        if words[:1] != ["D"]:
            return
        if len(words) == 1:
            self._sink.error("D_PRAGMA_MALFORM", "malformed #pragma D <pragma> ...", span)
            return
        handler = self._HANDLERS.get(words[1])
        if handler is None:
            self._sink.error("D_PRAGMA_INVAL", f"invalid D pragma: {words[1]}", span)
        else:
            handler(self, [word.strip('"') for word in words[2:]], span)

    def _malformed(self, form: str, span: Span) -> None:
        self._sink.error("D_PRAGMA_MALFORM", f"malformed #pragma {form}", span)

    def _option(self, words: list[str], span: Span) -> None:
        if not words:
            self._malformed("option <option>=<value>", span)
            return
        if len(words) > 1:
            help = "no blanks around =" if "=" in (words[0][-1], words[1][0]) else ""
            message = "superfluous arguments specified for #pragma option"
            self._sink.error("D_PRAGMA_MALFORM", message, span, help)
            return
        name, equals, text = words[0].partition("=")
        value = text if equals else None
        wrong = (self._env.set_option or self._set_own_option)(name, value)
        if wrong is None:
            self._emit(ast.Pragma(span, "option", (name,) if value is None else (name, value)))
            return
        what = f"'{name}'" if value is None else f"'{name}' to '{value}'"
        self._sink.error("D_PRAGMA_OPTSET", f"failed to set option {what}: {wrong}", span)

    def _set_own_option(self, name: str, value: str | None) -> str | None:
        """Without a table of options: those the parser itself obeys."""
        if value is None and name in ("defaultargs", "argref"):
            setattr(self._env.macros, name, True)
        elif value is None and name in ("pspec", "empty"):
            setattr(self._env, name, True)
        return None

    def _attributes(self, words: list[str], span: Span) -> None:
        form = "attributes <attributes> <identifier>"
        if len(words) < 2:
            self._malformed(form, span)
            return
        parts = words[0].split("/")
        if len(parts) != 3 or not {parts[0], parts[1]} <= set(STABILITIES) or parts[2] not in CLASSES:
            self._sink.error("D_PRAGMA_MALFORM", f"invalid attributes specified by #pragma {form}", span)
        elif len(words) == 2 or (len(words) == 4 and words[1] == "provider" and words[3] in _PROVIDER_PARTS):
            self._emit(ast.Pragma(span, "attributes", tuple(words)))
        else:
            self._malformed(form, span)

    def _binding(self, words: list[str], span: Span) -> None:
        parts = words[0].split(".") if len(words) == 2 else []
        if 2 <= len(parts) <= 3 and all(part.isdecimal() for part in parts):
            self._emit(ast.Pragma(span, "binding", tuple(words)))
        else:
            self._malformed('binding "<version>" <identifier>', span)

    def _depends_on(self, words: list[str], span: Span) -> None:
        if len(words) != 2:
            self._malformed("depends_on <class> <name>", span)
        elif words[0] not in _DEPENDENCIES:
            message = f"invalid class {words[0]} specified by #pragma depends_on <class> <name>"
            self._sink.error("D_PRAGMA_INVAL", message, span)
        elif words[0] == "library" and not self._env.library:
            self._sink.error("D_PRAGMA_DEPEND", "main program may not explicitly depend on a library", span)
        else:
            self._emit(ast.Pragma(span, "depends_on", tuple(words)))

    _HANDLERS: dict[str, Callable[[ControlLines, list[str], Span], None]] = {
        "option": _option,
        "attributes": _attributes,
        "binding": _binding,
        "depends_on": _depends_on,
    }
