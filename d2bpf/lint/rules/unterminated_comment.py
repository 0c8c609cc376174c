"""A comment that nothing ends."""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import CANNOT, Edit, Fix
from ..look import Look
from ..rule import Found, Rule

_MESSAGE = "end-of-file encountered before matching */"


def check(look: Look) -> Iterator[Found]:
    for error in look.errors:
        if error.code == "D_SYNTAX" and error.message.startswith(_MESSAGE) and error.span is not None:
            program = next((p for p in look.call.programs if p.text.text == error.span.source.text), None)
            start = error.span.source.text.rfind("/*")
            if program is None or start < 0:
                continue
            origin = program.text.origin
            end = origin[-1] + 1
            text = program.text.text
            behind = " */" if not text.endswith("\n") else "*/\n"
            fix = Fix("end the comment", (Edit(end, end, behind),), safe=True)
            yield Found((origin[start], end), "this comment never ends", "*/ is missing", fix=fix)


RULE = Rule(
    code="L601",
    severity="error",
    verdict=CANNOT,
    fixable="safe",
    why="""
The comment has no end, so all that follows belongs to it. Some older versions of dtrace let that pass; a program that was meant to
go on behind the comment has then always been cut short.
""",
    instead="""
Look where the comment was meant to end. `lint --fix` ends it at the end of the program, which is what those versions of
dtrace did that accepted it.
""",
    bad="BEGIN { exit(0); }\n/* the end",
    good="BEGIN { exit(0); }\n/* the end */",
    check=check,
)
