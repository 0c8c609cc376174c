"""Macro arguments and variables (language.md section 4)."""

from __future__ import annotations

import pytest

from d2bpf.diagnostics import Sink
from d2bpf.syntax import MacroEnv, ParseEnv, ast, unused_argument
from d2bpf.syntax.dump import dump
from tests.syntax.support import expression, parsed, program


def expand(argument: str, macro: str = "$1") -> ast.Expr:
    return expression(macro, ParseEnv(macros=MacroEnv(args=(argument,))))


@pytest.mark.parametrize(
    ("argument", "tree"),
    [
        ("10", "IntLit value=10\n"),
        ("0x10", "IntLit value=16 decimal=False\n"),
        ("010", "IntLit value=8 decimal=False\n"),
        ("+3", "IntLit value=3\n"),
        ("-3", "Unary op='-'\n  operand:\n    IntLit value=3\n"),
        ("bash", "Ident name='bash'\n"),
        ("mod`sym", "KernelSym module='mod' name='sym'\n"),
        ("/tmp/x y", "StrLit value='/tmp/x y'\n"),
        ('"bash"', "StrLit value='bash'\n"),
        (r"a\tb", "StrLit value='a\\tb'\n"),
        ("", "StrLit\n"),
    ],
)
def test_argument_becomes_one_token(argument: str, tree: str) -> None:
    assert dump(expand(argument)) == tree


@pytest.mark.parametrize("argument", ["10", "bash", "a b", '"q"', "-5"])
def test_double_dollar_is_a_string(argument: str) -> None:
    literal = expand(argument, "$$1")
    assert isinstance(literal, ast.StrLit)
    assert literal.value == argument


def test_minus_stays_with_its_number() -> None:
    found = expression("x-$1", ParseEnv(macros=MacroEnv(args=("-5",))))
    assert isinstance(found, ast.Binary)
    assert isinstance(found.right, ast.Unary)


def test_most_negative_integer() -> None:
    assert dump(expand("-9223372036854775808")) == "Unary op='-'\n  operand:\n    IntLit value=9223372036854775808\n"
    assert parsed("BEGIN { x = $1; }", ParseEnv(macros=MacroEnv(args=("-9223372036854775809",))))[1] == [
        "D_MACRO_OFLOW macro argument $1 constant -9223372036854775809 results in integer overflow"
    ]


def test_variables() -> None:
    env = ParseEnv(macros=MacroEnv(ids={"pid": 7, "uid": 0}, target=99, script="x.d"))
    found = expression("f($pid, $uid, $target, $$target, $$0)", env)
    assert isinstance(found, ast.Call)
    assert [getattr(arg, "value", None) for arg in found.args] == [7, 0, None, "99", "x.d"]
    target = found.args[2]
    assert isinstance(target, ast.Ident)
    assert target.name == "__target"  # known when the program runs, so that one translation serves every target


def test_without_a_target() -> None:
    found = expression("f($target, $$target)", ParseEnv())
    assert isinstance(found, ast.Call)
    assert [getattr(arg, "name", getattr(arg, "value", None)) for arg in found.args] == ["__target", "0"]


def test_argument_may_be_a_type() -> None:
    found = expression("($1)x", ParseEnv(macros=MacroEnv(args=("uint8_t",))))
    assert isinstance(found, ast.Cast)


def test_defaultargs() -> None:
    env = ParseEnv(macros=MacroEnv(defaultargs=True))
    assert dump(expression("$1 + $$2", env)) == "Binary op='+'\n  left:\n    IntLit value=0 decimal=False\n  right:\n    StrLit\n"


def test_pragma_defaultargs_takes_effect_at_once() -> None:
    _, mistakes = parsed("BEGIN { $1; }\n#pragma D option defaultargs\nEND { $2; }\n")
    assert mistakes == ["D_MACRO_UNDEF macro argument $1 is not defined"]


def unused(text: str, macros: MacroEnv) -> list[str]:
    program(text, ParseEnv(macros=macros))
    sink = Sink()
    assert unused_argument(macros, sink) == bool(sink.items)
    return [f"{item.code} {item.message}" for item in sink.items]


def test_only_the_last_argument_must_be_used() -> None:
    assert unused("BEGIN { $2; }", MacroEnv(args=("a", "b"))) == []
    expected = ["D_MACRO_UNUSED extraneous argument 'b' ($2 is not referenced)"]
    assert unused("BEGIN { $1; }", MacroEnv(args=("a", "b"))) == expected
    assert unused('BEGIN { "$2"; /* $2 */ }', MacroEnv(args=("a", "b"))) == expected
    assert unused("BEGIN { }", MacroEnv()) == []
    assert unused("BEGIN { }", MacroEnv(args=("a",), argref=True)) == []
    assert unused("tick-$1 { }", MacroEnv(args=("1s",))) == []
