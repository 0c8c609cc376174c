"""Diagnostics as values, the sink that collects them, and their text form.

A user's mistake is a Diagnostic in the Sink, never an exception that reaches him. Inside one pass `Abandon` may be
raised right after reporting, to leave the construct at hand; whoever walks the constructs catches it and goes on
with the next, so one run shows several errors.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .source import Span


class Abandon(Exception):
    """The construct at hand has been reported as wrong; its walker goes on with the next one."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `code` is a row of codes.py. `message` is dtrace's own text, first line only matters to dtrace users;
    further lines (prototype, argument) follow after newlines as dtrace prints them. `severity` is "error", "warning"
    (lint, fidelity) or "note"."""

    code: str
    message: str
    span: Span | None = None
    help: str = ""
    severity: str = "error"
    labels: tuple[tuple[Span, str], ...] = ()
    place: str = ""  # replaces the derived location: "in predicate", "in action list"


@dataclass(slots=True)
class Sink:
    """Collects diagnostics in the order they are found."""

    items: list[Diagnostic] = field(default_factory=list)

    def error(
        self, code: str, message: str, span: Span | None = None, help: str = "", labels: tuple[tuple[Span, str], ...] = ()
    ) -> Abandon:
        """Record an error; returns an Abandon so that callers can write `raise sink.error(...)`."""
        self.items.append(Diagnostic(code, message, span, help, "error", labels))
        return Abandon(message)

    def warn(self, code: str, message: str, span: Span | None = None, help: str = "") -> None:
        self.items.append(Diagnostic(code, message, span, help, "warning"))

    @property
    def errors(self) -> list[Diagnostic]:
        return [d for d in self.items if d.severity == "error"]
