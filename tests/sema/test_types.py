"""Types of expressions (language.md 6.1, 6.2, 7.2)."""

from __future__ import annotations

import pytest

from d2bpf.dtypes import Array, Int, Ptr, Stack, String, SymAddr, strip

from .stub import analyse, body

DECLARED = """
struct point { int x, y; };
struct node { struct node *next; struct point at; char name[12]; unsigned low:3, high:5; };
enum color { RED, GREEN = 5, BLUE };
enum color paint;
struct node n;
int a[10];
int grid[3][4];
char c; unsigned char uc; short s; unsigned u; long l; unsigned long ul; int64_t i64; uint8_t u8;
float fl;
inline int TWICE[int i] = i * 2;
inline string WHO = execname;
BEGIN { trace(%s); }
"""


@pytest.mark.parametrize(
    "expression, expected",
    [
        # constants: decimal
        ("2147483647", "int"),
        ("2147483648", "long"),
        ("18446744073709551615", "unsigned long long"),
        # octal and hexadecimal
        ("0x7fffffff", "int"),
        ("0x80000000", "unsigned int"),
        ("0x100000000", "long"),
        ("0xffffffffffffffff", "unsigned long"),
        ("01777777777777777777777", "unsigned long"),
        # suffixes
        ("1u", "unsigned int"),
        ("1l", "long"),
        ("1ul", "unsigned long"),
        ("1ll", "long long"),
        ("1ull", "unsigned long long"),
        ("'a'", "int"),
        ("'abcdefgh'", "long"),
        # small types are not promoted; the operand of higher rank decides
        ("c + c", "char"),
        ("c + uc", "unsigned char"),
        ("c + s", "short"),
        ("s + 1", "int"),
        ("u + 1", "unsigned int"),
        ("u + l", "long"),
        ("l + ul", "unsigned long"),
        ("l + i64", "long"),
        ("execname + 1", "string"),
        ("1 + WHO - c", "string"),
        ("timestamp - arg0", "uint64_t"),
        ("-c", "char"),
        ("~u8", "uint8_t"),
        ("uc << l", "unsigned char"),
        ("l >> 1", "long"),
        # enumerations act as int
        ("paint + 1", "int"),
        ("RED", "enum color"),
        ("-BLUE", "int"),
        ("paint == GREEN", "int"),
        ("curthread->state == TASK_DEAD", "int"),
        ("TASK_SLEEPING", "enum task_state"),
        # results of comparison and logic
        ("l < 3", "int"),
        ("!l", "int"),
        ("l && u", "int"),
        ("l ^^ u", "int"),
        ('execname == "a"', "int"),
        ("execname != NULL", "int"),
        ('curthread->comm == "a"', "int"),
        # pointers and arrays
        ("&n.at", "struct point *"),
        ("n.next + 1", "struct node *"),
        ("1 + n.next", "struct node *"),
        ("n.next - n.next", "ptrdiff_t"),
        ("*n.next", "struct node"),
        ("n.next->next->at.y", "int"),
        ("a", "int [10]"),
        ("a + 1", "int *"),
        ("*a", "int"),
        ("a[3]", "int"),
        ("grid", "int [3][4]"),
        ("grid[1]", "int [4]"),
        ("&grid[1]", "int [4] *"),
        ("n.name", "char [12]"),
        ("n.high", "unsigned int"),
        ("curthread->deep", "long"),
        ("curthread->ops->run", "int (int) *"),
        ("curthread == NULL", "int"),
        ("n.next == &n", None),
        ("(void *)1 == curthread", "int"),
        # conditional
        ("l ? c : u", "unsigned int"),
        ('l ? "a" : execname', "string"),
        ("l ? curthread : NULL", "struct task_struct *"),
        ("l ? (void *)0 : curthread", "struct task_struct *"),
        ("l ? curthread->comm : execname", "string"),
        ("1 ? c : l", "char"),
        ("0 ? c : l", "long"),
        # others
        ("(c, l)", "long"),
        ("(int64_t)c", "int64_t"),
        ("(string)arg0", "string"),
        ("(void)1", None),
        ("(struct node *)arg0", "struct node *"),
        ("sizeof (int)", "size_t"),
        ("offsetof(struct node, at)", "size_t"),
        ("stringof(arg0)", "string"),
        ("l = c", "long"),
        ("c++", "char"),
        ("--n.next", "struct node *"),
        ("TWICE[3]", "int"),
        ("WHO", "string"),
        ("NULL", "long"),
        ("uregs[0]", "uint64_t"),
        ("strlen(execname)", "size_t"),
        ("strlen(n.name)", "size_t"),
        ("strlen(0)", "size_t"),
        ("copyin(arg0, 3)", "void *"),
        ("copyinstr(arg0)", "string"),
        ("copyinstr(n.next)", "string"),
        ("rand()", "int"),
        ("getmajor(3)", "dev_t"),
        ("mutex_owner((struct mutex *)arg0)", "struct task_struct *"),
        ("ntohs(3)", "uint16_t"),
        ("`jiffies", "unsigned long"),
        ("genunix`jiffies", "unsigned long"),
        ("&`run_all", "void () *"),
        ("fl", "float"),
        # built-ins
        ("pid", "pid_t"),
        ("arg0", "int64_t"),
        ("uid", "uid_t"),
        ("timestamp", "uint64_t"),
        ("walltimestamp", "int64_t"),
        ("errno", "int"),
        ("caller", "uintptr_t"),
        ("ucaller", "uint64_t"),
        ("stackdepth", "uint32_t"),
        ("probefunc", "string"),
        ("curthread", "struct task_struct *"),
    ],
)
def test_type(expression: str, expected: str | None) -> None:
    result = analyse(DECLARED % expression)
    if expected is None:
        assert result.errors
        return
    assert result.errors == []
    assert str(result.type(f"trace({expression})")) == "void"
    assert str(result.type(expression, -1)) == expected


@pytest.mark.parametrize(
    "statement, variable, expected",
    [
        ("x = 1;", "x", "int"),
        ("x = arg0;", "x", "int64_t"),
        ("x = execname;", "x", "string"),
        ("x = curthread;", "x", "struct task_struct *"),
        ("x++;", "x", "int64_t"),
        ("--x;", "x", "int64_t"),
        ("x += 1;", "x", "int64_t"),
        ("x = 'a';", "x", "int"),
        ("x = curthread->state;", "x", "enum task_state"),
        ("x = curthread->comm;", "x", "char *"),
        ("x = *curthread;", "x", "struct task_struct"),
        ("x = (char)1;", "x", "char"),
        ("x = 1 == 1;", "x", "int"),
        ("x = xlate <person_t> (curthread);", "x", "person_t"),
        ("x = y = 3;", "y", "int"),
    ],
)
def test_first_assignment_declares(statement: str, variable: str, expected: str) -> None:
    symbols = {s.name: s for s in body(statement).checked.variables}
    assert (symbols[variable].kind, str(symbols[variable].type)) == ("global", expected)


def test_variables_of_every_class_are_listed_in_order() -> None:
    result = analyse(
        """
        int g; self int64_t s; this string t; string a[int, pid_t]; self int sa[string]; struct p { int x; } sp; int arr[3];
        BEGIN { h = 1; self->n = execname; this->m = 2; b["k"] = 1ul; self->c[1, execname] = pid; }
        """
    )
    assert [(v.kind, v.scope, v.name, str(v.type), tuple(map(str, v.keys))) for v in result.checked.variables] == [
        ("global", "global", "g", "int", ()),
        ("self", "self", "s", "int64_t", ()),
        ("this", "this", "t", "string", ()),
        ("assoc", "global", "a", "string", ("int", "pid_t")),
        ("assoc", "self", "sa", "int", ("string",)),
        ("global", "global", "sp", "struct p", ()),
        ("global", "global", "arr", "int [3]", ()),
        ("global", "global", "h", "int", ()),
        ("self", "self", "n", "string", ()),
        ("this", "this", "m", "int", ()),
        ("assoc", "global", "b", "unsigned long", ("string",)),
        ("assoc", "self", "c", "pid_t", ("int", "string")),
    ]


def test_name_spaces_are_separate() -> None:
    result = body("x = 1; self->x = execname; this->x = curthread; @x = count();")
    assert [(v.scope, str(v.type)) for v in result.checked.variables] == [
        ("global", "int"),
        ("self", "string"),
        ("this", "struct task_struct *"),
    ]
    assert list(result.checked.aggregations) == ["x"]


def test_later_assignments_keep_the_first_type() -> None:
    result = body(
        "x = 1; x = timestamp; x = curthread; p = curthread; p = 0; p = (void *)1; s = execname; s = 0; s = curthread->comm;"
    )
    assert [str(v.type) for v in result.checked.variables] == ["int", "struct task_struct *", "string"]
    assert str(result.type("x = timestamp")) == "int"


def test_redeclaring_with_the_same_type_is_accepted() -> None:
    assert analyse("int x; int x; self string s; self string s; int a[int]; int a[int]; BEGIN { x = 1; } int x;").errors == []


def test_zero_empties_any_variable() -> None:
    body("s = execname; s = 0; t = *curthread; t = 0; a[1] = execname; a[1] = 0; self->x[1] = *curthread; self->x[1] = 0;")


def test_forward_declared_structs_are_completed() -> None:
    result = analyse("struct b; struct a { struct b *link; }; struct b { int deep; }; struct a x; BEGIN { trace(x.link->deep); }")
    assert result.errors == []
    assert str(result.type("x.link->deep")) == "int"


def test_types_of_special_results() -> None:
    result = body('printf("%k%k%a%A", stack(), ustack(5), sym(arg0), uaddr(arg1));')
    assert result.type("stack()") == Stack(False, 20)
    assert result.type("ustack(5)") == Stack(True, 5)
    assert (result.type("sym(arg0)"), result.type("uaddr(arg1)")) == (SymAddr("sym"), SymAddr("uaddr"))


@pytest.mark.parametrize(
    "options, call, frames",
    [
        ({}, "ustack()", 100),
        ({}, "jstack()", 50),
        ({"stackframes": 7}, "stack()", 7),
        ({"ustackframes": 9}, "ustack()", 9),
        ({}, "stack(500)", 127),
        ({"maxframes": 30}, "stack(500)", 30),
    ],
)
def test_frames_of_stacks(options: dict[str, int], call: str, frames: int) -> None:
    t = body(f"{call};", **options).type(call)
    assert isinstance(t, Stack)
    assert t.frames == frames


def test_an_array_parameter_of_a_key_is_kept_as_text() -> None:
    result = body("x[curthread->comm] = 1; @a[curthread->comm] = count();")
    assert result.checked.variables[0].keys == (String(17),)
    assert result.checked.aggregations["a"].keys == (Array(Int("char", 1, True), 16),)


def test_conversions_table_has_every_type_name() -> None:
    result = body("trace((long)pid); trace(sizeof (struct task_struct *)); trace(offsetof(struct task_struct, tgid));")
    assert sorted(str(t) for t in result.checked.conversions.values()) == ["long", "struct task_struct", "struct task_struct *"]


def test_kernel_types_that_are_not_named_are_not_resolved() -> None:
    result = body('x = 1; self->ts = timestamp; @[execname] = quantize(timestamp - self->ts); printf("%d", x);')
    assert result.target.types.asked == []


def test_strip_of_a_declared_pointer_array() -> None:
    result = analyse("int *p[3]; int (*q)[3]; BEGIN { trace(*p[1]); trace((*q)[2]); }")
    assert result.errors == []
    p, q = result.checked.variables
    assert strip(p.type) == Array(Ptr(Int("int", 4, True)), 3)
    assert strip(q.type) == Ptr(Array(Int("int", 4, True), 3))
