"""A comment as C++ has it: // to the end of the line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...source import Span
from ..finding import CANNOT, Edit, Fix
from ..look import Look
from ..rule import Found, Rule

# What may hold slashes that begin no comment, or is the comment.
_PIECES = re.compile(
    r"""/\*.*?(?:\*/|\Z)|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|^[ \t]*\#[^\n]*|(?P<comment>//[^\n]*)""",
    re.DOTALL | re.MULTILINE,
)


def check(look: Look) -> Iterator[Found]:
    for source, program in zip(look.sources, look.call.programs, strict=True):
        if not any(_is_at_slashes(error.span) for error in look.errors if error.span and error.span.source.text == source.text):
            continue
        for m in _PIECES.finditer(source.text):
            text = m["comment"]
            if text:
                start, end = program.text.origin[m.start()], program.text.origin[m.end() - 1] + 1
                yield Found((start, end), "D has no // comments", "write /* ... */", fix=_fix(look, start, end, text))


def _is_at_slashes(span: Span) -> bool:
    at, text = span.start, span.source.text
    return text.startswith("//", at) or text.startswith("//", max(0, at - 1))


def _fix(look: Look, start: int, end: int, text: str) -> Fix | None:
    if "*/" in text or "/*" in text or look.script.text[start:end] != text:
        return None
    words = text[2:].strip()
    return Fix("make it /* */", (Edit(start, end, f"/* {words} */" if words else "/* */"),), safe=True)


RULE = Rule(
    code="L602",
    severity="error",
    verdict=CANNOT,
    fixable="safe",
    why="D knows the comments of C90 only: /* ... */. Slashes end predicates and divide; what follows two of them is no comment.",
    instead="`lint --fix` makes each of them a /* ... */ comment.",
    bad="BEGIN { exit(0); } // done",
    good="BEGIN { exit(0); } /* done */",
    check=check,
)
