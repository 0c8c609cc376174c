"""fbt and rawfbt on a made-up kernel that lets functions be traced."""

from __future__ import annotations

import pytest

from d2bpf.catalog.match import Catalog
from tests.catalog.kernel import Kernel, desc, matched


@pytest.fixture
def catalog() -> Catalog:
    return Catalog(Kernel(probes_functions=True))


@pytest.mark.parametrize(
    ("text", "probes"),
    [
        ("fbt::vfs_read:", ["fbt:vmlinux:vfs_read:entry", "fbt:vmlinux:vfs_read:return"]),
        ("fbt::tcp_*:entry", [f"fbt:{at}:entry" for at in ("vmlinux:tcp_sendmsg", "vmlinux:tcp_recvmsg", "ext4:tcp_sendmsg")]),
        ("fbt::tcp_recvmsg:entry", ["fbt:vmlinux:tcp_recvmsg:entry"]),  # listed twice, a probe for both
        ("fbt:genunix:kfree:entry", ["fbt:vmlinux:kfree:entry"]),
        ("fbt:nfs::return", ["fbt:nfs:nfs_open:return"]),
        ("fbt::foo*:entry", []),
        ("rawfbt::foo*:entry", ["rawfbt:vmlinux:foo.isra.0:entry"]),
        ("fbt:::nosuch", []),
    ],
)
def test_matching(catalog: Catalog, text: str, probes: list[str]) -> None:
    assert matched(catalog, text) == probes


def test_all_have_ids_of_their_own(catalog: Catalog) -> None:
    probes = [probe for name in ("fbt", "rawfbt") for probe in catalog.provider(name).all()]
    assert [probe.id for probe in probes] == list(range(catalog.provider("fbt").first, catalog.provider("fbt").first + 26))
    assert [catalog.by_id(probe.id) for probe in probes] == probes
    assert all("invalid_address" not in probe.function for probe in probes)


def test_arguments_are_those_of_the_prototype(catalog: Catalog) -> None:
    entry, back = catalog.match(desc("fbt::vfs_read:"))
    assert [(arg.type, arg.expr) for arg in entry.sites[0].args] == [
        ("struct file *", "(struct file *)a0"),
        ("char *", "(char *)a1"),
        ("size_t", "(size_t)a2"),
        ("loff_t *", "(loff_t *)a3"),
    ]
    assert [(arg.type, arg.expr) for arg in back.sites[0].args] == [("uint64_t", "0"), ("ssize_t", "(ssize_t)ret")]
    assert back.sites[0].argn == ("0", "ret")
    assert len(catalog.match(desc("fbt::kfree:return"))[0].sites[0].args) == 1  # void
    assert not catalog.match(desc("fbt::tcp_sendmsg:entry"))[0].sites[0].args  # no prototype is known
    assert not catalog.match(desc("rawfbt::vfs_read:entry"))[0].sites[0].args


def test_a_function_of_another_system(catalog: Catalog) -> None:
    entry, back = catalog.match(desc("fbt:genunix:fop_read:"))
    assert (entry.text, back.text) == ("fbt:vmlinux:vfs_read:entry", "fbt:vmlinux:vfs_read:return")
    assert entry.id == catalog.match(desc("fbt::vfs_read:entry"))[0].id
    assert [arg.type for arg in entry.sites[0].args][:2] == ["vnode_t *", "uio_t *"]
    assert entry.fidelity.note and entry.fidelity.level == "approximate"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "fbt::fop_close:entry",
            "fop_close is filp_close on Linux, which this kernel does not let be traced",
        ),
        ("fbt::vfs_read:enter", "fbt has no probe enter: its probes are entry and return"),
        (
            "fbt::vfs_raed:entry",
            "this kernel has no function vfs_raed that can be traced: it may be inlined, or called otherwise; "
            "did you mean vfs_read?",
        ),
    ],
)
def test_why_there_is_none(catalog: Catalog, text: str, said: str) -> None:
    assert catalog.match(desc(text)) == []
    assert catalog.explain(desc(text)) == said
