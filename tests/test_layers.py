"""The package's architecture: imports go downwards, the runtime knows no compiler, few modules touch the machine."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from tests.modules import LAYERS, imports, is_ours, layer, modules, tree, within

MODULES = sorted(modules())

# What the runtime may know of the rest: the plan it runs, and the modules that are embedded beside it.
RUNTIME_SEES = ("runtime", "ir.plan", "wire", "symbols", "target.btf", "target.tracefs", "formats", "options", "buckets")

# Who may reach for the machine: its files under /proc and /sys, its system calls through ctypes.
TOUCH_THE_MACHINE = ("target.host", "target.btf", "target.tracefs", "symbols", "runtime")

# bcc loads LLVM (30 ms): never at load.
NEVER_AT_LOAD = ("bcc",)

LINES_MOST = 800
LINES_USUAL = 600


@pytest.mark.parametrize("name", MODULES)
def test_module_has_a_layer(name: str) -> None:
    assert layer(name) in range(len(LAYERS))


@pytest.mark.parametrize("name", MODULES)
def test_imports_go_downwards(name: str) -> None:
    own = name.split(".")[0]
    wrong = [
        f"{modules()[name]}:{used.line}: {name} imports {used.module}"
        for used in imports(name)
        if is_ours(used.module) and used.module.split(".")[0] != own and layer(used.module) <= layer(name)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", [name for name in MODULES if within(name, ("runtime",))])
def test_runtime_sees_only_the_plan(name: str) -> None:
    wrong = [
        f"line {used.line}: {used.module}"
        for used in imports(name)
        if is_ours(used.module) and not within(used.module, RUNTIME_SEES)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", [name for name in MODULES if not within(name, TOUCH_THE_MACHINE)])
def test_only_few_modules_touch_the_machine(name: str) -> None:
    wrong = [f"line {used.line}: {used.module}" for used in imports(name) if used.module.split(".")[0] == "ctypes"]
    wrong += [
        f"line {node.lineno}: {node.value!r}"
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith(("/proc/", "/sys/"))
        and "\n" not in node.value
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", MODULES)
def test_heavy_modules_load_late(name: str) -> None:
    early = [
        used.module for used in imports(name) if used.at_load and not used.typing_only and used.module in NEVER_AT_LOAD
    ]
    assert not early


@pytest.mark.parametrize("name", MODULES)
def test_only_one_module_knows_ply(name: str) -> None:
    if name != "syntax._ply":
        assert not [used.line for used in imports(name) if used.module.split(".")[0] == "ply"]


def test_modules_stay_readable(record_property: Callable[[str, object], None]) -> None:
    """A module beyond the usual size is reported at the end of the run; beyond the most it fails."""
    sizes = {name: len(path.read_text().splitlines()) for name, path in modules().items()}
    record_property("long modules", {name: size for name, size in sizes.items() if size > LINES_USUAL})
    assert {name: size for name, size in sizes.items() if size > LINES_MOST} == {}
