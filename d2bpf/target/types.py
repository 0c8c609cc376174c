"""Kernel types as D types, taken from BTF one at a time.

A struct's members are converted when somebody asks for one: task_struct names hundreds of types, and a script uses
three. Each type id becomes one object, so types that are the same are also identical.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ..dtypes import (
    CHAR,
    INT,
    LONG,
    LONGLONG,
    SHORT,
    UCHAR,
    UINT,
    ULONG,
    ULONGLONG,
    USHORT,
    VOID,
    Array,
    DType,
    Enum,
    Float,
    Func,
    Int,
    Member,
    Ptr,
    Struct,
    StructBody,
    Typedef,
    Void,
    is_signed,
)
from . import btf
from .btf import Btf, BtfError

# What the kernel proper is called as a module, here and elsewhere.
KERNEL = ("vmlinux", "genunix", "unix", "kernel", "mach_kernel")

PER_CPU = ".data..percpu"

Params = list[tuple[str, DType]]  # name ("" where the kernel does not say), type

SCHAR, BOOL = Int("signed char", 1, True), Int("_Bool", 1, False)

# Spellings by gcc, by clang and by tracepoint formats; the words in alphabetical order.
_INTEGERS: dict[tuple[str, ...], Int] = {
    tuple(sorted(spelling.split())): of
    for of, spellings in {
        BOOL: ("_Bool", "bool"),
        CHAR: ("char",),
        SCHAR: ("signed char",),
        UCHAR: ("unsigned char",),
        SHORT: ("short", "short int"),
        USHORT: ("unsigned short", "short unsigned int"),
        INT: ("int", "signed", "signed int"),
        UINT: ("unsigned", "unsigned int"),
        LONG: ("long", "long int"),
        ULONG: ("unsigned long", "long unsigned int"),
        LONGLONG: ("long long", "long long int"),
        ULONGLONG: ("unsigned long long", "long long unsigned int"),
    }.items()
    for spelling in spellings
}
_KINDS = {**btf.KEYWORDS, "typedef": btf.TYPEDEF}
_QUALIFIERS = ("const", "volatile", "restrict", "__user", "__kernel", "__rcu", "__percpu", "__iomem", "__seg_gs")


class KernelTypes:
    """The types of the kernel, or, with `base`, of one of its modules."""

    def __init__(
        self,
        types: Btf,
        open_module: Callable[[str], Btf | None] = lambda name: None,
        module_names: Sequence[str] = (),
        base: KernelTypes | None = None,
        name: str = "",
    ) -> None:
        """`open_module` gives the type information of a module, None where there is none; `module_names` are those that
        have some. A module has a `name`."""
        self.btf = types
        self._name = name
        self._open_module = open_module
        self._module_names = module_names
        self._base = base
        self._modules: dict[str, KernelTypes | None] = {}
        self._made: dict[int, DType] = {}
        self._making: list[int] = []
        self._ids: dict[StructBody, int] = {}

    @property
    def are_missing(self) -> bool:
        """Whether there is no type information at all."""
        return self.btf.is_empty

    def module(self, name: str) -> KernelTypes | None:
        """The types of a module; names it does not define are looked up in the kernel proper. None: no such module."""
        if name in KERNEL:
            return self
        if name not in self._modules:
            types = self._open_module(name)
            self._modules[name] = KernelTypes(types, base=self, name=name) if types else None
        return self._modules[name]

    def modules(self) -> Iterator[KernelTypes]:
        """The types of every module that has any."""
        return filter(None, map(self.module, self._module_names))

    def lookup(self, kind: str, name: str, module: str = "") -> DType | None:
        """The type called `name`, `kind` being "struct", "union", "enum" or "typedef"; None if there is none.

        Without a module it is looked for in the kernel proper, then, if it has a tag, in its modules. Not so a typedef:
        any word of a program may be meant as one, and to learn that there is none takes opening them all."""
        spelling = name if kind == "typedef" else f"{kind} {name}"
        if module:
            within = self.module(module)
            return within.lookup_here(spelling) if within else None
        found = self.lookup_here(spelling)
        if found is None and kind != "typedef":
            found = next(filter(None, (types.lookup_here(spelling) for types in self.modules())), None)
        return found

    def lookup_here(self, spelling: str) -> DType | None:
        """The type called "struct foo", "union foo", "enum foo" or, a typedef, "foo"; None if there is none."""
        type_id = self.btf.find_type(spelling)
        return self.of(type_id) if type_id else None

    def enumerator(self, name: str) -> tuple[int, Enum] | None:
        """(value, enumeration) of an enumeration constant of the kernel proper."""
        found = self.btf.enumerator(name)
        if found is None:
            return None
        value, type_id = found
        enum = self.of(type_id)
        assert isinstance(enum, Enum), "enumerators come from enumerations"
        return value, enum

    def function(self, name: str) -> tuple[DType, Params, bool] | None:
        """(type returned, parameters, whether more may follow) of a kernel function; None if it has no prototype."""
        prototype = self.btf.function(name)
        if not prototype:
            return None
        returned, params, variadic = self.btf.prototype(prototype)
        return self.of(returned), [(own, self.of(of)) for own, of in params], variadic

    def variable(self, name: str) -> DType | None:
        """The type of a kernel variable that has one address, or of a function. None where the kernel does not say: most
        only describe per-CPU variables, whose addresses differ by CPU."""
        function = self.btf.function(name)
        if function:
            return self.of(function)
        found = self.btf.find(name, btf.VAR)
        per_cpu = self.btf.find(PER_CPU, btf.DATASEC) if found else 0
        if not found or (per_cpu and found in self.btf.section(per_cpu)):
            return None
        return self.of(self.btf.target(found))

    def raw_tracepoint(self, event: str) -> Params | None:
        """The arguments of a raw tracepoint behind its context; None if there is no such tracepoint."""
        params = self.btf.raw_tracepoint(event)
        return None if params is None else [(name, self.of(of)) for name, of in params]

    def resolvable(self, struct: Struct) -> bool:
        """Whether str(struct), looked up anew, gives this very struct. It does not for anonymous ones, for those of
        modules, and for the second of two that share a name: their members cannot be found by name at run time."""
        type_id = self._ids.get(struct.body) if struct.body else None
        return type_id is not None and self.btf.find_type(str(struct)) == type_id

    def parse(self, text: str) -> DType | None:
        """The type that C text such as `const struct file *`, `unsigned long[6]`, `pid_t` names, as tracepoint formats
        spell types. A pointer may be to a struct the kernel does not define. None if a name is unknown."""
        text, *dimensions = text.replace("*", " * ").split("[")
        words = [word for word in text.split() if word not in _QUALIFIERS]
        depth = words.count("*")
        found = self._named([word for word in words if word != "*"], depth > 0)
        if found is None:
            return None
        for _ in range(depth):
            found = Ptr(found)
        for dimension in reversed(dimensions):
            count = dimension.rstrip("] ")
            if count and not count.isdecimal():
                return None
            found = Array(found, int(count or 0))
        return found

    def _named(self, words: Sequence[str], pointed_at: bool) -> DType | None:
        if len(words) == 2 and words[0] in btf.KEYWORDS:
            keyword, tag = words
            found = self.lookup(keyword, tag)
            if found is None and pointed_at:
                return Struct(keyword, tag, "kernel") if keyword != "enum" else VOID
            return found
        if len(words) == 1 and words[0] == "void":
            return VOID
        return _INTEGERS.get(tuple(sorted(words))) or (self.lookup("typedef", words[0]) if len(words) == 1 else None)

    # ---- conversion ----

    def of(self, type_id: int) -> DType:
        """The D type of a BTF type. BtfError if the type information is damaged there."""
        if type_id == 0:
            return VOID
        if self._base and type_id < self.btf.first_id:
            return self._base.of(type_id)
        made = self._made.get(type_id)
        if made is None:
            if type_id in self._making or len(self._making) > btf.MAX_DEPTH:
                raise BtfError(f"type {type_id} is made of itself")
            self._making.append(type_id)
            try:
                made = self._made[type_id] = self._make(type_id)
            finally:
                self._making.pop()
        return made

    def _make(self, type_id: int) -> DType:
        kind = self.btf.kind(type_id)
        make = _MAKERS.get(kind)
        if make is None:
            raise BtfError(f"type {type_id} ({self.btf.name(type_id) or 'unnamed'}) is no type of a value")
        return make(self, type_id)

    def _pointer(self, type_id: int) -> DType:
        return Ptr(self.of(self.btf.target(type_id)))

    def _same(self, type_id: int) -> DType:
        return self.of(self.btf.target(type_id))

    def _typedef(self, type_id: int) -> DType:
        return Typedef(self.btf.name(type_id), self.of(self.btf.target(type_id)))

    def _array(self, type_id: int) -> DType:
        element, count = self.btf.array(type_id)
        return Array(self.of(element), count)

    def _integer(self, type_id: int) -> DType:
        name, size = self.btf.name(type_id), self.btf.size_of(type_id)
        known = _INTEGERS.get(tuple(sorted(name.split())))
        if known and known.size == size:
            return known
        if size in (1, 2, 4, 8):
            return Int(name, size, self.btf.is_signed(type_id))
        return Array(UCHAR, size)  # __int128: D has no such integer, but its bytes can be printed

    def _float(self, type_id: int) -> DType:
        return Float(self.btf.name(type_id), self.btf.size_of(type_id))

    def _enumeration(self, type_id: int) -> DType:
        values = tuple(self.btf.enumerators(type_id))
        return Enum(self._tag(type_id), values, self.btf.size_of(type_id), self.btf.is_signed(type_id))

    def _prototype(self, type_id: int) -> DType:
        returned, params, variadic = self.btf.prototype(type_id)
        return Func(self.of(returned), tuple(self.of(of) for _, of in params), variadic)

    def _forward(self, type_id: int) -> DType:
        return Struct(self.btf.forward(type_id), self._tag(type_id), "kernel")

    def _aggregate(self, type_id: int) -> DType:
        body = StructBody(self.btf.size_of(type_id), lambda: self._members(type_id))
        self._ids[body] = type_id
        kind = "struct" if self.btf.kind(type_id) == btf.STRUCT else "union"
        return Struct(kind, self._tag(type_id), "kernel", body)

    def _members(self, type_id: int) -> tuple[Member, ...]:
        return tuple(Member(name, self.of(of), at, width) for name, of, at, width in self.btf.members(type_id))

    def _tag(self, type_id: int) -> str:
        """A type's own tag, or one that no other type has; ids of modules begin anew in each."""
        return self.btf.name(type_id) or f"(anon {type_id}{' of ' * bool(self._name)}{self._name})"


_MAKERS: dict[int, Callable[[KernelTypes, int], DType]] = {
    btf.INT: KernelTypes._integer,
    btf.PTR: KernelTypes._pointer,
    btf.ARRAY: KernelTypes._array,
    btf.STRUCT: KernelTypes._aggregate,
    btf.UNION: KernelTypes._aggregate,
    btf.ENUM: KernelTypes._enumeration,
    btf.ENUM64: KernelTypes._enumeration,
    btf.FWD: KernelTypes._forward,
    btf.TYPEDEF: KernelTypes._typedef,
    btf.VOLATILE: KernelTypes._same,
    btf.CONST: KernelTypes._same,
    btf.RESTRICT: KernelTypes._same,
    btf.TYPE_TAG: KernelTypes._same,
    btf.FLOAT: KernelTypes._float,
    btf.FUNC_PROTO: KernelTypes._prototype,
}


def spell(of: DType) -> str:
    """D type text for a kernel type that reads back as one no less useful: what C text cannot name from outside (a
    function, a struct without a tag) is spelled as an address or a number of its size."""
    if isinstance(of, Ptr):
        inner = of.to
        while isinstance(inner, Ptr):
            inner = inner.to
        return str(of) if _has_name(inner) else "void *"
    if _has_name(of) and not isinstance(of, Array):
        return str(of)
    return f"{'int' if is_signed(of) else 'uint'}{8 * min(of.size, 8)}_t" if of.size in (1, 2, 4, 8) else "uint64_t"


def _has_name(of: DType) -> bool:
    if isinstance(of, (Struct, Enum)):
        return not of.tag.startswith("(anon")
    return isinstance(of, (Typedef, Int, Float, Void, Ptr))
