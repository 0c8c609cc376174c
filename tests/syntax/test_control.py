"""Control lines (language.md section 5)."""

from __future__ import annotations

from d2bpf.diagnostics import Sink
from d2bpf.source import SourceFile
from d2bpf.syntax import ParseEnv, ast, parse
from tests.syntax.support import mistake, parsed, program


def pragmas(text: str, env: ParseEnv | None = None) -> list[tuple[str, tuple[str, ...]]]:
    items = program(text, env).items
    return [(item.kind, item.words) for item in items if isinstance(item, ast.Pragma)]


def test_options_are_set_as_they_are_met() -> None:
    calls: list[tuple[str, str | None]] = []

    def set_option(name: str, value: str | None) -> str | None:
        calls.append((name, value))
        return None

    text = "#pragma D option quiet\n  #  pragma D option bufsize=4m /* big */\n#pragma D option cpp=\nBEGIN { }\n"
    found = pragmas(text, ParseEnv(set_option=set_option))
    assert calls == [("quiet", None), ("bufsize", "4m"), ("cpp", "")]
    assert found == [("option", ("quiet",)), ("option", ("bufsize", "4m")), ("option", ("cpp", ""))]


def test_pragma_stands_before_the_clause_that_it_is_in() -> None:
    items = program("BEGIN { x = 1;\n#pragma D option quiet\n}\nEND { }\n").items
    assert [type(item).__name__ for item in items] == ["Pragma", "Clause", "Clause"]


def test_ignored_lines() -> None:
    text = '#!/usr/sbin/dtrace -s\n#\n#ident "@(#)x"\n#pragma ident "x"\n#pragma once\n#! again\nBEGIN { }\n'
    assert [type(item).__name__ for item in program(text).items] == ["Clause"]


def test_line_marks() -> None:
    text = '# 1 "x.d"\nint a;\n# 10 "inc.h" 1\nint b;\n# 3 "x.d" 2\nint c;\n#line 90\nint d;\n'
    source = SourceFile("x.d", text)
    found = parse(source, ParseEnv(), Sink())
    places = [source.where(item.span.start)[:2] for item in found.items]
    assert places == [("x.d", 1), ("inc.h", 10), ("x.d", 3), ("x.d", 90)]


def test_line_mark_inside_a_clause() -> None:
    source = SourceFile("x.d", 'BEGIN\n{\n# 50 "y.d"\nx = 1;\n}\n')
    (clause,) = parse(source, ParseEnv(), Sink()).items
    assert isinstance(clause, ast.Clause)
    assert clause.body is not None
    assert source.where(clause.body[0].span.start) == ("y.d", 50, 1)


def test_second_parse_of_a_source_has_the_same_marks() -> None:
    source = SourceFile("x.d", '# 5 "y.d"\nint a;\n')
    parse(source, ParseEnv(), Sink())
    parse(source, ParseEnv(), Sink())
    assert source.marks == [(10, 5, "y.d")]


def test_continued_line_and_open_comment() -> None:
    assert pragmas("#pragma D \\\n option quiet\nBEGIN { }") == [("option", ("quiet",))]
    assert pragmas("#pragma D option quiet /* goes\n on */\nBEGIN { }") == [("option", ("quiet",))]


def test_library_may_depend_on_a_library() -> None:
    assert pragmas("#pragma D depends_on library net.d\n", ParseEnv(library=True)) == [("depends_on", ("library", "net.d"))]


def test_empty_programs_if_permitted() -> None:
    assert program("/* nothing */", ParseEnv(empty=True)).items == ()
    assert parsed("#pragma D option empty\n")[1] == []


def test_help_for_what_cpp_does() -> None:
    assert mistake("#define X 1\nBEGIN { }")[2] == "only the C preprocessor knows it: use -C"
    assert mistake("#pragma D option a = b\nBEGIN { }")[2] == "no blanks around ="
