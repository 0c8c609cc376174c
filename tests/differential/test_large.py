"""Programs that are large in one way or another: the compiler, the BPF stack of 512 bytes and the verifier must bear them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crosscheck.tools import d2bpf

pytestmark = pytest.mark.needs("root")

MANY = range(60)
MEMBERS = ("pid", "tgid", "parent->pid", "real_parent->tgid", "prio")


def clause(*statements: str) -> str:
    return "BEGIN\n{\n" + "\n".join(f"\t{s}" for s in statements) + "\n}\n"


def chain(values: list[str], other: str) -> str:
    """x == 0 ? values[0] : x == 1 ? values[1] : ... other"""
    return "".join(f"x == {i} ? {value} : " for i, value in enumerate(values)) + other


# name -> (clauses, what they print)
PROGRAMS = {
    "60 clauses": (
        "".join(clause(f's{i} = strjoin(name, "{i}"); printf("%s", s{i});') for i in MANY),
        "".join(f"python{i}" for i in MANY),
    ),
    "60 clauses with loops over strings": (
        clause('text = "a/bb/ccc";')
        + "".join(clause(f'n{i} = index(text, "/", {i % 8});') for i in MANY)
        + clause("trace(n1 + n2 + n59);"),
        "9",
    ),
    "30 aggregations in a clause": (
        clause(*(f"@a{i}[name, probefunc, {i}] = quantize({i}); @b{i}[cpu] = lquantize({i}, 0, 100, 10);" for i in range(15)))
        + clause(*(f"clear(@a{i}); clear(@b{i}); trunc(@a{i}); trunc(@b{i});" for i in range(15)), 'trace("all");'),
        "all",
    ),
    "150 values of one record": (
        clause(
            "p = curthread;",
            *(
                f'printf("{" ".join(["%d"] * len(MEMBERS))}\\n", {", ".join(f"p->{m} - p->{m} + {i}" for m in MEMBERS)});'
                for i in range(30)
            ),
        ),
        "".join(" ".join([str(i)] * len(MEMBERS)) + "\n" for i in range(30)),
    ),
    "20 arguments of printf, 5 of them strings": (
        clause(
            f'printf("{"%d " * 15}{"%s " * 5}", {", ".join(f"(int)(pid - pid + {i})" for i in range(15))},'
            ' name, probename, strjoin("a", name), substr(name, 2), stringof(name));'
        ),
        " ".join(map(str, range(15))) + " python BEGIN apython thon python ",
    ),
    "100 clause-local variables": (
        clause(*(f"this->v{i} = curthread->tgid + {i};" for i in range(100)))
        + clause(*(f"this->v{i} -= curthread->tgid;" for i in range(100)), 'printf("%d %d", this->v5, this->v99);'),
        "5 99",
    ),
    "100 thread-local variables": (
        clause(*(f"self->v{i} = pid + {i};" for i in range(100))) + clause('printf("%d %d", self->v5 - pid, self->v99 - pid);'),
        "5 99",
    ),
    "50 associative arrays": (
        clause(*(f'v{i}[name, {i}] = strjoin("v", "{i}");' for i in range(50)))
        + clause('printf("%s %s", v3[name, 3], v49[name, 49]);'),
        "v3 v49",
    ),
    "choices 30 deep": (
        clause("x = 17;", f'printf("%d", {chain([str(i * 10) for i in range(30)], "-1")});')
        + clause(f'printf(" %s", {chain([f"strjoin(name, {chr(34)}{i}{chr(34)})" for i in range(30)], "name")});'),
        "170 python17",
    ),
    "if and else 60 deep": (
        clause("x = 57;", " else ".join(f'if (x == {i}) {{ printf("%d", x * {i}); }}' for i in MANY)),
        str(57 * 57),
    ),
    "60 operands with side effects": (
        clause("x = 1;", "y = " + " && ".join(f"(v{i} = x++)" for i in MANY) + ";", 'printf("%d %d %d", y, v0, v59);'),
        "1 1 60",
    ),
    "expressions 60 deep": (
        clause(
            "x = 1; p = curthread;",
            "y = " + "".join(f"p->pid - p->pid + {i} + (" for i in MANY) + "x" + ")" * len(MANY) + ";",
            "trace(y);",
        ),
        str(sum(MANY) + 1),
    ),
    "nested calls": (
        clause(
            f"s = {'strjoin(' * 12}name{''.join(f', {chr(34)}{i}{chr(34)})' for i in range(12))};",
            'printf("%s %d", s, strlen(s));',
        ),
        "python01234567891011 20",
    ),
    "keys of 8 strings": (
        clause('a["a", "b", "c", "d", "e", name, probefunc, strjoin(name, "x")] = 1;')
        + clause('printf("%d", a["a", "b", "c", "d", "e", name, "", "pythonx"]);'),
        "1",
    ),
    "variables called like what the program is made of": (
        clause('this_x[1] = 1; this->x = 2; comm[1] = 3; v1[2] = 4; element1["a"] = 5; key1["a"] = 6; threads = 7; state = 8;')
        + clause("self->live = 9; this->ctx = 10; events[1] = 11;")
        + clause('printf("%d%d%d%d%d%d", this_x[1], this->x, comm[1], v1[2], element1["a"], key1["a"]);')
        + clause('printf("%d%d %d %d %d", threads, state, self->live, this->ctx, events[1]);'),
        "12345678 9 10 11",
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("strsize", [256, 1024])
def test_large(name: str, strsize: int, tmp_path: Path) -> None:
    text, expected = PROGRAMS[name]
    path = tmp_path / "large.d"
    path.write_text(clause('name = "python";') + text + clause("exit(0);"))
    done = d2bpf("-q", "-x", f"strsize={strsize}", "-s", str(path), timeout=300)
    assert (done.status, done.stderr) == (0, "")
    assert done.stdout == expected + "\n"
