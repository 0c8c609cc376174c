"""Failures a user is told about, as one family of exceptions."""

from __future__ import annotations


class Failure(Exception):
    """The program cannot be run; the text is one line in dtrace's wording, without the leading `dtrace: `.

    `detail` holds further lines (compiler messages, the end of the verifier's log), or nothing.
    """

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail

    def __str__(self) -> str:
        return self.message + "\n" + self.detail.rstrip("\n") if self.detail else self.message
