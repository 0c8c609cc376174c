"""Kernel types as D types."""

from __future__ import annotations

from pathlib import Path

import pytest

from d2bpf.dtypes import (
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
    Typedef,
    find_member,
    strip,
)
from d2bpf.target import btf
from d2bpf.target.btf import Btf, BtfError
from d2bpf.target.types import BOOL, SCHAR, KernelTypes, spell
from tests.target.blobs import Writer, compile_btf

SOURCE = """
struct node { struct node *next; struct node **link; };
struct task {
    char c; signed char sc; unsigned char uc; short s; unsigned short us; int i; unsigned u; long l; unsigned long ul;
    long long ll; unsigned long long ull; _Bool b; double d; __int128 wide;
    unsigned low : 3; int high : 5;
    union { long word; struct { short x, y; } pair; };
    const volatile struct node *node;
    char comm[16];
    int (*call)(struct task *, unsigned long, ...);
    void *any; struct later *later; enum colour { RED, GREEN = 7 } colour; enum { ONE = 1 } nameless;
};
typedef struct task task_t;
typedef struct { unsigned val; } kuid_t;
task_t task; kuid_t uid; struct node node;
long vfs_read(struct task *who, char *to, unsigned long count) { return who->i; }
"""


@pytest.fixture(scope="module")
def types(tmp_path_factory: pytest.TempPathFactory) -> KernelTypes:
    return KernelTypes(Btf(compile_btf(SOURCE, tmp_path_factory.mktemp("types"))))


def struct(types: KernelTypes, name: str) -> Struct:
    found = types.lookup("struct", name)
    assert isinstance(found, Struct)
    return found


def member(types: KernelTypes, name: str) -> Member:
    found = find_member(struct(types, "task"), name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "type"),
    [
        ("c", CHAR),
        ("sc", SCHAR),
        ("uc", UCHAR),
        ("s", SHORT),
        ("us", USHORT),
        ("i", INT),
        ("u", UINT),
        ("l", LONG),
        ("ul", ULONG),
        ("ll", LONGLONG),
        ("ull", ULONGLONG),
        ("b", BOOL),
        ("d", Float("double", 8)),
        ("wide", Array(UCHAR, 16)),
        ("word", LONG),
        ("comm", Array(CHAR, 16)),
        ("any", Ptr(VOID)),
        ("node", Ptr(Struct("struct", "node", "kernel"))),
        ("later", Ptr(Struct("struct", "later", "kernel"))),
        ("colour", Enum("colour", signed=False)),
        ("call", Ptr(Func(INT, (Ptr(Struct("struct", "task", "kernel")), ULONG), True))),
    ],
)
def test_type_of_member(types: KernelTypes, name: str, type: DType) -> None:
    assert member(types, name).type == type


def test_equal_types_are_one_object(types: KernelTypes) -> None:
    node = struct(types, "node")
    assert types.lookup("struct", "node") is node
    pointer = find_member(node, "next")
    assert pointer is not None
    assert isinstance(pointer.type, Ptr)
    assert pointer.type.to is node
    alias = types.lookup("typedef", "task_t")
    assert alias == Typedef("task_t", struct(types, "task"))
    assert strip(alias) is struct(types, "task")


def test_bit_fields_keep_their_place(types: KernelTypes) -> None:
    low, high = member(types, "low"), member(types, "high")
    assert (low.bits, high.bits, high.offset - low.offset) == (3, 5, 3)


def test_anonymous_types_have_tags_of_their_own(types: KernelTypes) -> None:
    uid = types.lookup("typedef", "kuid_t")
    assert uid is not None
    inner, pair = strip(uid), member(types, "pair").type
    assert isinstance(inner, Struct)
    assert isinstance(pair, Struct)
    assert inner.tag.startswith("(anon ")
    assert pair.tag.startswith("(anon ")
    assert inner != pair
    assert [m.name for m in inner.body.get()] == ["val"] if inner.body else False
    nameless = member(types, "nameless").type
    assert isinstance(nameless, Enum)
    assert (nameless.tag.startswith("(anon "), nameless.values) == (True, (("ONE", 1),))


def test_members_are_converted_on_first_need(types: KernelTypes) -> None:
    fresh = KernelTypes(types.btf)
    body = struct(fresh, "task").body
    assert body is not None
    assert body.members is None
    assert len(fresh._made) == 1
    assert len(body.get()) == 24
    assert body.size == types.btf.size_of(types.btf.find("task", btf.STRUCT))


def test_forward_declaration_has_no_body(types: KernelTypes) -> None:
    later = member(types, "later").type
    assert isinstance(later, Ptr)
    assert isinstance(later.to, Struct)
    assert (later.to.body, later.to.size) == (None, 0)


@pytest.mark.parametrize(
    ("kind", "name"), [("struct", "task_t"), ("union", "task"), ("typedef", "task"), ("enum", "x"), ("struct", "")]
)
def test_what_is_not_there(types: KernelTypes, kind: str, name: str) -> None:
    assert types.lookup(kind, name) is None


def test_enumerator(types: KernelTypes) -> None:
    found = types.enumerator("GREEN")
    assert found is not None
    value, enum = found
    assert (value, enum.tag, enum.values) == (7, "colour", (("RED", 0), ("GREEN", 7)))
    assert types.enumerator("comm") is None


def test_function(types: KernelTypes) -> None:
    returned, params, variadic = types.function("vfs_read") or (VOID, [], True)
    assert (returned, variadic) == (LONG, False)
    assert params == [("who", Ptr(struct(types, "task"))), ("to", Ptr(CHAR)), ("count", ULONG)]
    assert types.function("vfs_write") is None


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("int", INT),
        ("unsigned", UINT),
        ("long unsigned int", ULONG),
        ("unsigned long[6]", Array(ULONG, 6)),
        ("char[]", Array(CHAR, 0)),
        ("int[2][3]", Array(Array(INT, 3), 2)),
        ("const char *", Ptr(CHAR)),
        ("const char *const *", Ptr(Ptr(CHAR))),
        ("void __user *", Ptr(VOID)),
        ("struct node *", Ptr(Struct("struct", "node", "kernel"))),
        ("struct nowhere *", Ptr(Struct("struct", "nowhere", "kernel"))),
        ("enum nowhere *", Ptr(VOID)),
        ("struct nowhere", None),
        ("nowhere_t", None),
        ("nowhere_t *", None),
        ("char[N]", None),
        ("unsigned struct", None),
        ("", None),
        ("*", None),
    ],
)
def test_parse(types: KernelTypes, text: str, type: DType | None) -> None:
    assert types.parse(text) == type


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("i", "int"),
        ("node", "struct node *"),
        ("any", "void *"),
        ("call", "void *"),
        ("pair", "uint32_t"),
        ("colour", "enum colour"),
        ("nameless", "uint32_t"),
        ("comm", "uint64_t"),
    ],
)
def test_spell(types: KernelTypes, name: str, text: str) -> None:
    assert spell(member(types, name).type) == text


# ---- modules, doubles, damage ----


def two_blobs() -> tuple[Btf, Btf]:
    kernel = Writer()
    number = kernel.integer("int", 4, btf.INT_SIGNED)
    kernel.struct("inode", 4, [("ino", number, 0, 0)])
    module = Writer(kernel)
    module.struct("nfs_inode", 8, [("flags", number, 0, 0), ("vfs", 2, 32, 0), ("", 6, 0, 0)])
    module.add(btf.TYPEDEF, "nfs_t", 3)
    module.struct("inode", 16, [("ino", number, 96, 0)])
    module.struct("", 4, [("loose", number, 0, 0)])
    base = Btf(kernel.blob())
    return base, Btf(module.blob(), base)


def test_types_of_modules() -> None:
    base, nfs = two_blobs()
    types = KernelTypes(base, {"nfs": nfs}.get, ["nfs"])
    found = types.lookup("struct", "nfs_inode", "nfs")
    assert isinstance(found, Struct)
    vfs = find_member(found, "vfs")
    assert vfs is not None
    assert vfs.type is types.lookup("struct", "inode"), "the kernel's types are shared"
    loose = found.body.get()[2].type if found.body else None
    assert isinstance(loose, Struct)
    assert loose.tag == "(anon 6 of nfs)"
    assert types.lookup("struct", "nfs_inode") is found, "without a module it is looked for in all"
    assert types.lookup("typedef", "nfs_t") is None, "a typedef only where it is said to be"
    assert types.lookup("typedef", "nfs_t", "nfs") == Typedef("nfs_t", found)
    assert types.lookup("struct", "inode", "nfs") is not types.lookup("struct", "inode")
    assert types.lookup("struct", "inode", "genunix") is types.lookup("struct", "inode")
    assert types.lookup("struct", "inode", "ext4") is None


def test_only_what_its_name_leads_to_is_resolvable() -> None:
    base, nfs = two_blobs()
    types = KernelTypes(base, {"nfs": nfs}.get, ["nfs"])
    assert types.resolvable(struct(types, "inode"))
    assert not types.resolvable(struct(types, "nfs_inode"))
    assert not types.resolvable(Struct("struct", "inode", "d"))


def test_second_struct_of_a_name_is_not_resolvable() -> None:
    writer = Writer()
    number = writer.integer("int", 4, btf.INT_SIGNED)
    writer.struct("console", 4, [("first", number, 0, 0)])
    second = writer.struct("console", 8, [("second", number, 32, 0)])
    writer.struct("holder", 8, [("con", writer.add(btf.PTR, "", second), 0, 0)])
    types = KernelTypes(Btf(writer.blob()))
    pointer = find_member(struct(types, "holder"), "con")
    assert pointer is not None
    assert isinstance(pointer.type, Ptr)
    assert isinstance(pointer.type.to, Struct)
    assert types.resolvable(struct(types, "console"))
    assert not types.resolvable(pointer.type.to)
    assert find_member(pointer.type.to, "second") == Member("second", INT, 32)


def test_variable_of_one_address_and_per_cpu() -> None:
    writer = Writer()
    number = writer.integer("int", 4, btf.INT_SIGNED)
    plain = writer.add(btf.VAR, "jiffies", number, 1)
    per_cpu = writer.add(btf.VAR, "runqueues", number, 1)
    writer.add(btf.DATASEC, ".data", 4, plain, 0, 4, vlen=1)
    writer.add(btf.DATASEC, ".data..percpu", 4, per_cpu, 0, 4, vlen=1)
    writer.add(btf.FUNC, "run", writer.prototype(number, []))
    types = KernelTypes(Btf(writer.blob()))
    assert types.variable("jiffies") == INT
    assert types.variable("runqueues") is None
    assert types.variable("run") == Func(INT)
    assert types.variable("nothing") is None


def test_types_made_of_themselves() -> None:
    writer = Writer()
    writer.add(btf.PTR, "", 2)
    writer.add(btf.TYPEDEF, "loop", 1)
    types = KernelTypes(Btf(writer.blob()))
    with pytest.raises(BtfError, match="is made of itself"):
        types.lookup("typedef", "loop")
    for _ in range(200):
        writer.add(btf.PTR, "", 3 + writer.types)
    with pytest.raises(BtfError):
        KernelTypes(Btf(writer.blob())).of(3)


def test_functions_and_variables_are_no_types() -> None:
    writer = Writer()
    writer.add(btf.FUNC, "run", writer.prototype(0, []))
    with pytest.raises(BtfError, match=r"type 2 \(run\) is no type of a value"):
        KernelTypes(Btf(writer.blob())).of(2)


@pytest.mark.skipif(not Path(btf.VMLINUX).exists(), reason="this kernel has no type information")
def test_every_type_of_this_kernel() -> None:
    types = KernelTypes(Btf.open())
    values = 0
    for type_id in range(1, types.btf.count()):
        if types.btf.kind(type_id) in (btf.FUNC, btf.VAR, btf.DATASEC, btf.DECL_TAG):
            continue
        of = types.of(type_id)
        assert str(of)
        assert of.size == (types.btf.size_of(type_id) if isinstance(of, Int | Enum | Ptr) else of.size)
        values += 1
    assert values > 10000
    task = struct(types, "task_struct")
    parent = find_member(task, "real_parent")
    assert parent is not None
    assert parent.type == Ptr(task)
    assert types.resolvable(task)
