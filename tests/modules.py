"""What the tests know about the package's modules: which layer each is in, which are embedded, what each imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "d2bpf"

# Top to bottom. A module may import from its own entry and from those below; entries on one line do not see each other.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("__main__",),
    ("cli",),
    ("listing", "lint"),
    ("compiler",),
    ("backends", "runtime"),
    ("lower",),
    ("sema",),
    ("catalog", "builtins"),
    ("syntax",),
    ("ir",),
    ("target", "symbols"),
    ("command",),
    ("dtypes", "formats", "options"),
    ("diagnostics",),
    ("codes",),
    ("source", "wire", "buckets"),
)

# Copied into emitted programs, which run on the Python of older distributions with nothing but its standard library.
EMBEDDED = ("wire", "runtime", "symbols", "formats", "options", "buckets", "target.btf", "target.tracefs")
EMBEDDED_PYTHON = (3, 9)


@dataclass(frozen=True)
class Import:
    """One import statement's target as a dotted module name; `typing_only`: it stands under `if TYPE_CHECKING:`;
    `at_load`: it is carried out when its module is (not inside a function)."""

    module: str
    line: int
    typing_only: bool
    at_load: bool


@cache
def modules() -> dict[str, Path]:
    """Every module of the package by its name below `d2bpf` ("syntax.ast", "runtime" for runtime/__init__.py)."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if "_data" in path.parts:
            continue
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts[-1] == "__init__":
            parts = parts[:-1]
        found[".".join(parts)] = path
    del found[""]  # d2bpf/__init__.py: the version, in no layer
    return found


@cache
def tree(name: str) -> ast.Module:
    path = modules()[name]
    return ast.parse(path.read_text(), str(path))


def within(name: str, prefixes: tuple[str, ...]) -> bool:
    """Whether a module is one of `prefixes` or inside one that is a package."""
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


def embedded() -> list[str]:
    return [name for name in modules() if within(name, EMBEDDED)]


def layer(name: str) -> int:
    """Index into LAYERS; KeyError for a module that has no place there."""
    top = name.split(".")[0]
    for index, entries in enumerate(LAYERS):
        if top in entries:
            return index
    raise KeyError(name)


def imports(name: str) -> list[Import]:
    """All imports of a module, also those inside functions; relative ones resolved to names below `d2bpf`."""
    is_package = modules()[name].name == "__init__.py"
    package = name.split(".") if is_package else name.split(".")[:-1]
    return list(_walk(tree(name).body, package, False, True))


def _walk(nodes: list[ast.stmt], package: list[str], typing_only: bool, at_load: bool) -> Iterator[Import]:
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(_below(alias.name), node.lineno, typing_only, at_load)
        elif isinstance(node, ast.ImportFrom):
            for module in _targets(node, package):
                yield Import(module, node.lineno, typing_only, at_load)
        else:
            inside = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
            typing = typing_only or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
            for field in ("body", "orelse", "finalbody"):
                yield from _walk(getattr(node, field, []), package, typing and field == "body", at_load and not inside)
            for part in (*getattr(node, "handlers", []), *getattr(node, "cases", [])):
                yield from _walk(part.body, package, typing_only, at_load)


def _targets(node: ast.ImportFrom, package: list[str]) -> Iterator[str]:
    """`from . import a, b` names modules a and b; `from .a import x` module a, or module a.x where that is one."""
    if node.level:
        base = package[: len(package) - (node.level - 1)]
        prefix = ".".join([*base, *([node.module] if node.module else [])])
    elif node.module == "d2bpf" or (node.module or "").startswith("d2bpf."):
        prefix = _below(node.module or "")
    else:
        yield node.module or ""
        return
    for alias in node.names:
        full = f"{prefix}.{alias.name}" if prefix else alias.name
        yield full if full in modules() else prefix


def _below(name: str) -> str:
    return name.removeprefix("d2bpf.")


def is_ours(name: str) -> bool:
    return name in modules()
