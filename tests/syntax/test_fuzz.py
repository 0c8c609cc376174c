"""Whatever the text, the front end answers with a tree and diagnostics, in bounded time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from d2bpf.codes import known
from d2bpf.diagnostics import Sink, render
from d2bpf.source import SourceFile
from d2bpf.syntax import MacroEnv, ParseEnv, ast, parse
from d2bpf.syntax.dump import dump
from d2bpf.syntax.expressions import _BINARY_LEVELS
from d2bpf.syntax.items import MAX_DEPTH
from d2bpf.syntax.tokens import KEYWORDS, PUNCTUATORS
from tests.syntax.support import expression

HERE = Path(__file__).parent
SECONDS_MOST = 30.0  # a hang, on however busy a machine

# Whatever else a D program holds, and what is wrong with some.
OTHER_WORDS = r"""
x foo_t self-> this-> @ @a ` m`s ``u $1 $$1 $9 $target $ 09 0x1f 1.5 1e5 99999999999999999999 'a' '' ' " "a" "\n" /* */ //
\ # #! BEGIN tick-1s syscall::read:entry pid$1::: userland é
"""
WORDS = [*PUNCTUATORS, *KEYWORDS, *OTHER_WORDS.split(), "\udcff", "\0", "\r", "\f"]
LINES = ["\n", "\n#pragma D option quiet\n", '\n# 3 "y.h"\n', "\n#line\n", "\n#pragma D\n", "\n#!\n", "\\\n"]
SCRIPTS = [path.read_text() for path in sorted(HERE.glob("*/*.d"))]


def check(text: str, is_file: bool = True) -> list[str]:
    """Parse anything; the codes of its mistakes."""
    source, sink = SourceFile("x.d", text, is_file), Sink()
    env = ParseEnv(is_type=lambda name, module: name.endswith("_t"), macros=MacroEnv(args=("7", "a b")))
    started = time.perf_counter()
    found = parse(source, env, sink)
    assert time.perf_counter() - started < SECONDS_MOST
    dump(found)
    assert ast.deeper_than(found, MAX_DEPTH + 1) is None
    for item in sink.items:
        assert known(item.code)
        assert render(item, "failed to compile script x.d", errtags=True).startswith("dtrace: failed")
    return [item.code for item in sink.items]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from([*WORDS, *LINES]), max_size=40), st.sampled_from(["", " "]), st.booleans())
def test_token_soup(words: list[str], glue: str, is_file: bool) -> None:
    check(glue.join(words), is_file)


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=60), st.booleans())
def test_any_text(text: str, is_file: bool) -> None:
    check(text, is_file)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(SCRIPTS), st.data())
def test_mutated_scripts(script: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(script)))
        gone = data.draw(st.sampled_from([0, 1, 3, 20]))
        script = script[:at] + data.draw(st.sampled_from(["", "", *WORDS, *LINES])) + script[at + gone :]
    check(script)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("(" * 10000, {"D_SYNTAX"}),
        ("BEGIN { x = " + "(" * 20000 + "1" + ")" * 20000 + "; }", set()),
        ("BEGIN { x = " + "-" * 1001 + "1; }", {"D_SYNTAX"}),
        ("BEGIN { x = " + "a." * 1000 + "b; }", {"D_SYNTAX"}),
        ("BEGIN {" + "x = 1;\n" * 5000 + "}", set()),
        ("BEGIN { " * 2000, {"D_SYNTAX"}),
        ("BEGIN { if (x) " * 2000, {"D_SYNTAX"}),
        ("struct { " * 2000, {"D_SYNTAX"}),
        ("a:" * 20000, {"D_PDESC_INVAL"}),
        ("/*" * 20000, {"D_SYNTAX"}),
        ("x`" * 20000, {"D_SYNTAX"}),
        ("a" * 100000, {"D_SYNTAX"}),
        ("BEGIN { x = " + "9" * 100000 + "; }", {"D_INT_OFLOW"}),
        ("BEGIN { x = '" + "a" * 100000 + "'; }", {"D_CHR_OFLOW"}),
        ("BEGIN { x = (y" + " " * 20000 + "z; }", {"D_SYNTAX"}),
        ("#\n" * 20000, {"D_EMPTY"}),
        ("}" * 3000, {"D_SYNTAX"}),
    ],
    ids=lambda value: repr(value)[:20] if isinstance(value, str) else "",
)
def test_large_and_deep(text: str, codes: set[str]) -> None:
    assert set(check(text)) == codes


def test_deepest_that_is_permitted() -> None:
    assert check("BEGIN { x = " + "- " * (MAX_DEPTH - 3) + "1; }") == []
    assert check("BEGIN { x = " + "- " * (MAX_DEPTH - 2) + "1; }") == ["D_SYNTAX"]


# ---------------------------------------------------------------- printing and parsing again

BINARY = {operator: 10 - level for level, (_, operators) in enumerate(_BINARY_LEVELS) for operator in operators.split()}
UNARY_RANK, POSTFIX_RANK = 11, 12

names = st.sampled_from(["a", "b", "self->c", "this->d", "`e", "m`f", "7", "0x1f", '"s"', "'c'", "@g"])


def trees() -> st.SearchStrategy[object]:
    """Expressions as nested tuples: ("binary", op, left, right), ("unary", op, x), ("index", x, (y, ...)) ..."""
    return st.recursive(
        names,
        lambda below: st.one_of(
            st.tuples(st.just("binary"), st.sampled_from(sorted(BINARY)), below, below),
            st.tuples(st.just("unary"), st.sampled_from(["-", "+", "!", "~", "*", "&", "++", "--"]), below),
            st.tuples(st.just("postfix"), st.sampled_from(["++", "--"]), below),
            st.tuples(st.just("member"), st.sampled_from([".", "->"]), below),
            st.tuples(st.just("index"), below, st.lists(below, min_size=1, max_size=3)),
            st.tuples(st.just("call"), st.lists(below, max_size=3)),
            st.tuples(st.just("cond"), below, below, below),
        ),
        max_leaves=12,
    )


def written(tree: object, rank: int = -1) -> str:
    """A tree as D with no more parentheses than needed; `rank` is what the place binds tighter than or as tight as."""
    if isinstance(tree, str):
        return tree
    assert isinstance(tree, tuple)
    own, text = _written(tree)
    return text if own >= rank else f"({text})"


def _written(tree: tuple[object, ...]) -> tuple[int, str]:
    kind, *parts = tree
    if kind == "binary":
        own = BINARY[str(parts[0])]
        return own, f"{written(parts[1], own)} {parts[0]} {written(parts[2], own + 1)}"
    if kind == "unary":
        return UNARY_RANK, f"{parts[0]} {written(parts[1], UNARY_RANK)}"
    if kind == "postfix":
        return POSTFIX_RANK, f"{written(parts[1], POSTFIX_RANK)} {parts[0]}"
    if kind == "member":
        return POSTFIX_RANK, f"{written(parts[1], POSTFIX_RANK)} {parts[0]} name"
    if kind == "index":
        return POSTFIX_RANK, f"{written(parts[0], POSTFIX_RANK)}[{_listed(parts[1])}]"
    if kind == "call":
        return POSTFIX_RANK, f"f({_listed(parts[0])})"
    return -1, f"{written(parts[0], 0)} ? {written(parts[1])} : {written(parts[2], -1)}"


def _listed(trees: object) -> str:
    assert isinstance(trees, list)
    return ", ".join(map(written, trees))


def shape(node: ast.Node) -> object:
    """The tuples that a parsed expression stands for."""
    match node:
        case ast.Binary(op=op, left=left, right=right):
            return "binary", op, shape(left), shape(right)
        case ast.Unary(op=op, operand=operand):
            return "unary", op, shape(operand)
        case ast.Postfix(op=op, operand=operand):
            return "postfix", op, shape(operand)
        case ast.MemberOf(base=base, arrow=arrow):
            return "member", "->" if arrow else ".", shape(base)
        case ast.Index(base=base, indices=indices):
            return "index", shape(base), [shape(index) for index in indices]
        case ast.AggRef(keys=keys) if keys is not None:
            return "index", "@g", [shape(key) for key in keys]
        case ast.Call(args=args):
            return "call", [shape(arg) for arg in args]
        case ast.Cond(test=test, then=then, other=other):
            return "cond", shape(test), shape(then), shape(other)
    return node.span.text.strip("() ")


@settings(deadline=None, max_examples=400)
@given(trees())
def test_written_tree_parses_to_itself(tree: object) -> None:
    assert shape(expression(written(tree))) == tree
