"""Lazy reader of BTF, the type information a kernel carries about itself (Documentation/bpf/btf.rst).

A kernel holds some 130,000 types and a script needs a handful, so nothing is indexed ahead: a name is searched in the
string section, its offset in the type section, and type records are walked only as far as the place found. Opening
the kernel's BTF and answering for task_struct takes a fraction of a millisecond where the kernel lets the file be
mapped (6.16 and later); older kernels have it read, 5 MB, in a few.

A type is an id, a small integer; 0 is void. Module BTF is "split": its ids and string offsets continue the kernel's.
Whatever is wrong with the data is a BtfError; no loop or recursion here is driven by the data alone.
"""

from __future__ import annotations

import os
import struct
from bisect import bisect_left, bisect_right

TYPE_CHECKING = False
if TYPE_CHECKING:
    import mmap
    from collections.abc import Iterator, Sequence

    Blob = bytes | mmap.mmap
    Member = tuple[str, int, int, int]  # name ("" anonymous), type id, offset in bits, width of a bit-field or 0
    Param = tuple[str, int]  # name ("" unknown), type id

VMLINUX = "/sys/kernel/btf/vmlinux"
MODULES = "/sys/kernel/btf/"

VOID, INT, PTR, ARRAY, STRUCT, UNION, ENUM, FWD, TYPEDEF, VOLATILE, CONST, RESTRICT = range(12)
FUNC, FUNC_PROTO, VAR, DATASEC, FLOAT, DECL_TAG, TYPE_TAG, ENUM64 = range(12, 20)

KEYWORDS = {"struct": STRUCT, "union": UNION, "enum": ENUM}
AGGREGATES = (STRUCT, UNION)
QUALIFIERS = (TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG)  # what strip() sees through
REFERENCES = (PTR, FUNC, VAR, DECL_TAG, *QUALIFIERS)  # records whose third word is a type id
SIZED = (INT, STRUCT, UNION, ENUM, DATASEC, FLOAT, ENUM64)  # records whose third word is a size in bytes

MAGIC = 0xEB9F
HEADER = struct.Struct("=HBBIIIII")
INT_SIGNED, INT_BOOL = 1, 4
MANY = 64  # searches, each of up to a millisecond, after which an index is made at the price of some thirty
MAX_DEPTH = 64  # longest chain of qualifiers, nested arrays or anonymous members believed in

# Words of a record beyond its header of three, by kind: a fixed part, and one per element.
_FIXED = {INT: 1, ARRAY: 3, VAR: 1, DECL_TAG: 1}
_EACH = {STRUCT: 3, UNION: 3, DATASEC: 3, ENUM64: 3, ENUM: 2, FUNC_PROTO: 2}


class BtfError(Exception):
    """The type information is absent or damaged, or does not hold what was asked for."""


class _Lengths(dict[int, int]):
    """Length in words of a type record by its info word; a few hundred distinct ones serve the whole kernel."""

    def __missing__(self, info: int) -> int:
        kind = info >> 24 & 31
        if not INT <= kind <= ENUM64:
            raise BtfError(f"type information has a record of unknown kind {kind}")
        length = self[info] = 3 + _FIXED.get(kind, 0) + _EACH.get(kind, 0) * (info & 0xFFFF)
        return length


class Btf:
    """One BTF blob: the kernel's, or with `base` a module's."""

    def __init__(self, data: Blob, base: Btf | None = None) -> None:
        """`data` is the whole blob, bytes or a mapped file. BtfError unless it is BTF in this machine's byte order."""
        self._data = data
        self._base = base
        self._types_at, self._types_end, self._text_at, self._text_end = _sections(data)
        self._words: Sequence[int] = memoryview(data)[self._types_at : self._types_end].cast("I")
        self._lengths = _Lengths()
        self._starts: list[int] = []  # of the records walked so far: index of the first word
        self._next = 0
        self._first_id = 0 if base else 1  # 0: not yet asked for
        self._first_text = base.text_size if base else 0
        self._offsets: dict[str, int] = {}  # of strings searched for, -1 for those that are not there
        self._found: dict[tuple[str, int], int] = {}
        self._text_index: dict[bytes, int] = {}
        self._searches = 0
        self._type_index: dict[int, int] = {}  # offset of the name << 5 | kind
        self._members: dict[int, list[Member]] = {}

    @classmethod
    def open(cls, path: str = VMLINUX, base: Btf | None = None) -> Btf:
        """The BTF in a file, mapped where that works. BtfError if it cannot be read."""
        try:
            return cls(_blob(path), base)
        except OSError as error:
            raise BtfError(f"{path}: {error.strerror}") from None

    @classmethod
    def open_module(cls, name: str, base: Btf) -> Btf:
        """The BTF of a loaded kernel module; `base` is the kernel's."""
        return cls.open(MODULES + name, base)

    @property
    def data(self) -> Blob:
        return self._data

    @property
    def first_id(self) -> int:
        """The first type id of this blob's own; smaller ones are the base's, all of whose types have to be counted."""
        if not self._first_id and self._base:
            self._first_id = self._base.count()
        return self._first_id

    @property
    def text_size(self) -> int:
        """Where string offsets of a module on top of this one begin."""
        return self._first_text + self._text_end - self._text_at

    @property
    def is_empty(self) -> bool:
        return not self._words

    def count(self) -> int:
        """How many type ids there are, void included: the first id of a module on top of this one."""
        self._walk_to_word(len(self._words))
        return self.first_id + len(self._starts)

    # ---- what a type is ----

    def kind(self, type_id: int) -> int:
        if type_id == 0:
            return VOID
        words, at = self._record(type_id)
        return words[at + 1] >> 24 & 31

    def name(self, type_id: int) -> str:
        """Name or tag; "" for void, anonymous types and pointers."""
        if type_id == 0:
            return ""
        words, at = self._record(type_id)
        return self.text(words[at])

    def target(self, type_id: int) -> int:
        """What a pointer, typedef, qualifier, function (its prototype) or variable refers to."""
        words, at = self._record(type_id, REFERENCES)
        return words[at + 2]

    def strip(self, type_id: int) -> int:
        """The type behind typedefs, qualifiers and type tags."""
        for _ in range(MAX_DEPTH):
            if self.kind(type_id) not in QUALIFIERS:
                return type_id
            type_id = self.target(type_id)
        raise BtfError(f"type {type_id} refers to itself")

    def size_of(self, type_id: int) -> int:
        """Size in bytes; BtfError for what has none (void, functions, forward declarations)."""
        count = 1
        for _ in range(MAX_DEPTH):
            type_id = self.strip(type_id)
            kind = self.kind(type_id)
            if kind == PTR:
                return count * 8
            if kind in SIZED:
                words, at = self._record(type_id)
                return count * words[at + 2]
            if kind != ARRAY:
                raise BtfError(f"type {type_id} ({self.name(type_id) or 'unnamed'}) has no size")
            type_id, elements = self.array(type_id)
            count *= elements
        raise BtfError(f"type {type_id} is an array of itself")

    def is_signed(self, type_id: int) -> bool:
        """Whether a value of integer or enumeration type sign-extends. char does, as it does in D: its encoding in BTF
        says nothing on any kernel."""
        type_id = self.strip(type_id)
        kind = self.kind(type_id)
        if kind == INT:
            return bool(self.encoding(type_id) & INT_SIGNED) or self.name(type_id) == "char"
        if kind in (ENUM, ENUM64):
            words, at = self._record(type_id)
            return bool(words[at + 1] >> 31)
        return False

    def encoding(self, type_id: int) -> int:
        """Of an integer type: INT_SIGNED or INT_BOOL or neither."""
        words, at = self._record(type_id, (INT,))
        return words[at + 3] >> 24 & 15

    def array(self, type_id: int) -> tuple[int, int]:
        """(element type id, number of elements)"""
        words, at = self._record(type_id, (ARRAY,))
        return words[at + 3], words[at + 5]

    def forward(self, type_id: int) -> str:
        """What a forward declaration declares: "struct" or "union"."""
        words, at = self._record(type_id, (FWD,))
        return "union" if words[at + 1] >> 31 else "struct"

    def enumerators(self, type_id: int) -> list[tuple[str, int]]:
        words, at = self._record(type_id, (ENUM, ENUM64))
        info = words[at + 1]
        return [(self.text(words[entry]), _value(words, entry, info)) for entry in _entries(words, at)]

    def section(self, type_id: int) -> list[int]:
        """Type ids of the variables of a data section."""
        words, at = self._record(type_id, (DATASEC,))
        return [words[entry] for entry in _entries(words, at)]

    def prototype(self, type_id: int) -> tuple[int, list[Param], bool]:
        """Of a function prototype: (type id returned, parameters, whether more may follow)."""
        words, at = self._record(type_id, (FUNC_PROTO,))
        params = [(self.text(words[entry]), words[entry + 1]) for entry in _entries(words, at)]
        variadic = bool(params) and params[-1] == ("", 0)
        return words[at + 2], params[:-1] if variadic else params, variadic

    def members(self, type_id: int) -> list[Member]:
        """Members of a struct or union as declared; anonymous ones have the name ""."""
        found = self._members.get(type_id)
        if found is None:
            words, at = self._record(type_id, AGGREGATES)
            has_widths = words[at + 1] >> 31
            found = []
            for entry in _entries(words, at):
                name, member_id, place = words[entry : entry + 3]
                offset, width = (place & 0xFFFFFF, place >> 24) if has_widths else (place, 0)
                found.append((self.text(name), member_id, offset, width))
            self._members[type_id] = found
        return found

    def member(self, type_id: int, name: str) -> Member | None:
        """The member called `name` with its offset from the start of the struct; anonymous members are looked into."""
        pending = [(type_id, 0)]
        seen = {type_id}
        while pending:
            outer, base = pending.pop()
            for own, member_id, offset, width in self.members(outer):
                if own == name:
                    return own, member_id, base + offset, width
                inner = member_id if own else self.strip(member_id)
                if not own and inner not in seen and self.kind(inner) in AGGREGATES:
                    seen.add(inner)
                    pending.append((inner, base + offset))
        return None

    # ---- finding ----

    def find(self, name: str, kind: int) -> int:
        """Id of the first type of this name and kind, a module's own before the kernel's; 0 if there is none."""
        key = name, kind
        if key not in self._found:
            offset = self._text_offset(name)
            self._found[key] = self._find(offset, kind) if offset > 0 else 0
        return self._found[key]

    def find_type(self, spelling: str) -> int:
        """Id of the type called "struct foo", "union foo", "enum foo" or, a typedef, "foo"; 0 if there is none."""
        keyword, _, tag = spelling.rpartition(" ")
        if not keyword:
            return self.find(tag, TYPEDEF)
        kind = KEYWORDS.get(keyword)
        if kind is None:
            return 0
        return self.find(tag, kind) or (self.find(tag, ENUM64) if kind == ENUM else 0)

    def resolve_offset(self, spelling: str, path: Sequence[str | int]) -> tuple[int, int, int, bool]:
        """Where a member lies: (offset in bits, width in bits, size of its type in bytes, whether it sign-extends).

        `spelling` is as for find_type(); `path` names a member, a member of that, and so on, integers being indices
        into arrays: ("se", "sum_exec_runtime"), ("comm", 3). No pointer is followed. The width is that of the
        bit-field or else of the whole type. BtfError if this kernel's type has no such member."""
        type_id = self.find_type(spelling)
        if not type_id:
            raise BtfError(f"the kernel has no type {spelling}")
        offset = width = 0
        for step in path:
            type_id = self.strip(type_id)
            place = self._step(type_id, step)
            if place is None:
                raise BtfError(f"{spelling} has no member {'.'.join(map(str, path))} in this kernel")
            type_id, at, width = place
            offset += at
        size = self.size_of(type_id)
        return offset, width or size * 8, size, self.is_signed(type_id)

    def _step(self, type_id: int, step: str | int) -> tuple[int, int, int] | None:
        """(type id, offset in bits, width of a bit-field) of one step of a path within a stripped type."""
        kind = self.kind(type_id)
        if isinstance(step, int):
            if kind != ARRAY:
                return None
            element, _ = self.array(type_id)
            return element, step * self.size_of(element) * 8, 0
        found = self.member(type_id, step) if kind in AGGREGATES else None
        return found[1:] if found else None

    def enumerator(self, name: str) -> tuple[int, int] | None:
        """(value, type id of the enumeration) of an enumeration constant, a module's own before the kernel's."""
        offset = self._text_offset(name)
        return self._enumerator(offset) if offset > 0 else None

    def function(self, name: str) -> int:
        """Id of a kernel function's prototype; 0 if unknown."""
        found = self.find(name, FUNC)
        return self.target(found) if found else 0

    def raw_tracepoint_types(self, event: str) -> list[int] | None:
        """Type ids of a raw tracepoint's arguments, its context left out; None if there is no such tracepoint. They are
        those of typedef btf_trace_EVENT, by which the kernel checks programs."""
        typedef = self.find("btf_trace_" + event, TYPEDEF)
        if not typedef:
            return None
        pointer = self.strip(typedef)
        return [type_id for _, type_id in self.prototype(self.strip(self.target(pointer)))[1][1:]]

    def raw_tracepoint(self, event: str) -> list[Param] | None:
        """The same with names, "" where there are none. The typedef has none; they come from the function that calls the
        probes, __traceiter_EVENT (5.10) or before it __bpf_trace_EVENT, which takes three times as long to find."""
        types = self.raw_tracepoint_types(event)
        if types is None:
            return None
        for stem in ("__traceiter_", "__bpf_trace_"):
            caller = self.function(stem + event)
            names = [name for name, _ in self.prototype(caller)[1][1:]] if caller else []
            if len(names) == len(types) and all(names):
                return list(zip(names, types))
        return [("", type_id) for type_id in types]

    # ---- strings ----

    def text(self, offset: int) -> str:
        """The string at an offset of the string section."""
        if offset < self._first_text and self._base:
            return self._base.text(offset)
        start = self._text_at + offset - self._first_text
        end = self._data.find(b"\0", start, self._text_end) if start < self._text_end else -1
        if end < 0:
            raise BtfError("type information has a name outside its strings")
        return self._data[start:end].decode("latin-1")

    def _text_offset(self, name: str) -> int:
        """Offset of a whole string, -1 if there is none. Writers of BTF store each string once, a module's writer also
        those of the kernel it is for."""
        found = self._offsets.get(name)
        if found is None:
            found = self._base._text_offset(name) if self._base else -1
            if found < 0:
                found = self._search_text(name.encode("utf-8", "replace"))
            self._offsets[name] = found
        return found

    def _search_text(self, name: bytes) -> int:
        if len(self._offsets) > MANY and not self._text_index:
            offset = self._first_text
            for text in self._data[self._text_at : self._text_end].split(b"\0"):
                self._text_index.setdefault(text, offset)
                offset += len(text) + 1
        if self._text_index:
            return self._text_index.get(name, -1)
        whole = name + b"\0"
        if self._data[self._text_at : self._text_at + len(whole)] == whole:  # a module's strings begin without ""
            return self._first_text
        at = self._data.find(b"\0" + whole, self._text_at, self._text_end)
        return at + 1 - self._text_at + self._first_text if at >= 0 else -1

    # ---- records ----

    def _record(self, type_id: int, kinds: Sequence[int] = ()) -> tuple[Sequence[int], int]:
        """The words of the type section and the index of a type's record in them, which lies inside in full.
        BtfError if it is none of `kinds`."""
        first = self._first_id or self.first_id
        if 0 < type_id < first and self._base:
            return self._base._record(type_id, kinds)
        index = type_id - first
        if index >= len(self._starts):
            self._walk_to_index(index)
        if not 0 <= index < len(self._starts):
            raise BtfError(f"type information has no type {type_id}")
        words = self._words
        at = self._starts[index]
        info = words[at + 1]
        if at + self._lengths[info] > len(words):
            raise BtfError(f"type information is cut off in type {type_id}")
        if kinds and info >> 24 & 31 not in kinds:
            raise BtfError(f"type {type_id} ({self.text(words[at]) or 'unnamed'}) is of kind {info >> 24 & 31}")
        return words, at

    def _walk_to_index(self, index: int) -> None:
        words, starts, lengths, at = self._words, self._starts, self._lengths, self._next
        end = len(words) - 2
        try:
            while len(starts) <= index and at < end:
                after = at + lengths[words[at + 1]]
                starts.append(at)
                at = after
        finally:
            self._next = at

    def _walk_to_word(self, word: int) -> None:
        words, starts, lengths, at = self._words, self._starts, self._lengths, self._next
        end = min(word + 1, len(words) - 2)
        try:
            while at < end:
                after = at + lengths[words[at + 1]]
                starts.append(at)
                at = after
        finally:
            self._next = at

    def _occurrences(self, value: int) -> Iterator[int]:
        """Where a word of this value stands in the type section, in order; found as they are asked for."""
        needle = struct.pack("=I", value)
        at = self._data.find(needle, self._types_at, self._types_end)
        while at >= 0:
            word, misplaced = divmod(at - self._types_at, 4)
            if not misplaced:
                yield word
            at = self._data.find(needle, at + 1, self._types_end)

    def _find(self, offset: int, kind: int) -> int:
        self._searches += 1
        if self._searches > MANY and not self._type_index:
            self._index_types()
        found = self._type_index.get(offset << 5 | kind, 0) if self._type_index else self._search_types(offset, kind)
        return found or (self._base._find(offset, kind) if self._base else 0)

    def _search_types(self, offset: int, kind: int) -> int:
        words, starts = self._words, self._starts
        for word in self._occurrences(offset):
            if word + 1 == len(words) or words[word + 1] >> 24 & 31 != kind:
                continue
            self._walk_to_word(word)
            index = bisect_left(starts, word)
            if index < len(starts) and starts[index] == word:
                return self.first_id + index
        return 0

    def _index_types(self) -> None:
        words = self._words
        self._walk_to_word(len(words))
        index = self._type_index
        for type_id, at in enumerate(self._starts, self.first_id):
            key = words[at] << 5 | words[at + 1] >> 24 & 31
            if key not in index:
                index[key] = type_id

    def _enumerator(self, offset: int) -> tuple[int, int] | None:
        for word in self._occurrences(offset):
            self._walk_to_word(word)
            type_id = self.first_id + bisect_right(self._starts, word) - 1
            if type_id < self.first_id or self.kind(type_id) not in (ENUM, ENUM64):
                continue
            words, at = self._record(type_id)
            if word in _entries(words, at):
                return _value(words, word, words[at + 1]), type_id
        return self._base._enumerator(offset) if self._base else None


def _entries(words: Sequence[int], at: int) -> range:
    """Where the elements of the record at index `at` begin: members, enumerators or parameters."""
    info = words[at + 1]
    each = _EACH[info >> 24 & 31]
    return range(at + 3, at + 3 + each * (info & 0xFFFF), each)


def _value(words: Sequence[int], entry: int, info: int) -> int:
    """Value of an enumerator, in a record with this info word."""
    bits = 64 if info >> 24 & 31 == ENUM64 else 32
    value = words[entry + 1] | (words[entry + 2] << 32 if bits == 64 else 0)
    return value - (1 << bits) if info >> 31 and value >> bits - 1 else value


def _sections(data: Blob) -> tuple[int, int, int, int]:
    """Start and end of the type section and of the string section, within `data`."""
    if len(data) < HEADER.size:
        raise BtfError("type information is too short")
    magic, version, _, header, types, types_size, text, text_size = HEADER.unpack_from(data)
    if magic != MAGIC or version != 1:
        raise BtfError(f"not type information of this machine (magic {magic:#x}, version {version})")
    sections = header + types, header + types + types_size, header + text, header + text + text_size
    if header < HEADER.size or max(sections) > len(data) or types_size % 4:
        raise BtfError("type information is cut off")
    return sections


def _blob(path: str) -> Blob:
    """Contents of a file, mapped if the kernel allows (for BTF: Linux 6.16, private mappings only)."""
    import mmap

    fd = os.open(path, os.O_RDONLY)
    try:
        try:
            return mmap.mmap(fd, 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ)
        except (OSError, ValueError):
            with os.fdopen(os.dup(fd), "rb") as file:
                return file.read()
    finally:
        os.close(fd)
