"""Help lines, and how the reader goes on after a mistake."""

from __future__ import annotations

import pytest

from d2bpf.syntax import ast
from tests.syntax.support import mistake, parsed


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("BEGIN { x = 1; // one\n}", "D has no // comments: write /* ... */"),
        ("BEGIN // one\n{ }", "D has no // comments: write /* ... */"),
        ("BEGIN { while (x) ; }", "D has no loops: a probe that fires repeatedly (tick-1s) takes their place"),
        ("BEGIN { switch (x) { } }", "D has no switch: use ?: or several clauses with predicates"),
        ("BEGIN { counter++; }", "counter is a reserved word"),
        ("BEGIN { x = 1\n y = 2; }", "is a ; missing at the end of the line before?"),
        ("BEGIN { int x; }", "variables are declared outside of clauses"),
        ("BEGIN { x = 1;\nEND { }", "is a } missing before this clause?"),
        ("BEGIN /x == 1\n{ }", "is the closing / of the predicate missing?"),
        ("BEGIN { x = (foo_t *)y; }", "foo_t is not a known type"),
        ("BEGIN { x = (foo_t)y; }", "foo_t is not a known type"),
        ("BEGIN { x = (vfs_t *)y; }", "vfs_t is not a known type; on Linux: struct super_block"),
        ("struct s { int a; foo_t b; };", "foo_t is not a known type"),
        ("BEGIN { x = 1;", "a } is missing"),
        ("foo_t x;", "foo_t is not a known type, so it is a probe description"),
        ("syscall:::entry", "{ } is the default action"),
        ("BEGIN { x = y z; }", ""),
        ("BEGIN { ) }", ""),
    ],
)
def test_help(text: str, help: str) -> None:
    assert mistake(text)[2] == help


@pytest.mark.parametrize(
    "wrong",
    [
        "BEGIN { x = ; }",
        "BEGIN { x = 1; // it's wrong }\n}",
        "// it's wrong",
        'BEGIN { x = "open\n; }',
        "BEGIN { x = 1;",
        "BEGIN / x { }",
        "BEGIN",
        "struct s { int } x, *y;",
        "translator a < b c > { };",
        "int x",
        "a:b:c:d:e { }",
        "BEGIN { if (x { y; } z; }",
        "}",
        "self int ;",
        "inline int x == 3;",
        "provider p { probe x y; };",
        "#pragma D foo",
        "@",
    ],
)
def test_items_after_a_mistake_are_read(wrong: str) -> None:
    found, mistakes = parsed(f"{wrong}\nsyscall::read:entry {{ good = 1; }}\nEND {{ better = ; }}\n")
    assert len(mistakes) == 2
    assert [item.probes[0].text for item in found.items if isinstance(item, ast.Clause)] == ["syscall::read:entry"]
    assert mistakes[1] == 'D_SYNTAX syntax error near ";"'
