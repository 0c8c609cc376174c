"""Where traced data goes: standard output or the -o file, or a file that freopen() names."""

from __future__ import annotations

from .errors import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO


class Output:
    """Gathers text and writes it in few calls. `append` adds bytes; nothing is written before `flush`."""

    def __init__(self, stream: BinaryIO) -> None:
        self._parts: list[bytes] = []
        self.append = self._parts.append
        self._original = self._stream = stream

    def flush(self) -> None:
        """Write what has been gathered. BrokenPipeError: nobody reads any more. Failure if it cannot be written."""
        data = b"".join(self._parts)
        self._parts.clear()
        if not data:
            return
        try:
            self._stream.write(data)
            self._stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Failure(f"processing aborted: failed to write output: {error.strerror}") from None

    def reopen(self, path: bytes) -> None:
        """Send what follows to a file, at its end; b"": to where it went at first. OSError: it still goes where it did."""
        stream = open(path, "ab") if path else self._original  # noqa: SIM115 - stays open until the next
        self.flush()
        self._close_other()
        self._stream = stream

    def truncate(self) -> None:
        """Empty the file that output goes to; a pipe or terminal stays as it is."""
        self.flush()
        if self._stream.seekable():
            self._stream.seek(0)
            self._stream.truncate()

    def close(self) -> None:
        """Write everything; a file that freopen() opened is closed."""
        self.flush()
        self._close_other()
        self._stream = self._original

    def _close_other(self) -> None:
        if self._stream is not self._original:
            self._stream.close()
