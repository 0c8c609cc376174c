"""Standard streams as a C program has them: a closed one is no accident, a message that cannot be written is lost."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from typing import NoReturn
else:
    import _signal as signal  # what `signal` wraps: that would import enum, 3 to 9 ms for names we do not use


def prepare() -> None:
    """To be called before anything else. Closed standard streams are opened, lest a map or a probe get their numbers; writing to a
    standard output that was closed still fails. Until a session says otherwise Ctrl-C simply kills, without a traceback."""
    for fd in range(3):
        try:
            os.fstat(fd)
        except OSError:
            os.open(os.devnull, os.O_WRONLY if fd == 2 else os.O_RDONLY)
    for name, fd in (("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            setattr(sys, name, open(fd, "w", closefd=False))  # noqa: SIM115  lives as long as the process
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


class Messages:
    """Standard error as a binary stream, unbuffered. Where it cannot be written there is nobody to tell: the message is lost."""

    @staticmethod
    def write(data: bytes) -> int:
        left = data
        try:
            while left:
                left = left[os.write(2, left) :]
        except OSError:
            return len(data)
        return len(data)

    @staticmethod
    def flush() -> None:
        """Nothing is held back."""


def complain(message: str) -> None:
    """Say `dtrace: message`. Bytes of arguments that are no UTF-8 come out as they went in."""
    say(f"dtrace: {message}\n")


def say(text: str) -> None:
    Messages.write(text.encode("utf-8", "surrogateescape"))


def discard_output() -> None:
    """What is still buffered for standard output goes nowhere, without a complaint at exit."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.close(null)


def leave(status: int) -> NoReturn:
    """End the process with everything written. What the runtime held is closed; taking the interpreter apart would only cost
    milliseconds."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os._exit(status)
    except OSError as error:
        complain(f"failed to write output: {error.strerror}")
        status = status or 1
    os._exit(status)
