"""The functions of one file by name.

A server written in C++ has 100,000 of them, whose mangled names fill megabytes, and a probe description names a few. So the string
table is cut up as a whole, and a name is demangled only when it can match: what is written in a description as a word of a C++ name
stands, letter for letter, in the mangled name too.
"""

from __future__ import annotations

from bisect import bisect_right

from .debugfiles import symbol_tables
from .demangle import demangle, is_mangled
from .elf import SHN_UNDEF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Protocol

    from .elf import Elf, SymbolTable

    class Store(Protocol):
        def get(self, kind: str, key: bytes) -> bytes | None: ...
        def put(self, kind: str, key: bytes, content: bytes) -> None: ...


RESOLVER = 10  # the type of a symbol whose value is what picks a function when the program is loaded
_CODE = (2, RESOLVER)
_ALIASES = 32  # names of one place that are looked at
_MANY = 10000  # names that are demangled anew each time; of more the demangled ones are kept
_NEAR = 1000  # names that are looked at more closely

# Words of demangled names that mangled ones spell otherwise.
_SPELT_OTHERWISE = (
    "abi allocator anonymous auto bool basic_iostream basic_istream basic_ostream basic_string char char16_t char32_t char8_t "
    "char_traits clone co_await complex const decltype delete double dynamic_cast enum false float for function guard half "
    "imaginary int iostream istream lambda long namespace new noexcept nullptr nullptr_t operator ostream reference restrict "
    "short signed sizeof static_cast std string template temporary thread throw thunk transaction true typeid typeinfo type "
    "typename union unnamed unsigned variable virtual void volatile vtable wchar_t __float128 __int128 decimal32 decimal64 "
    "decimal128 _Complex _Imaginary _Accum _Fract _Float16 bfloat16_t alignof requires struct class"
)  # fmt: skip


class Function:
    """A function: `name` as the symbol table has it, `value` its address before relocation, `offset` its place in the file, `size`
    in bytes (0 where assembly code does not say)."""

    __slots__ = ("name", "offset", "size", "value")

    def __init__(self, name: str, value: int, offset: int, size: int) -> None:
        self.name, self.value, self.offset, self.size = name, value, offset, size

    def __repr__(self) -> str:
        return f"Function({self.name!r}, {self.value:#x}, {self.size})"

    @property
    def shown(self) -> str:
        """The name as people write it."""
        return demangle(self.name)


class FunctionTable:
    """The functions of a file, each once, however many tables list it. `resolvers` are the names that stand for one of several
    functions, chosen when the program is loaded (IFUNC)."""

    def __init__(self, elf: Elf, path: str = "", root: str = "", store: Store | None = None) -> None:
        """`path` and `root` as in symbol_tables(); `store` keeps demangled names from one run to the next. ElfError: damage."""
        self._elf = elf
        self._store = store
        elf.segments()  # read while the file is open
        self.build_id = elf.build_id()
        self.names: list[str] = []
        self._values: list[int] = []
        self._sizes: list[int] = []
        self._local: list[bool] = []
        self._order: list[tuple[int, int]] = []  # (value, row)
        self.resolvers: set[str] = set()
        tables = symbol_tables(elf, path, root)
        for table in tables:
            self._add(table)
        if len(tables) > 1:
            self._unite()

    def _add(self, table: SymbolTable) -> None:
        rows = [row for row in table.rows() if row[3] & 15 in _CODE and row[4] != SHN_UNDEF and row[0]]
        names = table.texts([row[0] for row in rows])
        self.resolvers.update(name for name, row in zip(names, rows) if row[3] & 15 == RESOLVER)
        if self.resolvers:
            pairs = [(name, row) for name, row in zip(names, rows) if row[3] & 15 != RESOLVER]
            names, rows = [name for name, _ in pairs], [row for _, row in pairs]
        self.names += names
        self._values += [row[1] for row in rows]
        self._sizes += [row[2] for row in rows]
        self._local += [row[3] >> 4 == 0 for row in rows]

    def _unite(self) -> None:
        """Leave each name of a place once."""
        first: dict[tuple[str, int], int] = {}
        for index, key in enumerate(zip(self.names, self._values)):
            first.setdefault(key, index)
        if len(first) < len(self.names):
            kept = list(first.values())
            self.names = [self.names[i] for i in kept]
            self._values = [self._values[i] for i in kept]
            self._sizes = [self._sizes[i] for i in kept]
            self._local = [self._local[i] for i in kept]

    def __len__(self) -> int:
        return len(self.names)

    def find(self, names: Iterable[int]) -> list[Function]:
        """The functions of these rows, each place once by its most readable name, in order of addresses. A place that the file
        does not hold is left out."""
        best: dict[int, int] = {}
        for index in names:
            value = self._values[index]
            if value not in best or self._rank(index) < self._rank(best[value]):
                best[value] = index
        found = []
        for value, index in sorted(best.items()):
            offset = self._elf.file_offset(value)
            if offset is not None:
                found.append(Function(self.names[index], value, offset, self._sizes[index]))
        return found

    def _rank(self, index: int) -> tuple[bool, int, int, str]:
        """Of the names for one place that of the lowest rank is shown."""
        name = self.names[index]
        return (self._local[index], len(name) - len(name.lstrip("_")), len(name), name)

    def sized(self, indices: Iterable[int]) -> list[int]:
        """Those rows whose functions have a size."""
        return [i for i in indices if self._sizes[i]]

    def exact(self, name: str) -> list[int]:
        """The rows of a symbol."""
        return [i for i, known in enumerate(self.names) if known == name]

    def matching(self, accepts: Callable[[str], bool], words: Iterable[str]) -> list[int]:
        """The rows whose mangled or demangled name `accepts` says yes to. `words` are identifiers, or pieces of some, that every
        name has which it accepts."""
        names = self.names
        needed = sorted({word for word in words if word not in _SPELT_OTHERWISE}, key=len)
        some = list(range(len(names)))
        for word in reversed(needed):
            some = [i for i in some if word in names[i]]
        if len(some) < _MANY:
            return [i for i in some if accepts(names[i]) or (is_mangled(names[i]) and accepts(demangle(names[i])))]
        shown = self._shown()
        return [i for i in some if accepts(names[i]) or (shown[i] != names[i] and accepts(shown[i]))]

    def near(self, name: str) -> list[str]:
        """Some names as people write them that share a piece with this one, or its letters, or all that it is within."""
        *scopes, last = name.split("::")
        pieces = {last[i : i + 3] for i in (0, len(last) // 2, max(len(last) - 3, 0))}
        letters = sorted(last)
        some = [
            known
            for known in self.names
            if any(piece in known for piece in pieces)
            or (scopes and all(scope in known for scope in scopes))
            or (len(known) == len(last) and sorted(known) == letters)
        ]
        some.sort(key=lambda known: abs(len(known) - len(name)))
        return [demangle(known) for known in some[:_NEAR]]

    def at(self, value: int) -> Function | None:
        """The function that an address before relocation lies in."""
        if not self._order:
            self._order = sorted(zip(self._values, range(len(self._values))))
        last = bisect_right(self._order, (value, len(self._values))) - 1
        if last < 0:
            return None
        start = self._order[last][0]
        rows = [row for begin, row in self._order[max(last - _ALIASES, 0) : last + 1] if begin == start]
        return next(iter(self.find(row for row in rows if value < start + max(self._sizes[row], 1))), None)

    def offset(self, value: int) -> int | None:
        """The place in the file of an address before relocation."""
        return self._elf.file_offset(value)

    def _shown(self) -> list[str]:
        """All names demangled: half a second for 100,000, so they are kept."""
        key = bytes.fromhex(self.build_id) + len(self.names).to_bytes(4, "little") if self.build_id and self._store else b""
        kept = self._store.get("names", key) if self._store and key else None
        if kept is not None:
            shown = kept.decode("utf-8", "surrogatepass").split("\n")
            if len(shown) == len(self.names):
                return shown
        shown = [demangle(name) for name in self.names]
        if self._store and key:
            self._store.put("names", key, "\n".join(shown).encode("utf-8", "surrogatepass"))
        return shown
