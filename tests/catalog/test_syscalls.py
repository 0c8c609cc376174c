"""The syscall provider: names, widening to successors, names of other systems, arguments."""

from __future__ import annotations

import pytest

from d2bpf.catalog.match import Catalog
from d2bpf.catalog.schema import Argument, Attachment, Site
from tests.catalog.kernel import Kernel, desc, functions, matched


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog(Kernel())


def sites(catalog: Catalog, text: str, call: str) -> tuple[Site, ...]:
    return next(probe.sites for probe in catalog.match(desc(text)) if probe.function == call)


def test_a_plain_call(catalog: Catalog) -> None:
    assert matched(catalog, "syscall::read:") == ["syscall:vmlinux:read:entry", "syscall:vmlinux:read:return"]
    (entry,) = sites(catalog, "syscall::openat:entry", "openat")
    assert entry.attachment == Attachment("syscall", (257, "entry"))
    assert [(n.name, n.type, n.source) for n in entry.natives][:2] == [
        ("a0", "int64_t", ("arg", 0)),
        ("a1", "int64_t", ("arg", 1)),
    ]
    assert len(entry.natives) == 6
    assert (entry.argn, entry.when) == ((), "")
    assert [a.type for a in entry.args] == ["int", "const char *", "int", "umode_t"]
    assert entry.args[1] == Argument("const char *", "const char *", "(const char *)(a1)")


def test_return(catalog: Catalog) -> None:
    (site,) = sites(catalog, "syscall::read:return", "read")
    assert [(n.name, n.source) for n in site.natives] == [("ret", ("ret",))]
    assert site.argn == ("ret", "ret")
    assert tuple(site.args) == (Argument("int64_t", "int64_t", "ret"),) * 2


def test_every_call_once_in_order_of_ids(catalog: Catalog) -> None:
    probes = catalog.match(desc("syscall:::"))
    assert len(probes) == 2 * len(catalog.facts.syscalls())
    assert [p.id for p in probes] == list(range(probes[0].id, probes[0].id + len(probes)))
    assert all(len(p.sites) == 1 and p.sites[0].when == "" for p in probes)


def test_all_plain_entries_can_share_a_handler(catalog: Catalog) -> None:
    assert len({p.sites[0].raw_shape for p in catalog.match(desc("syscall:::entry"))}) == 1


def test_types_of_arguments_are_not_read_before_they_are_wanted() -> None:
    kernel = Kernel()
    probes = Catalog(kernel).match(desc("syscall:::entry"))
    assert kernel.asked_args == []
    assert len(probes[0].sites[0].args) == 0
    assert len(kernel.asked_args) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("syscall::stat:entry", ["newfstatat", "stat", "statx"]),
        ("syscall::newlstat:return", ["lstat"]),
        ("syscall::pread64:entry", ["pread"]),
        ("syscall::*read:entry", ["pread", "read"]),
        ("syscall::uname:entry", ["uname"]),
        ("syscall::sendfile:entry", ["sendfile"]),
        ("syscall::umount:entry", ["umount2"]),
        ("syscall::newfstatat:entry", ["newfstatat"]),
    ],
)
def test_usual_names(catalog: Catalog, text: str, expected: list[str]) -> None:
    assert functions(catalog, text) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("open", ["open", "openat", "openat2"]),
        ("open*", ["open", "openat", "openat2"]),
        ("open_*", ["open_by_handle_at", "open_tree", "open_tree_attr"]),
        ("openat", ["openat"]),
        ("openat*", ["openat", "openat2"]),
        ("*openat", ["openat"]),
        ("stat*", ["newfstatat", "stat", "statx"]),
        ("lstat*", ["lstat", "newfstatat", "statx"]),
        ("fstat", ["fstat", "newfstatat", "statx"]),
        ("statfs*", ["statfs"]),
        ("unlink*", ["unlink", "unlinkat"]),
        ("rmdir*", ["rmdir", "unlinkat"]),
        ("rename", ["rename", "renameat", "renameat2"]),
        ("fork*", ["clone", "clone3", "fork"]),
        ("*fork*", ["clone", "clone3", "fork", "vfork"]),
        ("vfork*", ["clone", "clone3", "vfork"]),
        ("clone*", ["clone", "clone3"]),
        ("select", ["pselect6", "select"]),
        ("exec*", ["execve", "execveat"]),
        ("exit", ["exit", "exit_group"]),
        ("exit_group", ["exit_group"]),
        ("utime", ["utime", "utimensat"]),
        ("recv*", ["recvfrom", "recvmmsg", "recvmsg"]),
        ("nosuchcall", []),
    ],
)
def test_old_names_cover_their_successors(catalog: Catalog, pattern: str, expected: list[str]) -> None:
    assert functions(catalog, f"syscall::{pattern}:entry") == expected
    assert functions(catalog, f"syscall::{pattern}:return") == ([] if pattern.startswith("exit") else expected)


def test_successors_have_the_old_calls_shape(catalog: Catalog) -> None:
    for text in ("syscall::open:entry", "syscall::open*:entry"):
        (site,) = sites(catalog, text, "openat")
        assert site.argn == ("a1", "a2", "a3")
        assert [(a.type, a.expr) for a in site.args] == [
            ("const char *", "(const char *)(a1)"),
            ("int", "(int)(a2)"),
            ("umode_t", "(umode_t)(a3)"),
        ]
    (plain,) = sites(catalog, "syscall::openat*:entry", "openat")
    assert plain.argn == ()


def test_types_come_from_successors_where_the_old_call_is_gone() -> None:
    catalog = Catalog(Kernel(calls=["openat", "openat2", "unlinkat"]))
    assert functions(catalog, "syscall::open:entry") == ["openat", "openat2"]
    (site,) = sites(catalog, "syscall::open:entry", "openat")
    assert [a.type for a in site.args] == ["const char *", "int", "umode_t"]
    (site,) = sites(catalog, "syscall::open:entry", "openat2")
    assert [a.type for a in site.args] == ["const char *", "int64_t", "int64_t"]
    (site,) = sites(catalog, "syscall::unlink:entry", "unlinkat")
    assert (site.argn, [a.type for a in site.args]) == (("a1",), ["const char *"])


def test_one_event_is_one_firing(catalog: Catalog) -> None:
    conditions = [site.when for site in sites(catalog, "syscall::*stat*:entry", "newfstatat")]
    assert conditions == ["(a3 & 0x1100) == 0", "(a3 & 0x1100) == 0x100", "(a3 & 0x1000) != 0"]
    for flags in range(0, 0x2000, 0x100):
        assert sum([flags & 0x1100 == 0, flags & 0x1100 == 0x100, flags & 0x1000 != 0]) == 1


def test_conditions_hold_at_the_return_too(catalog: Catalog) -> None:
    (site,) = sites(catalog, "syscall::rmdir:return", "unlinkat")
    assert site.when == "(a2 & 0x200) != 0"
    assert [(n.name, n.source) for n in site.natives[:4]] == [
        ("ret", ("ret",)),
        ("a0", ("arg", 0)),
        ("a1", ("arg", 1)),
        ("a2", ("arg", 2)),
    ]


def test_a_program_that_names_a_successor_is_taken_at_its_word(catalog: Catalog) -> None:
    assert functions(catalog, "syscall::open:entry", "openat") == ["open"]
    assert functions(catalog, "syscall::open:entry", "openat*") == ["open"]
    assert functions(catalog, "syscall::open:entry", "creat", "*open*", "*") == ["open", "openat", "openat2"]
    (site,) = [p.sites[0] for p in catalog.match(desc("syscall::open*:entry"), frozenset({"openat"})) if p.function == "openat"]
    assert site.argn == ()
    assert functions(catalog, "syscall::utime:entry", "utimes") == ["utime"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("open64", ["open", "openat", "openat2"]),
        ("exece", ["execve", "execveat"]),
        ("fork1", ["clone", "clone3", "fork"]),
        ("rexit", ["exit_group"]),
        ("lwp_exit", ["exit"]),
        ("pollsys", ["poll", "ppoll"]),
        ("so_socket", ["socket"]),
        ("recv", ["recvfrom"]),
        ("lwp_park", ["futex"]),
        ("sigaction", ["rt_sigaction"]),
        ("open_nocancel", ["open", "openat", "openat2"]),
        ("door_call", []),
        ("xstat", []),
    ],
)
def test_names_of_other_systems(catalog: Catalog, written: str, expected: list[str]) -> None:
    assert functions(catalog, f"syscall::{written}:entry") == expected


def test_a_renamed_call_keeps_its_arguments_in_place(catalog: Catalog) -> None:
    (site,) = sites(catalog, "syscall::lwp_kill:entry", "tgkill")
    assert site.argn == ("a1", "a2")
    (site,) = sites(catalog, "syscall::open64:entry", "openat")
    assert site.argn == ("a1", "a2", "a3")


def test_one_call_is_not_counted_under_two_names(catalog: Catalog) -> None:
    both = frozenset({"open", "open64"})
    assert catalog.match(desc("syscall::open64:entry"), both) == []
    assert catalog.covered(desc("syscall::open64:entry"), both) == "open64 is open on Linux, which open covers already"
    assert functions(catalog, "syscall::open:entry", "open64") == ["open", "openat", "openat2"]
    assert functions(catalog, "syscall::exece:entry", "exec") == ["execve", "execveat"]
    assert functions(catalog, "syscall::exec:entry", "exece") == []
    assert catalog.covered(desc("syscall::nosuch:entry"), both) is None


def test_a_call_that_is_never_made_may_be_listed_among_others(catalog: Catalog) -> None:
    door = desc("syscall::door_call:entry")
    assert catalog.covered(door, frozenset({"door_call", "read"})) == "no such call is ever made on Linux: Linux has no doors"
    assert catalog.covered(door, frozenset({"door_call", "open64"})) == "no such call is ever made on Linux: Linux has no doors"
    assert catalog.covered(door, frozenset({"door_call"})) is None
    assert catalog.covered(door, frozenset({"door_call", "nosuch", "aio_read"})) is None
    assert catalog.covered(desc("syscall::door_call:nosuch"), frozenset({"door_call", "read"})) is None


@pytest.mark.parametrize("module", ["vmlinux", "genunix", "unix", "kernel", "mach_kernel", "freebsd", "linux", "*", "vm*"])
def test_modules(catalog: Catalog, module: str) -> None:
    assert matched(catalog, f"syscall:{module}:read:entry") == ["syscall:vmlinux:read:entry"]


def test_other_modules_are_none(catalog: Catalog) -> None:
    assert matched(catalog, "syscall:ext4:read:entry") == []


def test_calls_that_do_not_return(catalog: Catalog) -> None:
    assert catalog.match(desc("syscall::exit_group:return")) == []
    assert "syscall:vmlinux:exit_group:return" not in {probe.text for probe in catalog.all()}
    assert catalog.match(desc("syscall::exit_group:entry"))[0].fidelity.level == "exact"
    every = catalog.match(desc("syscall:::return"))
    assert [probe.function for probe in every if not probe.can_fire] == ["exit", "exit_group", "rt_sigreturn"]
