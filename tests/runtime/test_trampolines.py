"""Which functions of the kernel trampolines may serve. That they do is tested on other kernels (make vm)."""

from __future__ import annotations

from typing import Any

import pytest

from d2bpf.runtime import bpf, trampolines
from d2bpf.target.btf import FUNC, Btf


def point(names: list[str], ret: bool = False, handler: str = "h") -> dict[str, Any]:
    cookies = list(range(len(names))) if len(names) > 1 else []
    return {"kind": "kprobe", "handler": handler, "functions": names, "cookies": cookies, "ret": ret}


def plan(*points: dict[str, Any], chain: str = "") -> dict[str, Any]:
    handlers = [{"name": p["handler"], "chain": chain} for p in points]
    return {"attach": [*points, {"kind": "rawtp", "handler": "other"}], "handlers": handlers}


@pytest.fixture
def willing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel with trampolines, and one address for each function."""
    monkeypatch.setattr(trampolines, "_are_there", lambda function, on_return: True)
    monkeypatch.setattr("d2bpf.runtime.functions.addresses", lambda names, only_traceable: {name: [4096] for name in names})


@pytest.mark.usefixtures("willing")
def test_few_functions_of_the_kernel_proper() -> None:
    ids = {name: Btf.open().find(name, FUNC) for name in ("vfs_read", "vfs_write")}
    found = trampolines.of_plan(plan(point(["vfs_read", "vfs_write"]), point(["vfs_read"], True, "r")))
    assert found == {
        "h": (bpf.ATTACH_FENTRY, [("vfs_read", ids["vfs_read"], 0), ("vfs_write", ids["vfs_write"], 1)]),
        "r": (bpf.ATTACH_FEXIT, [("vfs_read", ids["vfs_read"], 0)]),
    }
    assert trampolines.macros(found) == {"D2_FENTRY": 1, "D2_FEXIT": 1}


@pytest.mark.usefixtures("willing")
@pytest.mark.parametrize(
    "points",
    [
        [point(["vfs_read"] * 17)],
        [point(["vfs_read"]), point(["vfs_write"] * 16, handler="i")],
        [point(["ext4:ext4_sync_file"])],
        [point(["no_such_function"])],
        [point(["do_exit"], True)],
        [point(["do_sys_open"])],  # its first parameter is an int
    ],
)
def test_others_are_left_to_kprobes(points: list[dict[str, Any]]) -> None:
    assert trampolines.of_plan(plan(*points)) == {}


@pytest.mark.usefixtures("willing")
def test_results_of_functions_with_narrow_parameters_and_handlers_in_parts() -> None:
    assert list(trampolines.of_plan(plan(point(["do_sys_open"], True), point(["do_sys_open"], handler="e")))) == ["h"]
    assert trampolines.of_plan(plan(point(["vfs_read"]), chain="parts")) == {}
    assert trampolines.macros({}) == {"D2_FENTRY": 0, "D2_FEXIT": 0}


@pytest.mark.usefixtures("willing")
def test_a_name_that_several_functions_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("d2bpf.runtime.functions.addresses", lambda names, only_traceable: {name: [1, 2] for name in names})
    assert trampolines.of_plan(plan(point(["vfs_read"]))) == {}


@pytest.mark.needs("root")
def test_the_kernel_is_asked() -> None:
    assert not trampolines._are_there(0, False)  # no such function anywhere
