"""Whether an emitted program notices that a kernel's structures are not those that its print() was made for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from d2bpf.builtins.actions._layout import describe
from d2bpf.runtime.errors import Failure
from d2bpf.runtime.layouts import check_layouts
from d2bpf.target.btf import Btf
from d2bpf.target.types import KernelTypes
from tests.target.blobs import compile_btf

OLD = """
typedef struct { int counter; } atomic_t;
struct inner { long a, b; };
struct outer {
    int number;
    atomic_t count;
    union { int x; long y; };
    struct { short s; } list[3];
    struct inner inner, *next;
    unsigned low:3, high:5;
    unsigned __int128 wide;
    void (*run)(struct outer *);
};
struct outer *use; atomic_t *count;
"""
CHANGES = {
    "a member is elsewhere": ("int number;", "int number; long more;"),
    "a member has another name": ("int number;", "int numbers;"),
    "a member of another structure": ("long a, b;", "long b, a;"),
    "a member of a structure without a name": ("int x; long y;", "long y; int x;"),
    "a member of an array's elements": ("short s;", "short t;"),
    "a bit-field's width": ("low:3, high:5", "low:4, high:4"),
    "a member's size": ("int counter;", "short counter, other;"),
    "the number of elements": ("list[3]", "list[2]"),
    "a structure that is no more": ("struct outer {", "struct other {"),
}


def types_of(source: str, folder: Path) -> KernelTypes:
    return KernelTypes(Btf(compile_btf(source, folder)))


def plan(types: KernelTypes, kind: str, name: str) -> dict[str, Any]:
    found = types.lookup(kind, name)
    assert found is not None
    actions = [{"do": "print", "fields": [0], "layout": describe(found)}, {"do": "exit", "fields": [1]}]
    return {"enumerators": {}, "records": [{"actions": actions}]}


def run_on(kernel: KernelTypes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Btf, "open", lambda: kernel.btf)


def test_the_same_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    types = types_of(OLD, tmp_path)
    run_on(types, monkeypatch)
    check_layouts(plan(types, "struct", "outer"))
    check_layouts(plan(types, "typedef", "atomic_t"))


@pytest.mark.parametrize("change", CHANGES)
def test_another_kernel(change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = CHANGES[change]
    assert before in OLD
    run_on(types_of(OLD.replace(before, after), tmp_path), monkeypatch)
    with pytest.raises(Failure, match=r"could not enable tracing: (struct )?\w+ is not laid out as where this program was made"):
        check_layouts(plan(types_of(OLD, tmp_path), "struct", "outer"))


def test_types_of_the_script_are_not_the_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Btf, "open", lambda: pytest.fail("there is nothing to look up"))
    layout = {"root": 0, "types": [{"kind": "struct", "kernel": ""}]}
    check_layouts({"enumerators": {}, "records": [{"actions": [{"layout": layout}]}]})


def test_a_constant_of_another_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_on(types_of("enum reason { NO_SOCKET = 3, TOO_SMALL }; enum reason reason;", tmp_path), monkeypatch)
    check_layouts({"enumerators": {"NO_SOCKET": 3, "TOO_SMALL": 4}, "records": []})
    for name, value in {"NO_SOCKET": 2, "UNHEARD_OF": 1}.items():
        with pytest.raises(Failure, match=f"could not enable tracing: {name} is not {value}, as it is where this program was made"):
            check_layouts({"enumerators": {name: value}, "records": []})
