"""Names, inlines, translators and provider libraries; what one error leaves behind (language.md 8.2, 9)."""

from __future__ import annotations

import pytest

from d2bpf.diagnostics import Sink
from d2bpf.dtypes import Translated
from d2bpf.sema import check
from d2bpf.sema.prototypes import Prototype, parse
from d2bpf.source import SourceFile
from d2bpf.syntax import ParseEnv, ast
from d2bpf.syntax import parse as parse_program

from .stub import Catalog, Target, analyse, body


def codes(*texts: str) -> list[str]:
    return [e.code for e in analyse(*texts).errors]


# ---------------------------------------------------------------- several programs


def test_names_of_earlier_programs_are_known_to_later_ones() -> None:
    result = analyse(
        "typedef int number; inline number N = 3; struct s { int x; };", "struct s v; number n; BEGIN { n = N; trace(v.x); }"
    )
    assert result.errors == []


def test_check_takes_programs_that_have_been_parsed() -> None:
    sink = Sink()
    trees = [parse_program(SourceFile("x.d", text), ParseEnv(), sink) for text in ("BEGIN { x = 1; }", "END { trace(x); }")]
    checked = check([(t, "script", "x.d") for t in trees], Target(), Catalog(), None, {}, sink)
    assert checked is not None
    assert [v.name for v in checked.variables] == ["x"]
    assert check([(trees[1], "script", "x.d")], Target(), Catalog(), None, {}, sink) is None


# ---------------------------------------------------------------- cascades


@pytest.mark.parametrize(
    "text",
    [
        "BEGIN { x = nothing; trace(x); y = x + 1; } END { trace(y); }",
        "BEGIN { self->x = nothing; } END /self->x/ { trace(self->x); }",
        "BEGIN { a[1] = nothing; trace(a[2]); a[3]++; }",
        "BEGIN { @a = sum(nothing); printa(@a); clear(@a); }",
        "inline int I = nothing; BEGIN { trace(I); }",
        "BEGIN { trace(nothing); trace(nothing); }",
        "BEGIN { trace((struct nosuch *)0); trace(sizeof (struct nosuch)); }",
        "nosuch:::probe { trace(args[0]->x); }",
        "int a[pid]; BEGIN { trace(a[0]); }",
        "BEGIN { if (nothing) { x = nothing; } trace(x); }",
        "syscall::read:entry, syscall::read:return { trace(nothing); x = args[0]; }",
    ],
)
def test_one_mistake_is_one_error(text: str) -> None:
    assert len(codes(text)) == 1


def test_several_mistakes_are_several_errors() -> None:
    text = "BEGIN { trace(one); trace(&1); } BEGIN /two/ { trace(strlen()); @a = 1; } int pid; inline int i = three;"
    assert codes(text) == [
        "D_IDENT_UNDEF",
        "D_ADDROF_LVAL",
        "D_PROTO_LEN",
        "D_AGG_FUNC",
        "D_IDENT_UNDEF",
        "D_DECL_IDRED",
        "D_IDENT_UNDEF",
    ]


def test_a_good_assignment_declares_after_a_bad_one() -> None:
    result = analyse("BEGIN { x = nothing; } BEGIN { x = 1; } END { trace(x); }")
    assert [e.code for e in result.errors] == ["D_IDENT_UNDEF"]
    assert [str(v.type) for v in result.checked.variables] == ["int"]


# ---------------------------------------------------------------- help


@pytest.mark.parametrize(
    "statement, help",
    [
        ("trace(curthread->tgidd);", "struct task_struct has tgid"),
        ("trace(curthread->t_state);", "on Linux: __state, whose values are others"),
        ("trace((struct proc *)0);", "on Linux: struct task_struct (of the thread group's leader)"),
        ("trace(machtimestamp);", "machtimestamp is macOS's: use timestamp"),
        ("prinf(1);", "did you mean printf( )?"),
        ("trace(strlen);", "write strlen(...)"),
        ("@a[1] = count(); clear(@a[1]);", "an aggregation is named without keys here: @a"),
    ],
)
def test_help(statement: str, help: str) -> None:
    (error,) = analyse(f"BEGIN {{ {statement} }}").errors
    assert error.help == help


# ---------------------------------------------------------------- inlines and translators


def test_inlines_may_use_anything_a_clause_may() -> None:
    result = body_with(
        "inline string who = execname; inline int big = pid > 1000 && self->on;", "self->on = 1; trace(who); trace(big);"
    )
    assert result == ["D_VAR_UNDEF"]
    assert (
        body_with("self int on; inline string who = execname; inline int big = pid > 1000 && self->on;", "trace(who); trace(big);")
        == []
    )


def body_with(declarations: str, statements: str) -> list[str]:
    return codes(f"{declarations} BEGIN {{ {statements} }}")


def test_inlines_with_parameters_see_their_own_names_only() -> None:
    assert body_with("inline int f[int pid] = pid * 2;", "trace(f[3]);") == []
    assert body_with("inline int f[int n] = n * 2;", "trace(n);") == ["D_IDENT_UNDEF"]


def test_an_inline_of_a_translated_value_is_translated() -> None:
    result = analyse("inline person_t *me = xlate <person_t *> (curthread); BEGIN { trace(me->p_id); }")
    assert result.errors == []
    assert isinstance(result.type("me"), Translated)


def test_translators_written_by_the_user() -> None:
    result = analyse(
        """
        struct from { int a; char *b; }; typedef struct to { int c; string d; long e; } to_t;
        translator to_t < struct from *F > { c = F->a + 1; d = stringof(F->b); };
        BEGIN { trace((xlate <to_t *> ((struct from *)arg0))->d); t = xlate <to_t> ((struct from *)arg0); trace(t.c); }
        """
    )
    assert result.errors == []
    assert [str(v.type) for v in result.checked.variables] == ["to_t"]
    (info,) = set(result.checked.translators.values())
    assert {name: str(t) for name, (_, t) in info.members.items()} == {"c": "int", "d": "string"}


def test_a_nested_translation_stays_one() -> None:
    result = analyse("BEGIN { trace(curdiary->d_when.s_sec); }")
    assert result.errors == []
    outer, inner = (result.checked.translators[result.expr(e)] for e in ("curdiary->d_when", "curdiary->d_when.s_sec"))
    assert (str(outer.dst), str(inner.dst), set(inner.members)) == ("diary_t", "stamp_t", {"s_sec"})


# ---------------------------------------------------------------- provider libraries


def test_libraries_are_read_when_a_name_needs_them() -> None:
    assert analyse("BEGIN { x = 1; }").libraries.read == []
    assert analyse("BEGIN { trace(ENOENT); trace(LETTER); }").libraries.read == ["constants"]
    assert analyse("person_t *p; BEGIN { trace(1); }").libraries.read == ["person"]


def test_members_of_library_translators_are_typed_as_they_are_used() -> None:
    result = analyse("BEGIN { trace(curperson->p_id); }")
    (info,) = set(result.checked.translators.values())
    assert set(info.members) == {"p_id"}


def test_a_program_may_define_what_a_library_does() -> None:
    assert codes("inline int ENOENT = 7; BEGIN { trace(ENOENT + LETTER); }") == []
    assert codes("BEGIN { trace(LETTER); } inline int ENOENT = 7; BEGIN { trace(ENOENT); }") == []
    assert codes("struct person { int mine; }; struct person p; BEGIN { trace(p.mine); trace(curperson->p_id); }") == []
    assert codes("typedef long stamp_t; stamp_t s; BEGIN { s = 1; trace(curperson->p_id); }") == []


def test_a_wrong_library_is_reported_with_its_place() -> None:
    first, *_ = analyse("BEGIN { trace(wrong_inline); }").errors
    assert first.code == "X_PROVIDER"


# ---------------------------------------------------------------- valid statements


@pytest.mark.parametrize(
    "statements",
    [
        "if (pid) { trace(1); } else if (uid) trace(2); else { x = 1; }",
        "if (pid) { commit(1); } else { discard(1); } trace(1);",
        'if (pid) { speculate(1); printf("x"); } trace(1);',
        'speculate(speculation()); trace(1); printf("%s", execname);',
        "x = speculation(); speculate(x); x = 1; self->y = 2;",
        "commit(x = 1); y = 2; discard(x);",
        "discard(1); trace(1); discard(2);",
        '@a = count(); @a = count(); @b[1, execname] = lquantize(pid, 0, 10, 2); @b[2, "x"] = lquantize(uid, 0, 10, 2, 3);',
        "@q = quantize(pid, -1); @l = llquantize(pid, 10, 0, 6, 20); @m = min(curthread); @s = stddev(arg0);",
        "@a[stack(), ustack(3), sym(arg0), usym(arg1), probefunc, pid, curthread] = count();",
        '@a[1] = count(); @b[(long)2] = sum(1); printa(@a, @b); printa("%d %@d %@x\\n", @a, @b); printa("none", @a);',
        '@a[1, execname] = count(); printa("%*s %@d", @a);',
        "@[execname] = count(); printa(@); trunc(@); trunc(@, -5); normalize(@, timestamp); denormalize(@); clear(@);",
        "printf(\"%d %i %x %o %u %X %#p %p\", pid, uid, arg0, 'a', timestamp, 1, curthread, arg1);",
        "printf(\"%ld %lld %hd %lu %llx\", pid, pid, arg0, 'a', 1);",
        'printf("%s %S %-10.5s %*s %.*s", execname, curthread->comm, "x", 5, probefunc, 3, execname);',
        "printf(\"%c %C %Y %T %a %A %k\", 'a', (char)3, walltimestamp, timestamp, caller, arg0, stack());",
        'printf("%%\\n"); system("echo %s %d", execname, pid); freopen("/tmp/%d", pid); freopen("");',
        "trace(stack()); trace(sym(arg0)); stack(); ustack(5, 0); jstack(); mod(arg0); print(pid); print(*curthread);",
        "tracemem(arg0, 10); tracemem(curthread, sizeof (struct task_struct), pid); exit(0); raise(9); stop(); chill(1);",
        'setopt("quiet"); setopt("strsize", execname);',
        'p = alloca(8); bcopy(curthread, p, 8); copyinto(arg0, 8, (char *)p + 1); copyout(p, arg0, 8); copyoutstr("x", arg0, 2);',
        "self->p = (int *)copyin(arg0, 8); *self->p = 1; self->p[1] = 2; trace(strlen((char *)self->p));",
        'y = 1; y; strlen("a"); 1; pid, uid; (void)1; curthread->pid;',
        "x = y = z = 1; x += 2; x <<= 3; x %= 2; p = curthread; p += 1; p++; p -= 2;",
        'trace(execname == "a" || "b" > probefunc); trace(curthread->comm == execname); trace(execname != NULL);',
        'trace(strtok(NULL, ",")); trace(index("a", "b", 1)); trace(strchr("a", \'a\')); trace(inet_ntop(2, curthread));',
        "trace(sizeof pid); trace(sizeof (pid) + 1); trace(&curthread->tgid);",
        "trace(`jiffies); trace(vmlinux`jiffies + 1); trace(&`jiffies);",
        "tracemem(&curthread->comm, 16); trace(curthread->comm[3]); trace(curthread->parent->parent->deep);",
    ],
)
def test_valid(statements: str) -> None:
    body(statements)


# ---------------------------------------------------------------- prototypes


@pytest.mark.parametrize(
    "text, expected",
    [
        ("int rand()", Prototype("int", (), 0, False)),
        ("string substr(const char *, int, [int])", Prototype("string", ("const char *", "int", "int"), 2, False)),
        ("void *alloca(size_t)", Prototype("void *", ("size_t",), 1, False)),
        ("struct task_struct *mutex_owner(struct mutex *)", Prototype("struct task_struct *", ("struct mutex *",), 1, False)),
        ("void printf(string, ...)", Prototype("void", ("string",), 1, True)),
        ("void lquantize(@, @, @, [@], [@])", Prototype("void", ("@",) * 5, 3, False)),
    ],
)
def test_prototype(text: str, expected: Prototype) -> None:
    assert parse(text) == expected


# ---------------------------------------------------------------- statements that are chosen at compile time


@pytest.mark.parametrize(
    "statement, expected",
    [
        ('DEBUG ? printf("x") : 1;', "1"),
        ('!DEBUG ? printf("x") : 1;', 'printf("x")'),
        ('DEBUG ? printf("x") : 2 > 1 ? printf("y") : trace(1);', 'printf("y")'),
        ("!DEBUG ? @a[pid] = count() : 1;", "@a[pid] = count()"),
        ("DEBUG ? @a[pid] = count() : DEBUG ? 1 : trace(3);", "trace(3)"),
        ("DEBUG ? 1 : DEBUG ? 2 : trace(3);", "trace(3)"),
    ],
)
def test_an_action_under_a_constant_condition(statement: str, expected: str) -> None:
    result = analyse(f"inline int DEBUG = 0; BEGIN {{ {statement} x = 1; if (x) {{ {statement} }} }}")
    assert result.errors == []
    body = result.checked.clauses[0].node.body
    assert body is not None
    branch = body[2]
    assert isinstance(branch, ast.If)
    assert [s.span.text for s in (body[0], branch.then[0])] == [expected, expected]


def test_other_clauses_are_kept_as_they_are() -> None:
    result = analyse("BEGIN { x = 1; if (x) { x = 2; } else { trace(x ? 1 : 2); } }")
    assert result.checked.clauses[0].node is result.trees[0].items[0]


# ---------------------------------------------------------------- reading before writing


@pytest.mark.parametrize(
    "text, declared",
    [
        ("BEGIN /!self->in/ { } END { self->in = 1; }", ["in int64_t"]),
        ("BEGIN /!busy[cpu]/ { since = timestamp; } END { busy[cpu]++; }", ["since uint64_t", "busy int64_t"]),
        ("BEGIN { trace(-this->x); } BEGIN { this->x = 2; }", ["x int64_t"]),
        ("BEGIN { trace(!self->a[pid]); }", ["a int64_t"]),
    ],
)
def test_a_unary_operator_brings_a_variable_into_being(text: str, declared: list[str]) -> None:
    result = analyse(text)
    assert result.errors == []
    assert [f"{v.name} {v.type}" for v in result.checked.variables] == declared


@pytest.mark.parametrize(
    "text, code",
    [
        ("BEGIN /!x/ { } END { x = 1; }", "D_VAR_UNDEF"),
        ("BEGIN /!nothing/ { }", "D_IDENT_UNDEF"),
        ("BEGIN /self->in == 0/ { } END { self->in = 1; }", "D_VAR_UNDEF"),
        ("BEGIN { trace(!this->a[pid]); }", "D_ARR_LOCAL"),
        ("BEGIN { trace(!self->a[pid]); self->a[pid] = execname; }", "D_OP_INCOMPAT"),
    ],
)
def test_nothing_else_does(text: str, code: str) -> None:
    assert codes(text) == [code]
