"""What the tests of the front end share."""

from __future__ import annotations

from d2bpf.diagnostics import Sink
from d2bpf.source import SourceFile
from d2bpf.syntax import ParseEnv, ast, parse, parse_expression


def parsed(text: str, env: ParseEnv | None = None, *, is_file: bool = True) -> tuple[ast.Program, list[str]]:
    """The program of a text, and its mistakes as "TAG message"."""
    sink = Sink()
    program = parse(SourceFile("x.d", text, is_file), env or ParseEnv(), sink)
    return program, [f"{item.code} {item.message}" for item in sink.items]


def program(text: str, env: ParseEnv | None = None, *, is_file: bool = True) -> ast.Program:
    """The program of a text without mistakes."""
    found, mistakes = parsed(text, env, is_file=is_file)
    assert mistakes == []
    return found


def expression(text: str, env: ParseEnv | None = None) -> ast.Expr:
    """The expression of a text without mistakes."""
    sink = Sink()
    found = parse_expression(text, env or ParseEnv(), sink)
    assert sink.items == []
    return found


def mistake(text: str, env: ParseEnv | None = None) -> tuple[str, str, str]:
    """(tag, message, help) of the first mistake in a text."""
    sink = Sink()
    parse(SourceFile("x.d", text), env or ParseEnv(), sink)
    return sink.items[0].code, sink.items[0].message, sink.items[0].help
