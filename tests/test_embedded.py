"""Modules that travel inside emitted programs keep to an older Python and to its standard library."""

from __future__ import annotations

import ast
import sys

import pytest

from tests.modules import EMBEDDED, EMBEDDED_PYTHON, embedded, imports, is_ours, modules, tree, within

# Costly or absent where emitted programs run. `re` costs 6 ms: inside a function only.
BANNED = ("dataclasses", "typing", "typing_extensions", "cxxfilt", "ply", "enum", "collections.abc")
STANDARD = sys.stdlib_module_names | {"_sha256", "_sha2"}  # the same module before and after Python 3.12
NEWER_CALLS = {"bit_count", "pairwise", "aiter", "anext", "file_digest", "eventfd"}
LATE_ONLY = ("re", "subprocess", "json", "ctypes.util", "argparse", "importlib", "inspect")


@pytest.mark.parametrize("name", embedded())
def test_embedded_module_parses_on_old_python(name: str) -> None:
    path = modules()[name]
    ast.parse(path.read_text(), str(path), feature_version=EMBEDDED_PYTHON)


@pytest.mark.parametrize("name", embedded())
def test_embedded_module_uses_no_newer_library(name: str) -> None:
    """What a parser cannot see: calls that came after Python 3.9."""
    wrong = []
    for node in ast.walk(tree(name)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        newer = called in NEWER_CALLS or (called == "zip" and any(word.arg == "strict" for word in node.keywords))
        newer |= called == "isinstance" and isinstance(node.args[1], ast.BinOp)
        if newer:
            wrong.append(f"{modules()[name]}:{node.lineno}: {ast.unparse(node)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", embedded())
def test_embedded_module_imports_what_an_emitted_program_has(name: str) -> None:
    wrong = []
    for used in imports(name):
        if used.typing_only or used.module == "__future__":
            continue
        if is_ours(used.module):
            allowed = within(used.module, EMBEDDED)
        else:
            allowed = used.module.split(".")[0] in STANDARD and used.module not in BANNED
            allowed = allowed and not (used.at_load and used.module in LATE_ONLY)
        if not allowed:
            wrong.append(f"{modules()[name]}:{used.line}: {used.module}")
    assert not wrong, "\n".join(wrong)
