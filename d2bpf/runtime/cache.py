"""The store of compiled things under the user's cache directory.

An entry is one file, `<kind>-<sha256 of its key>`, that holds a digest of its content before the content: what was cut
short or altered is noticed, dropped and made anew. Entries appear by rename, so concurrent runs never see half of one.
Nothing here can fail a run: without a directory that is ours, nothing is found and nothing is kept.

Only files of the effective user in a directory nobody else may write are read: programs run by root must not load what
another user left under a name of theirs.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_MAGIC = b"d2bpf1\n\0"
_DIGEST = 32
LIMIT = 64 << 20  # bytes; the oldest entries beyond it are dropped


def sha256(data: bytes) -> bytes:
    """The 32-byte digest, from the interpreter's own module: hashlib would load OpenSSL, 3 to 8 ms of start-up."""
    try:
        from _sha256 import sha256 as new  # type: ignore[import-not-found, unused-ignore]  # Python 3.9 to 3.11
    except ImportError:
        try:
            from _sha2 import sha256 as new  # type: ignore[import-not-found, no-redef, unused-ignore]
        except ImportError:
            from hashlib import sha256 as new  # type: ignore[assignment, no-redef, unused-ignore]
    digest: bytes = new(data).digest()
    return digest


def key_digest(*parts: str | bytes | int) -> bytes:
    """One digest for a list of things; no two different lists have the same."""
    text = bytearray()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")  # arguments may be any bytes
        text += b"%d:" % len(data) + data
    return sha256(bytes(text))


def kernel_identity() -> list[str]:
    """What changes with the running kernel, with its type information and with the modules that are loaded."""
    uname = os.uname()
    try:
        types, modules = os.stat("/sys/kernel/btf/vmlinux").st_size, sorted(os.listdir("/sys/module"))
    except OSError:
        types, modules = 0, []
    return [uname.release, uname.version, uname.machine, str(types), *modules]


def _candidates() -> Iterator[str]:
    base = os.environ.get("XDG_CACHE_HOME", "")
    if base.startswith("/"):
        yield base
    home = os.environ.get("HOME", "")
    if home.startswith("/") and os.path.isdir(home):  # a home of none, such as /nonexistent, is not to be made
        yield os.path.join(home, ".cache")
    import pwd  # HOME may be another user's (sudo keeps it in places): then root's own home serves

    try:
        yield os.path.join(pwd.getpwuid(os.geteuid()).pw_dir, ".cache")
    except KeyError:
        return


def _is_ours(path: str) -> bool:
    """A directory of the effective user that nobody else may write."""
    try:
        status = os.lstat(path)
    except OSError:
        return False
    return status.st_mode & 0o170022 == 0o040000 and status.st_uid == os.geteuid()


def _make_ours(path: str) -> bool:
    """Make the directory where its nearest existing parent is ours. False leaves the file system as it was."""
    parent = path
    while not os.path.isdir(parent) and parent != "/":
        parent = os.path.dirname(parent)
    try:
        if os.stat(parent).st_uid != os.geteuid():
            return False
        os.makedirs(path, mode=0o700, exist_ok=True)
    except OSError:
        return False
    return _is_ours(path)


def directory() -> str | None:
    """Our directory under the user's cache directory, made if need be; None if there is none that can be trusted."""
    for base in _candidates():
        path = os.path.join(base, "d2bpf")
        if _is_ours(path) or (not os.path.lexists(path) and _make_ours(path)):
            return path
    return None


class Store:
    """`Store(directory())` keeps entries in that directory; `Store(None)` finds and keeps nothing."""

    def __init__(self, path: str | None, limit: int = LIMIT) -> None:
        self.path = path if path is not None and _is_ours(path) else None
        self.limit = limit

    def _file(self, kind: str, key: bytes) -> str | None:
        return None if self.path is None else os.path.join(self.path, f"{kind}-{key.hex()}")

    def get(self, kind: str, key: bytes) -> bytes | None:
        """What was put under this kind (a word) and key (a digest), or None. A damaged entry is removed."""
        name = self._file(kind, key)
        if name is None:
            return None
        try:
            fd = os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return None
        try:
            status = os.fstat(fd)
            if status.st_mode & 0o170022 != 0o100000 or status.st_uid != os.geteuid():
                return None
            with open(fd, "rb", closefd=False) as file:
                data = file.read()
        except OSError:
            return None
        finally:
            os.close(fd)
        head = len(_MAGIC) + _DIGEST
        content = data[head:]
        if data[: len(_MAGIC)] != _MAGIC or data[len(_MAGIC) : head] != sha256(key + content):
            self._remove(name)
            return None
        return content

    def put(self, kind: str, key: bytes, content: bytes) -> None:
        """Keep it if that is possible."""
        name = self._file(kind, key)
        if name is None or len(content) > self.limit:
            return
        temporary = f"{name}.{os.getpid()}.tmp"
        try:
            fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                with os.fdopen(fd, "wb") as file:
                    file.write(_MAGIC + sha256(key + content) + content)
                os.rename(temporary, name)
            except OSError:
                self._remove(temporary)
                return
        except OSError:
            return
        self._trim()

    @staticmethod
    def _remove(name: str) -> None:
        try:
            os.unlink(name)
        except OSError:
            return

    def _trim(self) -> None:
        """Remove the oldest entries until the rest is within the limit."""
        entries = []
        try:
            with os.scandir(self.path) as scan:
                for entry in scan:
                    if entry.is_file(follow_symlinks=False):
                        status = entry.stat(follow_symlinks=False)
                        entries.append((status.st_mtime_ns, status.st_size, entry.path))
        except OSError:
            return
        total = sum(size for _, size, _ in entries)
        for _, size, path in sorted(entries):
            if total <= self.limit:
                break
            self._remove(path)
            total -= size
