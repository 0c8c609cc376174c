"""Tracepoints as the kernel lists them: names, ids and record formats, read from tracefs.

Where tracefs is mounted that mount is used. Where it is not, nothing is mounted either: a mount of our own, attached
to no folder, is made and read through its descriptor (fsopen(2), Linux 5.2). No other process sees it, and it goes
when the descriptor is closed.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

MOUNTS = "/proc/self/mountinfo"

# System call numbers, the same on every architecture, and constants of linux/mount.h.
_FSOPEN, _FSCONFIG, _FSMOUNT = 430, 431, 432
_FSOPEN_CLOEXEC = _FSMOUNT_CLOEXEC = 1
_FSCONFIG_CMD_CREATE = 6

_LOCATIONS = {"__data_loc": "data", "__rel_loc": "relative"}


class TracefsError(Exception):
    """The kernel's tracepoints cannot be read."""


class Field:
    """One field of a tracepoint's record.

    type      C type as the kernel spells it, without the name: "pid_t", "const char *", "char[16]"
    offset    in bytes from the start of the record; size in bytes; `signed` says how to extend an integer
    location  "" the value itself; otherwise u32 (length << 16 | offset) of an array (type "char[]") elsewhere in the
              record, the offset counting from the record's start ("data") or from the end of this field ("relative")
    """

    __slots__ = ("location", "name", "offset", "signed", "size", "type")

    def __init__(self, name: str, type: str, offset: int, size: int, signed: bool, location: str = "") -> None:
        self.name = name
        self.type = type
        self.offset = offset
        self.size = size
        self.signed = signed
        self.location = location

    @property
    def is_array(self) -> bool:
        return self.type.endswith("]")


class Format:
    """A tracepoint's record: `id` names it to perf_event_open(2); `fields` are its own, in order, without those that
    all records begin with (common_*)."""

    __slots__ = ("fields", "id", "name")

    def __init__(self, name: str, id: int, fields: tuple[Field, ...]) -> None:
        self.name = name
        self.id = id
        self.fields = fields


class Tracefs:
    """The files of tracefs, by path from its root."""

    def __init__(self, root: int) -> None:
        """`root` is a descriptor of the root folder (O_PATH will do); it is closed by close()."""
        self._root = root

    @classmethod
    def open(cls) -> Tracefs:
        """TracefsError if there is no mount we may read and none can be made."""
        for point in _mount_points():
            try:
                return cls(os.open(point, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
            except OSError:
                continue  # somebody else's to read; ours may yet be made
        return cls(_mount_detached())

    def close(self) -> None:
        os.close(self._root)

    def read(self, path: str) -> str:
        """Contents of a file; OSError as from open(2) and read(2)."""
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC, dir_fd=self._root)
        with open(fd, "rb") as file:
            return file.read().decode("utf-8", "replace")

    def tracepoints(self) -> list[tuple[str, str]]:
        """(group, event) of every tracepoint, system calls included, in the kernel's order."""
        pairs = []
        for line in self._read_known("available_events").splitlines():
            group, _, event = line.partition(":")
            pairs.append((group, event))
        return pairs

    def format_text(self, group: str, event: str) -> str | None:
        """A tracepoint's format file; None if there is no such tracepoint."""
        return self._read_event(group, event, "format")

    def tracepoint_id(self, group: str, event: str) -> int | None:
        """The tracepoint's number for perf_event_open(2); None if there is no such tracepoint."""
        text = self._read_event(group, event, "id")
        return int(text) if text else None

    def functions(self) -> list[tuple[str, str]]:
        """(module, function) of every kernel function that may be traced, "" being the kernel itself."""
        pairs = []
        for line in self._read_known("available_filter_functions").splitlines():
            name, _, module = line.partition(" ")
            pairs.append((module.strip("[]"), name))
        return pairs

    def _read_known(self, path: str) -> str:
        try:
            return self.read(path)
        except OSError as error:
            raise TracefsError(f"cannot read {path}: {error.strerror}") from None

    def _read_event(self, group: str, event: str, file: str) -> str | None:
        if not group or not event or "/" in group + event or "\0" in group + event:
            return None
        path = f"events/{group}/{event}/{file}"
        try:
            return self.read(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise TracefsError(f"cannot read {path}: {error.strerror}") from None


def tracepoint_id(group: str, event: str) -> int | None:
    """The number of one tracepoint; None if there is no such tracepoint. TracefsError if the kernel will not say."""
    tracefs = Tracefs.open()
    try:
        return tracefs.tracepoint_id(group, event)
    finally:
        tracefs.close()


def parse_format(text: str) -> Format:
    """A tracepoint's format file as the kernel prints it; TracefsError if it is something else."""
    name, number, fields = "", 0, []
    try:
        for line in text.splitlines():
            key, _, value = line.strip().partition(":")
            if key == "name":
                name = value.strip()
            elif key == "ID":
                number = int(value)
            elif key == "field":
                fields.append(_parse_field(value))
    except (ValueError, KeyError) as error:
        raise TracefsError(f"cannot understand the format of tracepoint {name or '(unnamed)'}: {error}") from None
    return Format(name, number, tuple(field for field in fields if not field.name.startswith("common_")))


def _parse_field(text: str) -> Field:
    """`char comm[16];  offset:8;  size:16;  signed:0;` as it follows "field:"."""
    declaration, *rest = (part.strip() for part in text.rstrip("; ").split(";"))
    facts = dict(part.split(":", 1) for part in rest)
    location, type, name = _parse_declaration(declaration)
    return Field(name, type, int(facts["offset"]), int(facts["size"]), facts["signed"] == "1", location)


def _parse_declaration(text: str) -> tuple[str, str, str]:
    """(location, type, name) of `const char * name`, `char name[16]`, `__data_loc char[] name`."""
    first, _, rest = text.partition(" ")
    location = _LOCATIONS.get(first, "")
    if location:
        text = rest
    text, bracket, dimensions = text.partition("[") if text.endswith("]") else (text, "", "")
    end = len(text.rstrip())
    start = end
    while start and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    if start == end or not text[:start].strip():
        raise ValueError(f"{text!r} is no declaration")
    return location, text[:start].strip() + bracket + dimensions, text[start:end]


def _mount_points() -> list[str]:
    """Where tracefs is mounted whole, by the list of mounts: looking at /sys/kernel/debug/tracing would mount it."""
    points = []
    with open(MOUNTS, encoding="utf-8", errors="surrogateescape") as mounts:
        for line in mounts:
            mount, _, source = line.partition(" - ")
            words = mount.split()
            if source.startswith("tracefs ") and words[3] == "/" and "\\" not in words[4]:
                points.append(words[4])
    return points


def _mount_detached() -> int:
    """Descriptor of a mount of tracefs that is in no folder."""
    import ctypes

    call: Callable[..., int] = ctypes.CDLL(None, use_errno=True).syscall

    def checked(*words: object) -> int:
        result = call(*words)
        if result < 0:
            reason = os.strerror(ctypes.get_errno())
            raise TracefsError(f"tracefs is not mounted where it can be read, and cannot be: {reason}")
        return result

    context = checked(_FSOPEN, b"tracefs", _FSOPEN_CLOEXEC)
    try:
        checked(_FSCONFIG, context, _FSCONFIG_CMD_CREATE, None, None, 0)
        return checked(_FSMOUNT, context, _FSMOUNT_CLOEXEC, 0)
    finally:
        os.close(context)
