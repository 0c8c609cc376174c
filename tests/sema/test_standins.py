"""Members and variables of other systems' kernels, for which a provider library has something."""

from __future__ import annotations

import pytest

from d2bpf.syntax import ast

from .stub import analyse


@pytest.mark.parametrize(
    "text, expected",
    [
        ("curthread->t_procp", "struct task_struct *"),
        ("curthread->t_procp->pid", "int"),
        ("curthread->t_procp->p_user.u_comm", "__name_t"),
        ("curthread->p_user->u_comm", "__name_t"),
        ("`pidlock", "struct mutex *"),
        ("`pidlock->owner", "long"),
    ],
)
def test_they_have_the_type_of_what_stands_for_them(text: str, expected: str) -> None:
    result = analyse(f"BEGIN {{ trace({text}); }}")
    assert result.errors == []
    assert str(result.type(text)) == expected


def test_what_stands_for_a_member_is_an_inline_of_its_structure() -> None:
    result = analyse("BEGIN { trace(curthread->t_procp->p_user.u_comm); }")
    (comm,) = [e for e in result.checked.stand_ins if isinstance(e, ast.MemberOf) and e.name == "u_comm"]
    other = result.checked.stand_ins[comm]
    assert isinstance(other, ast.Index) and isinstance(other.base, ast.Ident)
    assert (other.base.name, other.indices) == ("__task_struct__u_comm", (comm.base,))
    assert result.checked.notes == ["t_procp is t->parent here", "p_user is p here", "u_comm is p->comm here"]


@pytest.mark.parametrize("text", ["curthread->pid", "`jiffies"])
def test_the_kernels_own_come_first(text: str) -> None:
    result = analyse(f"BEGIN {{ trace({text}); }}")
    assert (result.errors, result.checked.stand_ins, result.checked.notes) == ([], {}, [])


@pytest.mark.parametrize(
    "text, code",
    [
        ("trace(curthread->t_nothing)", "D_TYPE_MEMBER"),
        ("trace(`nothing)", "D_IDENT_UNDEF"),
        ("trace(curthread->t_procp.pid_of)", "D_TYPE_MEMBER"),
        ("trace(&curthread->t_procp)", "D_ADDROF_LVAL"),
        ("curthread->t_procp = NULL", "D_OP_LVAL"),
        ("trace(curthread.t_procp)", "D_OP_SOU"),
        ("trace(curthread->comm.t_procp)", "D_OP_SOU"),
    ],
)
def test_errors(text: str, code: str) -> None:
    assert [e.code for e in analyse(f"BEGIN {{ {text}; }}").errors] == [code]


def test_a_program_may_have_structures_of_that_name() -> None:
    result = analyse("struct thread { int td_tid; }; BEGIN { trace(((struct thread *)arg0)->td_tid); }")
    assert (result.errors, result.checked.stand_ins) == ([], {})
