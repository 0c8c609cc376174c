"""No text makes the analysis fail, and where it finds no error its tables lack nothing (stub.analyse sees to that)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from .stub import analyse

DECLARATIONS = """
struct point { int x, y:3; struct point *next; char name[8]; };
struct point p; int a[4]; int m[int, string]; self string s; this struct point *q; enum color { RED, GREEN };
inline int TWICE[int i] = i * 2; inline string WHO = execname;
"""

_LEAVES = st.sampled_from(
    """1 0 -1 0x80000000 99999999999 'a' "text" pid arg0 execname curthread timestamp NULL RED WHO p a m s self->s this->q @a
    nothing self->nothing TASK_DEAD `jiffies probefunc curperson args[0] args[1] stack() count() uregs[1] ENOENT""".split()
)
_UNARY = ["-{}", "!{}", "~{}", "*{}", "&{}", "++{}", "{}--", "(int){}", "(char *){}", "(string){}", "sizeof ({})", "stringof ({})"]
_UNARY += ["{}->next", "{}->tgid", "{}.x", "{}->p_name", "TWICE[{}]", "strlen({})", "copyinstr({})", "alloca({})", "a[{}]", "({})"]
_UNARY += ["(struct point *){}", "xlate <person_t *> ({})", "trace({})", "sym({})", "@k[{}]", "self->v[{}]", "sum({})"]
_BINARY = "+ - * / % & | ^ << >> < <= > >= == != && || ^^ , = += -= *= /= %= <<= |=".split()
_OTHER = ["{} ? {} : {}", "m[{}, {}] = {}", "@z[{}, {}] = quantize({})", "substr({}, {}, {})", 'printf("%d %s %x", {}, {}, {})']


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(str.format, st.sampled_from(_UNARY), inner),
        st.builds(lambda op, x, y: f"({x} {op} {y})", st.sampled_from(_BINARY), inner, inner),
        st.builds(str.format, st.sampled_from(_OTHER), inner, inner, inner),
    )


_EXPRESSIONS = st.recursive(_LEAVES, _grow, max_leaves=12)
_STATEMENTS = st.one_of(_EXPRESSIONS, st.builds("x{} = {}".format, st.integers(0, 3), _EXPRESSIONS))


@settings(max_examples=400, deadline=None)
@given(st.lists(_STATEMENTS, min_size=1, max_size=5), _EXPRESSIONS, st.sampled_from(["BEGIN", "proc:::create", "syscall::read:"]))
def test_any_clause(statements: list[str], predicate: str, probe: str) -> None:
    analyse(f"{DECLARATIONS} {probe} {{ {'; '.join(statements)}; }} END /{predicate}/ {{ trace(x0); }}")


@settings(max_examples=200, deadline=None)
@given(_EXPRESSIONS)
def test_any_constant_place(expression: str) -> None:
    analyse(f"int a1[{expression}]; struct s1 {{ int b:{expression}; }}; enum e1 {{ A1 = {expression} }};")
    analyse(f"BEGIN {{ stack({expression}); @a = lquantize(1, {expression}, 9); tracemem(arg0, {expression}); }}")
    analyse(f"inline int I1 = {expression}; translator struct s2 < int i > {{ m = {expression}; }}; BEGIN {{ trace(I1); }}")
