"""Every diagnostic code is raised somewhere and has a case, or it says here why it cannot occur."""

from __future__ import annotations

import re

import pytest

from d2bpf.codes import table
from tests.modules import PACKAGE, ROOT

# Tags that nothing raises, and why.
OTHER_TAG = "D_PROTO_LEN tells of a wrong number of arguments, as in libdtrace today"
INTERNAL = "libdtrace's own code generator could fail so; ours has no such stage"
LINUX = "the situation does not exist on Linux"
NEVER = {
    **dict.fromkeys("D_STACK_PROTO D_USTACK_PROTO D_QUANT_PROTO D_CLEAR_PROTO D_NORMALIZE_PROTO D_TRUNC_PROTO".split(), OTHER_TAG),
    **dict.fromkeys("D_TRACEMEM_ARGS D_OBSOLETE1".split(), OTHER_TAG),
    "D_TYPE_ERR": "the types that are needed internally are built in",
    "D_ASRELO": INTERNAL,
    "D_ID_OFLOW": "variables have no numbers that could run out",
    "D_OP_IDENT": "the grammar demands an identifier after -> and . already: D_SYNTAX",
    "D_PRAGMA_SCOPE": "every #pragma D may stand anywhere between items; inside one it is D_SYNTAX",
    "D_SYM_BADREF": "kernel symbols have no kinds here: functions and variables are addresses with types",
    "D_SYM_MODEL": "programs and the kernel are both of 64 bits",
    "D_VAR_UNSUP": "every kind of variable is supported",
    "D_DECL_PROTO_VARARGS": "D has no functions of its own; the prototypes of types of functions are not looked into",
    "D_DECL_PROTO_NAME": "names of parameters are permitted where C permits them",
    "D_DECL_PROTO_FORM": "the grammar has one form of parameter lists",
    "D_COMM_COMM": "the reference has no such rule: committing twice does nothing",
    "D_TRACEMEM_DYNSIZE": "the prototype asks for an integer: D_PROTO_ARG",
    "D_ALLOCA_INCOMPAT": "pointers are checked where they are used, so a variable may hold both kinds",
    "D_PCAP_SIZE": "the size is an option, pcapsize",
    "D_PROV_INCOMPAT": LINUX + ": providers are not declared in D programs but in the programs traced",
    "D_PROV_PRARGLEN": LINUX + ": as D_PROV_INCOMPAT",
    "D_PROV_PRXLATOR": LINUX + ": as D_PROV_INCOMPAT",
}
# What only other kernels and programs make happen.
ELSEWHERE = {
    "X_TYPE": "a kernel without a type, or without type information",
    "X_MEMBER": "a kernel whose type lacks a member that one of ours needs",
    "X_VARIABLE": "a variable that is only named: all that there are can be read",
    "X_ARGUMENT": "a static probe with an operand that cannot be read",
}
# The pid provider and static probes of processes: their own tests see to those that they raise. Rules of lint have their own pages.
OF_PROCESSES = "D_PROC_"

_CODE = re.compile(r"(?<![-\w])([DX]_[A-Z][A-Z0-9_]*[A-Z0-9])\b")


def raised() -> set[str]:
    """All codes that stand in the package's sources, those assembled from a prefix included."""
    sources = [path.read_text() for path in PACKAGE.rglob("*.py") if path.name != "codes.py"]
    found = {code for text in sources for code in _CODE.findall(text)}
    found.discard("D_PRINTA")  # a prefix
    prefixes = {code for text in sources for code in re.findall(r'f"(D_[A-Z_]+_)\{', text)}
    return found | {code for code in table() if code.startswith(tuple(prefixes))}


def cases() -> str:
    """The names of the errors' scripts, and the text of all tests but this one."""
    names = [path.name for path in (ROOT / "tests").glob("s*/errors/err.*.d")]
    texts = [p.read_text() for p in (ROOT / "tests").rglob("*") if p.suffix in (".case", ".py") and p.name != "test_codes.py"]
    return "\n".join(names + texts)


CASES = set(_CODE.findall(cases()))


@pytest.mark.parametrize("code", [code for code in table() if code[0] in "DX" and not code.startswith(OF_PROCESSES)])
def test_code_has_a_case(code: str) -> None:
    assert code in ELSEWHERE or (code in NEVER) != (code in CASES), f"{code}: neither a case nor a reason, or both"


def test_what_is_never_raised_is_not() -> None:
    assert sorted(raised() & set(NEVER)) == []
    assert set(table()) >= set(NEVER)


def test_what_is_raised_is_known() -> None:
    assert sorted(code for code in raised() if code not in table()) == []
