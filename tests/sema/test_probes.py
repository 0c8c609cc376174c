"""Clauses and the probes they are enabled on; args[] and the code of sites (language.md 2, 9; catalog/schema.py)."""

from __future__ import annotations

from d2bpf.dtypes import Translated
from d2bpf.syntax import ast

from .stub import Analysed, analyse


def enabled(result: Analysed) -> list[list[int]]:
    return [[p.id for p in clause.probes] for clause in result.checked.clauses]


def test_clauses_stand_in_program_order_with_their_probes() -> None:
    result = analyse("END { } syscall::read: { trace(1); }", "BEGIN, tick-1s, BEGIN { trace(2); }")
    assert result.errors == []
    assert enabled(result) == [[2], [20, 21], [1, 10, 1]]
    assert [c.program for c in result.checked.clauses] == [0, 0, 1]
    assert [(p.kind, p.text, p.matched) for p in result.checked.programs] == [("script", "x0.d", 3), ("script", "x1.d", 3)]


def test_a_probe_by_its_number() -> None:
    assert enabled(analyse("20 { }")) == [[20]]


def test_descriptions_without_match_are_permitted_by_zdefs() -> None:
    result = analyse("nosuch:::probe { x = 1; } BEGIN { trace(x); }", zdefs=True)
    assert (result.errors, enabled(result)) == ([], [[], [1]])


def test_a_clause_that_may_match_nothing_is_checked_all_the_same() -> None:
    result = analyse("nosuch:::probe { x = 1; trace(args[0]->pr_pid); } BEGIN { trace(x); }", zdefs=True)
    message = "args[ ] may not be referenced because probe description nosuch:::probe matches an unstable set of probes"
    assert [(e.code, e.message) for e in result.errors] == [("D_ARGS_MULTI", message)]
    assert [e.code for e in analyse("nosuch:::probe { trace(nothing); }", zdefs=True).errors] == ["D_IDENT_UNDEF"]


def test_what_another_description_covers_is_checked_but_for_arguments() -> None:
    result = analyse("syscall::open:entry { x = 1; trace(args[1]->nothing); } BEGIN { trace(x); }")
    assert (result.errors, enabled(result)) == ([], [[], [1]])
    assert result.checked.clauses[0].node.body == ()
    assert [e.code for e in analyse("syscall::open:entry { trace(nothing); } BEGIN { }").errors] == ["D_IDENT_UNDEF"]


def test_a_program_of_nothing_but_what_is_covered_elsewhere_matches_nothing() -> None:
    assert [e.code for e in analyse("syscall::open:entry { x = 1; }").errors] == ["D_PDESC_ZERO"]


def test_a_variable_known_only_to_what_is_left_out_is_undeclared() -> None:
    result = analyse("syscall::open:entry { self->p = args[0]; } BEGIN { trace(self->p); }")
    assert [(e.code, e.message) for e in result.errors] == [("D_VAR_UNDEF", "self->p has not yet been declared or assigned")]


def test_a_description_that_another_covers_is_noted() -> None:
    result = analyse("syscall::open:entry { x = 1; } BEGIN { }")
    assert (result.errors, enabled(result)) == ([], [[], [1]])
    assert result.checked.notes == ["syscall::open:entry: open is openat here, which openat covers already"]


def test_help_of_an_unmatched_description_comes_from_the_catalog() -> None:
    (error,) = analyse("nosuch:::probe { }").errors
    assert error.help == "there is no provider nosuch"


def test_typed_arguments() -> None:
    result = analyse("syscall::read:entry { trace(args[0]); x = args[1]; }")
    assert result.errors == []
    assert (str(result.type("args[0]")), str(result.type("args[1]"))) == ("int", "char *")
    assert result.checked.symbols[result.expr("args[0]")].kind == "args"


def test_translated_arguments() -> None:
    result = analyse("proc:::create { trace(args[0]->p_name); trace(args[1]); }")
    assert result.errors == []
    t = result.type("args[0]")
    assert isinstance(t, Translated)
    assert (str(t.to), str(t.source), t.pointer) == ("person_t", "struct task_struct *", True)
    info = result.checked.translators[result.expr("args[0]->p_name")]
    assert set(info.members) == {"p_name"}
    assert str(info.param.type) == "struct task_struct *"
    (code,) = result.checked.site_code.values()
    expr, native, translator, seen = code.args[0]
    assert (expr.span.text, str(native), translator, seen) == ("t", "struct task_struct *", info, t)
    assert code.args[1][0].span.text == "t->pid"
    assert result.checked.symbols[expr] is code.natives[0]


def test_descriptions_may_share_args_of_equal_types() -> None:
    result = analyse("syscall::read:entry, syscall::write:entry { trace(args[1]); }")
    assert (result.errors, enabled(result)) == ([], [[20, 22]])


def test_a_clause_is_compiled_anew_for_descriptions_whose_args_differ() -> None:
    result = analyse("syscall::read:entry, syscall::read:return, syscall::write:entry { x = args[0]; trace(args[0]); }")
    assert result.errors == []
    assert enabled(result) == [[20], [21], [22]]
    first, second, third = (c.node for c in result.checked.clauses)
    assert first is not second
    assert [str(t) for n, t in result.checked.types.items() if n.span.text == "args[0]"] == [
        "int",
        "int",
        "int64_t",
        "int64_t",
        "int",
        "int",
    ]
    assert [str(v.type) for v in result.checked.variables] == ["int"]
    assert isinstance(third.body, tuple)


def test_descriptions_whose_args_differ_share_a_clause_that_does_not_use_them() -> None:
    result = analyse("syscall::read:entry, syscall::read:return { trace(arg0); }")
    assert enabled(result) == [[20, 21]]


def test_site_code_goes_as_far_as_it_is_used() -> None:
    result = analyse(
        "syscall::read:entry { trace(1); } syscall::write:entry { trace(arg1); } syscall::read:return { trace(arg1); }"
    )
    assert result.errors == []
    code = {p.id: result.checked.site_code[id(p.sites[0])] for c in result.checked.clauses for p in c.probes}
    assert {n: ([e.span.text for e in c.argn], len(c.args)) for n, c in code.items()} == {
        20: ([], 0),
        22: (["a0", "a1"], 0),
        21: (["ret", "ret + 1"], 0),
    }
    assert [(s.kind, s.name, str(s.type)) for s in code[22].natives] == [("param", "a0", "int64_t"), ("param", "a1", "int64_t")]
    assert all(e in result.checked.types for c in code.values() for e in c.argn)


def test_sites_that_agree_share_their_code() -> None:
    result = analyse("syscall::read:entry, syscall::write:entry { trace(arg0); }")
    a, b = (result.checked.site_code[id(p.sites[0])] for p in result.checked.clauses[0].probes)
    assert a is b


def test_arguments_used_in_inlines_and_predicates_count() -> None:
    result = analyse("inline int64_t FIRST = arg1; syscall::write:entry /FIRST/ { }")
    assert result.errors == []
    (code,) = result.checked.site_code.values()
    assert len(code.argn) == 2


def test_missing_raw_arguments_are_no_error() -> None:
    result = analyse("BEGIN { trace(arg9); }")
    assert result.errors == []
    (code,) = result.checked.site_code.values()
    assert code.argn == ()


def test_body_comes_first_when_the_predicate_needs_its_variable() -> None:
    result = analyse("BEGIN /self->in/ { self->in = 1; } END /seen == 0/ { seen = timestamp; }")
    assert result.errors == []
    assert [(v.name, str(v.type)) for v in result.checked.variables] == [("in", "int"), ("seen", "uint64_t")]


def test_a_predicate_that_nothing_declares() -> None:
    result = analyse("BEGIN /self->in/ { self->out = 1; }")
    assert [e.code for e in result.errors] == ["D_VAR_UNDEF"]


def test_pointer_to_the_first_destructive_call() -> None:
    result = analyse('BEGIN { trace(1); raise(9); system("ls"); }')
    assert isinstance(result.checked.destructive, ast.Call)
    assert result.checked.destructive.name == "raise"
    assert analyse('BEGIN { ftruncate(); setopt("quiet"); }').checked.destructive is None
