"""The BTF reader on small blobs: what gcc writes, what only a kernel's writer writes, and damaged ones."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from d2bpf.target import btf
from d2bpf.target.btf import Btf, BtfError
from tests.target.blobs import Writer, compile_btf

SOURCE = """
struct list { struct list *next; };
struct task {
    int pid;
    unsigned flags : 3;
    int prio : 5;
    union { long word; struct { char tag; short part[4]; }; };
    struct { short x, y; } at[4];
    const volatile struct list *list;
    _Bool ready;
    char comm[16];
};
typedef struct task task_t;
typedef struct { unsigned val; } kuid_t;
enum colour { RED, GREEN = 7 };
task_t task; kuid_t uid; enum colour colour;
int run(struct task *who, unsigned long how, ...) { return who->pid; }
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Btf:
    return Btf(compile_btf(SOURCE, tmp_path_factory.mktemp("btf")))


# ---- what gcc writes ----


@pytest.mark.parametrize(
    ("spelling", "path", "place"),
    [
        ("struct task", ("pid",), (0, 32, 4, True)),
        ("struct task", ("flags",), (32, 3, 4, False)),
        ("struct task", ("prio",), (35, 5, 4, True)),
        ("struct task", ("word",), (64, 64, 8, True)),
        ("struct task", ("tag",), (64, 8, 1, True)),
        ("struct task", ("part",), (80, 64, 8, False)),
        ("struct task", ("part", 2), (112, 16, 2, True)),
        ("struct task", ("at", 1, "y"), (192 + 32 + 16, 16, 2, True)),
        ("struct task", ("list",), (320, 64, 8, False)),
        ("struct task", ("ready",), (384, 8, 1, False)),
        ("struct task", ("comm",), (392, 128, 16, False)),
        ("task_t", ("pid",), (0, 32, 4, True)),
        ("kuid_t", ("val",), (0, 32, 4, False)),
        ("enum colour", (), (0, 32, 4, False)),
    ],
)
def test_resolve_offset(compiled: Btf, spelling: str, path: tuple[str | int, ...], place: object) -> None:
    assert compiled.resolve_offset(spelling, path) == place


@pytest.mark.parametrize(
    ("spelling", "path", "message"),
    [
        ("struct nothing", ("pid",), "the kernel has no type struct nothing"),
        ("union task", ("pid",), "the kernel has no type union task"),
        ("class task", ("pid",), "the kernel has no type class task"),
        ("", ("pid",), "the kernel has no type "),
        ("struct task", ("pid", "x"), "struct task has no member pid.x in this kernel"),
        ("struct task", ("list", "next"), "struct task has no member list.next in this kernel"),
        ("struct task", (0,), "struct task has no member 0 in this kernel"),
        ("struct task", ("nothing",), "struct task has no member nothing in this kernel"),
    ],
)
def test_resolve_offset_names_what_is_missing(compiled: Btf, spelling: str, path: tuple[str | int, ...], message: str) -> None:
    with pytest.raises(BtfError) as raised:
        compiled.resolve_offset(spelling, path)
    assert str(raised.value) == message


def test_members_as_declared(compiled: Btf) -> None:
    members = compiled.members(compiled.find("task", btf.STRUCT))
    assert [(name, offset, width) for name, _, offset, width in members] == [
        ("pid", 0, 0),
        ("flags", 32, 3),
        ("prio", 35, 5),
        ("", 64, 0),
        ("at", 192, 0),
        ("list", 320, 0),
        ("ready", 384, 0),
        ("comm", 392, 0),
    ]


def test_strip_sees_through_typedefs_and_qualifiers(compiled: Btf) -> None:
    task = compiled.find("task", btf.STRUCT)
    assert compiled.strip(compiled.find("task_t", btf.TYPEDEF)) == task
    listed = compiled.member(task, "list")
    assert listed is not None
    pointed = compiled.target(compiled.strip(listed[1]))
    assert compiled.kind(pointed) in (btf.CONST, btf.VOLATILE)
    assert compiled.name(compiled.strip(pointed)) == "list"


def test_array(compiled: Btf) -> None:
    found = compiled.member(compiled.find("task", btf.STRUCT), "comm")
    assert found is not None
    element, count = compiled.array(found[1])
    assert (compiled.name(element), count, compiled.size_of(found[1])) == ("char", 16, 16)


def test_enumerators(compiled: Btf) -> None:
    colour = compiled.find("colour", btf.ENUM)
    assert compiled.enumerators(colour) == [("RED", 0), ("GREEN", 7)]
    assert compiled.enumerator("GREEN") == (7, colour)
    assert compiled.enumerator("pid") is None, "a member's name is no enumerator"
    assert compiled.enumerator("nowhere") is None


def test_prototype(compiled: Btf) -> None:
    returned, params, variadic = compiled.prototype(compiled.function("run"))
    assert (compiled.name(returned), variadic) == ("int", True)
    assert [(name, compiled.kind(of)) for name, of in params] == [("who", btf.PTR), ("how", btf.INT)]
    assert compiled.function("walk") == 0


def test_count_is_one_more_than_the_last_id(compiled: Btf) -> None:
    last = compiled.count() - 1
    assert compiled.kind(last) == btf.DATASEC
    with pytest.raises(BtfError, match=f"no type {last + 1}"):
        compiled.kind(last + 1)


# ---- what only a kernel's writer writes ----


def test_enum64_and_signed_enum() -> None:
    writer = Writer()
    words = [writer.text("BIG"), 5, 1, writer.text("LOW"), 0xFFFFFFFF, 0xFFFFFFFF]
    wide = writer.add(btf.ENUM64, "wide", 8, *words, vlen=2, flag=True)
    plain = writer.enum("plain", [("MINUS", -1), ("PLUS", 1)], signed=True)
    unsigned = writer.enum("top", [("TOP", 0xFFFFFFFF)])
    read = Btf(writer.blob())
    assert read.enumerators(wide) == [("BIG", (1 << 32) + 5), ("LOW", -1)]
    assert read.enumerator("LOW") == (-1, wide)
    assert read.enumerator("MINUS") == (-1, plain)
    assert read.enumerator("TOP") == (0xFFFFFFFF, unsigned)
    assert [read.is_signed(each) for each in (wide, plain, unsigned)] == [True, True, False]
    assert read.resolve_offset("enum wide", ()) == (0, 64, 8, True)


def test_type_tags_are_seen_through() -> None:
    writer = Writer()
    char = writer.integer("char", 1)
    user = writer.add(btf.TYPE_TAG, "user", char)
    text = writer.add(btf.PTR, "", user)
    writer.struct("holder", 8, [("text", text, 0, 0)])
    read = Btf(writer.blob())
    assert read.strip(read.target(text)) == char
    assert read.resolve_offset("struct holder", ("text",)) == (0, 64, 8, False)


def test_void_and_forward_declarations_have_no_size() -> None:
    writer = Writer()
    forward = writer.add(btf.FWD, "later", 0)
    union = writer.add(btf.FWD, "later", 0, flag=True)
    read = Btf(writer.blob())
    assert (read.kind(0), read.name(0), read.strip(0)) == (btf.VOID, "", 0)
    assert (read.forward(forward), read.forward(union)) == ("struct", "union")
    for type_id in (0, forward):
        with pytest.raises(BtfError, match="has no size"):
            read.size_of(type_id)


def test_name_that_is_also_part_of_another() -> None:
    writer = Writer()
    writer.struct("task_struct", 1, [])
    short = writer.struct("task", 2, [])
    read = Btf(writer.blob())
    assert read.find("task", btf.STRUCT) == short
    assert read.find("struct", btf.STRUCT) == 0
    assert read.find("", btf.STRUCT) == 0


def test_number_that_looks_like_a_record_is_no_type() -> None:
    """A member of type id = offset of "ghost" whose place happens to read like the info word of a struct."""
    writer = Writer()
    ghost = writer.text("ghost")
    writer.struct("holder", 4, [("first", ghost, 0, btf.STRUCT)], flag=True)
    read = Btf(writer.blob())
    assert struct.pack("=II", ghost, btf.STRUCT << 24) in writer.records
    assert read.find("ghost", btf.STRUCT) == 0
    assert read.find("holder", btf.STRUCT) == 1


def tracepoints(names: list[str], stem: str, event: str = "wake") -> Writer:
    """A kernel with one tracepoint whose caller is called `stem` + event and names its parameters `names`."""
    writer = Writer()
    number = writer.integer("int", 4, btf.INT_SIGNED)
    pointer = writer.add(btf.PTR, "", 0)
    bare = writer.prototype(0, [("", pointer), ("", number), ("", pointer)])
    writer.add(btf.TYPEDEF, "btf_trace_wake", writer.add(btf.PTR, "", bare))
    named = writer.prototype(0, [("__data", pointer), *((name, number) for name in names)])
    writer.add(btf.FUNC, stem + event, named)
    return writer


@pytest.mark.parametrize("stem", ["__traceiter_", "__bpf_trace_"])
def test_raw_tracepoint_takes_types_and_names_from_two_places(stem: str) -> None:
    read = Btf(tracepoints(["cpu", "task"], stem).blob())
    assert read.raw_tracepoint_types("wake") == [1, 2]
    assert read.raw_tracepoint("wake") == [("cpu", 1), ("task", 2)]


def test_raw_tracepoint_without_names() -> None:
    assert Btf(tracepoints(["cpu", "task"], "__elsewhere_").blob()).raw_tracepoint("wake") == [("", 1), ("", 2)]
    assert Btf(tracepoints(["cpu"], "__traceiter_").blob()).raw_tracepoint("wake") == [("", 1), ("", 2)]


def test_raw_tracepoint_that_is_not_there() -> None:
    read = Btf(tracepoints([], "__traceiter_").blob())
    assert read.raw_tracepoint("sleep") is None
    assert read.raw_tracepoint_types("sleep") is None


def test_many_searches_are_answered_from_an_index() -> None:
    """The same answers as before it is made, of types, of other kinds, of names that are not there, and in a module."""
    kernel = Writer()
    kernel.integer("int", 4)
    for at in range(btf.MANY + 20):
        kernel.struct(f"s{at}", at, [])
    kernel.struct("s3", 99, [])
    kernel.add(btf.TYPEDEF, "s5", 1)
    module = Writer(kernel)
    for at in range(btf.MANY + 20):
        module.struct(f"m{at}", at, [])
    base = Btf(kernel.blob())
    read = Btf(module.blob(), base)
    for at in range(btf.MANY + 20):
        assert base.find(f"s{at}", btf.STRUCT) == 2 + at, "the first of its name"
        assert base.find(f"t{at}", btf.STRUCT) == 0
        assert read.find(f"m{at}", btf.STRUCT) == read.first_id + at
        assert read.find(f"s{at}", btf.STRUCT) == 2 + at
    assert base.find("s5", btf.TYPEDEF) == base.count() - 1
    assert base.find("int", btf.STRUCT) == 0


def test_module_continues_the_kernel() -> None:
    kernel = Writer()
    number = kernel.integer("int", 4, btf.INT_SIGNED)
    kernel.struct("inode", 4, [("ino", number, 0, 0)])
    kernel.enum("state", [("NEW", 3)])
    module = Writer(kernel)
    own = module.struct("nfs_inode", 8, [("flags", number, 0, 0), ("vfs_inode", 2, 32, 0)])
    shadow = module.struct("inode", 16, [("ino", number, 96, 0)])
    base = Btf(kernel.blob())
    read = Btf(module.blob(), base)
    assert (own, read.first_id, read.count()) == (4, 4, 6)
    assert read.find("nfs_inode", btf.STRUCT) == own
    assert base.find("nfs_inode", btf.STRUCT) == 0
    assert read.resolve_offset("struct nfs_inode", ("vfs_inode", "ino")) == (32, 32, 4, True)
    assert read.find("inode", btf.STRUCT) == shadow, "the module's own before the kernel's"
    assert read.find("int", btf.INT) == number
    assert read.enumerator("NEW") == (3, 3)
    assert base.count() == 4


# ---- damage ----


def test_struct_without_end_is_searched_once() -> None:
    writer = Writer()
    writer.struct("ring", 0, [("", 1, 0, 0), ("", 2, 0, 0)])
    writer.struct("", 0, [("", 1, 0, 0), ("", 2, 0, 0)])
    assert Btf(writer.blob()).member(1, "pid") is None


def test_typedef_and_array_of_themselves() -> None:
    writer = Writer()
    writer.add(btf.TYPEDEF, "loop", 1)
    writer.add(btf.ARRAY, "", 0, 2, 2, 4)
    read = Btf(writer.blob())
    with pytest.raises(BtfError, match="type 1 refers to itself"):
        read.strip(1)
    with pytest.raises(BtfError, match="type 2 is an array of itself"):
        read.size_of(2)


def test_record_of_unknown_kind_stops_every_search_beyond_it() -> None:
    writer = Writer()
    writer.integer("int", 4)
    writer.add(29, "odd")
    writer.integer("long", 8)
    read = Btf(writer.blob())
    for _ in range(2):
        assert read.find("int", btf.INT) == 1
        with pytest.raises(BtfError, match="unknown kind 29"):
            read.find("long", btf.INT)


@pytest.mark.parametrize(
    ("blob", "message"),
    [
        (b"", "too short"),
        (b"\x9f\xeb\x01", "too short"),
        (b"\xeb\x9f\x01" + bytes(30), "not type information of this machine"),
        (btf.HEADER.pack(btf.MAGIC, 2, 0, 24, 0, 0, 0, 0), "version 2"),
        (btf.HEADER.pack(btf.MAGIC, 1, 0, 24, 0, 8, 8, 1), "cut off"),
        (btf.HEADER.pack(btf.MAGIC, 1, 0, 24, 0, 3, 3, 1) + bytes(4), "cut off"),
        (btf.HEADER.pack(btf.MAGIC, 1, 0, 8, 0, 0, 0, 0), "cut off"),
        (btf.HEADER.pack(btf.MAGIC, 1, 0, 24, 0xFFFFFFF0, 0, 0, 1) + bytes(4), "cut off"),
    ],
)
def test_what_is_not_btf_is_refused(blob: bytes, message: str) -> None:
    with pytest.raises(BtfError, match=message):
        Btf(blob)


def test_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BtfError, match="vmlinux: No such file or directory"):
        Btf.open(str(tmp_path / "vmlinux"))


def test_file_is_read_where_it_cannot_be_mapped(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.write_bytes(b"")
    with pytest.raises(BtfError, match="too short"):
        Btf.open(str(path))


def sample() -> bytes:
    writer = tracepoints(["cpu", "task"], "__traceiter_")
    char = writer.integer("char", 1)
    text = writer.add(btf.ARRAY, "", 0, char, 1, 16)
    inner = writer.struct("", 8, [("low", 1, 0, 3), ("high", 1, 3, 5)], btf.UNION)
    writer.struct("task", 32, [("comm", text, 0, 0), ("", inner, 128, 0), ("next", 2, 192, 0)])
    writer.enum("state", [("NEW", 3), ("OLD", 4)])
    writer.add(btf.TYPEDEF, "task_t", inner)
    return writer.blob()


SAMPLE = sample()


def ask_everything(read: Btf) -> None:
    """Every question about every type: each is answered or refused with BtfError."""
    questions = (
        read.kind, read.name, read.target, read.strip, read.size_of, read.is_signed, read.encoding, read.array,
        read.forward, read.enumerators, read.prototype, read.members, lambda each: read.member(each, "high"),
    )  # fmt: skip
    for type_id in (*range(20), 1 << 20, (1 << 32) - 1):
        for question in questions:
            try:
                question(type_id)
            except BtfError:
                pass
    for search in (
        lambda: read.resolve_offset("struct task", ("comm", 3)),
        lambda: read.resolve_offset("task_t", ("high",)),
        lambda: read.enumerator("OLD"),
        lambda: read.raw_tracepoint("wake"),
        lambda: read.count(),
    ):
        try:
            search()
        except BtfError:
            pass


@settings(deadline=None)
@given(
    changes=st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), min_size=1, max_size=8),
    keep=st.one_of(st.just(len(SAMPLE)), st.integers(0, len(SAMPLE))),
)
def test_damage_is_answered_or_refused(changes: list[tuple[int, int]], keep: int) -> None:
    damaged = bytearray(SAMPLE)
    for at, value in changes:
        damaged[at] = value
    try:
        read = Btf(bytes(damaged[:keep]))
    except BtfError:
        return
    ask_everything(read)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_noise_behind_a_good_header(noise: bytes) -> None:
    half = len(noise) // 2 & ~3
    header = btf.HEADER.pack(btf.MAGIC, 1, 0, btf.HEADER.size, 0, half, half, len(noise) - half)
    ask_everything(Btf(header + noise))
