"""Where a name is a type, and where it is not."""

from __future__ import annotations

import pytest

from d2bpf.diagnostics import Abandon, Sink
from d2bpf.syntax import ParseEnv, ast, parse_type
from tests.syntax.support import expression, parsed, program

ENV = ParseEnv(is_type=lambda name, module: name in ("foo_t", "pid") and module in ("", "vmlinux"))


def test_cast_to_a_known_type() -> None:
    cast = expression("(foo_t *)arg0", ENV)
    assert isinstance(cast, ast.Cast)
    assert isinstance(cast.type.spec, ast.NamedType)
    assert cast.type.declarator.parts == (("pointer",),)


def test_type_of_a_module() -> None:
    cast = expression("(vmlinux`foo_t)arg0", ENV)
    assert isinstance(cast, ast.Cast)
    assert isinstance(cast.type.spec, ast.NamedType)
    assert (cast.type.spec.module, cast.type.spec.name) == ("vmlinux", "foo_t")


@pytest.mark.parametrize("text", ["(pid + 1)", "f(pid)", "pid", "x->pid", "(x.pid)", "pid * pid", "self->pid", "@a[pid]"])
def test_name_of_a_type_as_a_variable(text: str) -> None:
    assert not isinstance(expression(text, ENV), ast.Cast)


@pytest.mark.parametrize("text", ["sizeof (pid)", "offsetof(pid, x)", "(pid)x", "(pid **)x", "(const pid)x"])
def test_name_of_a_type_as_a_type(text: str) -> None:
    found = expression(text, ENV)
    assert isinstance(found, (ast.SizeofType, ast.Offsetof, ast.Cast))
    assert isinstance(found.type.spec, ast.NamedType)


def test_typedef_is_known_to_the_next_item_and_the_next_program() -> None:
    env = ParseEnv()
    program("typedef int my_t; my_t x; BEGIN { y = (my_t)z; }", env)
    assert env.typedefs == {"my_t"}
    assert isinstance(expression("(my_t)z", env), ast.Cast)


def test_typedef_of_a_wrong_item_is_not_known() -> None:
    env = ParseEnv()
    parsed("typedef int my_t[;", env)
    assert env.typedefs == set()


def test_word_outside_is_a_declaration_only_if_a_type() -> None:
    (declared,) = program("foo_t x;", ENV).items
    assert isinstance(declared, ast.Declaration)
    (declared,) = program("foo_t*x;", ENV).items
    assert isinstance(declared, ast.Declaration)
    (clause,) = program("bar_t { }", ENV).items
    assert isinstance(clause, ast.Clause)
    (clause,) = program("foo_t-x { }", ENV).items
    assert isinstance(clause, ast.Clause)


def test_pspec_prefers_descriptions() -> None:
    (clause,) = program("foo_t { }", ParseEnv(is_type=ENV.is_type, pspec=True)).items
    assert isinstance(clause, ast.Clause)
    (declared,) = program("int x;", ParseEnv(pspec=True)).items
    assert isinstance(declared, ast.Declaration)


@pytest.mark.parametrize("text", ["BEGIN { }", "BEGIN\n{ }", "BEGIN,END { }", "BEGIN /x/ { }", "int x;", "syscall::: { }"])
def test_types_are_not_looked_up_needlessly(text: str) -> None:
    def is_type(name: str, module: str) -> bool:
        raise AssertionError(name)

    program(text, ParseEnv(is_type=is_type))


def test_declared_name_may_be_that_of_a_type() -> None:
    typedef, variable, member = program("typedef int foo_t; foo_t foo_t; struct s { foo_t foo_t; };", ENV).items
    for item in (typedef, variable):
        assert isinstance(item, ast.Declaration)
        assert [declarator.name for declarator in item.declarators] == ["foo_t"]
    assert isinstance(member, ast.Declaration)


@pytest.mark.parametrize("text", ["int", "struct request *", "foo_t [3]", "char *(*)(int)", "unsigned long", "string"])
def test_parse_type(text: str) -> None:
    kind = parse_type(text, ENV, Sink())
    assert kind.span.text == text
    assert kind.declarator.name == ""


def test_parse_type_raises_after_reporting() -> None:
    sink = Sink()
    with pytest.raises(Abandon):
        parse_type("bar_t *", ENV, sink)
    assert [(item.code, item.message) for item in sink.items] == [("D_SYNTAX", 'syntax error near "bar_t"')]
