"""Rows of -l and blocks of -lv."""

from __future__ import annotations

from d2bpf.catalog import listing
from d2bpf.catalog.match import Catalog
from tests.catalog.kernel import Kernel, desc


def test_rows() -> None:
    catalog = Catalog(Kernel(calls=["read", "write"]))
    assert listing.HEADER == "   ID   PROVIDER            MODULE                          FUNCTION NAME"
    (begin,) = catalog.match(desc("BEGIN"))
    assert listing.row(begin) == "    1     dtrace                                                     BEGIN"
    (read,) = catalog.match(desc("syscall::read:entry"))
    assert listing.row(read)[5:] == "    syscall           vmlinux                              read entry"


def test_details() -> None:
    catalog = Catalog(Kernel())
    (waking,) = catalog.match(desc("rawtp:sched::sched_waking"))
    assert (
        listing.details(catalog, waking)
        == """
	Probe Description Attributes
		Identifier Names: Private
		Data Semantics:   Private
		Dependency Class: Unknown

	Argument Attributes
		Identifier Names: Private
		Data Semantics:   Private
		Dependency Class: ISA

	Argument Types
		args[0]: struct task_struct *

"""
    )


def test_no_arguments() -> None:
    catalog = Catalog(Kernel())
    (begin,) = catalog.match(desc("BEGIN"))
    assert (
        listing.details(catalog, begin)
        == """
	Probe Description Attributes
		Identifier Names: Stable
		Data Semantics:   Stable
		Dependency Class: Common

	Argument Attributes
		Identifier Names: Stable
		Data Semantics:   Stable
		Dependency Class: Common

	Argument Types
		None

"""
    )


def test_types_as_scripts_see_them() -> None:
    catalog = Catalog(Kernel())
    (enqueue,) = catalog.match(desc("sched:::enqueue"))
    assert "\t\targs[2]: cpuinfo_t *\n\t\targs[3]: int\n" in listing.details(catalog, enqueue)
    (bare,) = catalog.match(desc("sched:::sleep"))
    assert listing.details(catalog, bare).endswith("\tArgument Types\n\t\tNone\n\n")


def test_least() -> None:
    assert listing.least(["Evolving/Stable/Common", "Stable/Private/ISA"]) == "Evolving/Private/ISA"
