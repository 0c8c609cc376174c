"""Lines that end as on Windows."""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import Edit, Fix
from ..look import Look
from ..rule import Found, Rule


def check(look: Look) -> Iterator[Found]:
    text = look.script.text
    at = text.find("\r\n")
    if at < 0 or look.call is not look.script.calls[0]:
        return
    edits = []
    place = at
    while place >= 0:
        edits.append(Edit(place, place + 1, ""))
        place = text.find("\r\n", place + 1)
    message = "lines end in carriage returns"
    if text.startswith("#!"):
        message += ", so the kernel does not find the interpreter"
    yield Found((at, at + 1), message, fix=Fix("end lines with a newline alone", tuple(edits), safe=True))


RULE = Rule(
    code="L603",
    severity="warning",
    fixable="safe",
    why="""
The lines of the file end in carriage return and newline. The kernel takes the carriage return of the first line for a part of the
interpreter's name or of its flags, and refuses to start the script.
""",
    instead="`lint --fix` removes them.",
    bad="BEGIN { exit(0); }\r\nEND { }\r\n",
    good="BEGIN { exit(0); }\nEND { }\n",
    check=check,
)
