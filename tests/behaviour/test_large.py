"""Large scripts, made here because nobody would read them: they compile, load and count exactly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import casefile, run
from tests.harness.report import REPORT

pytestmark = pytest.mark.needs("root")

Check = Callable[..., None]


@pytest.fixture
def check(request: pytest.FixtureRequest, tmp_path: Path, triggers: Path, tmp_path_factory: pytest.TempPathFactory) -> Check:
    """check(script, stdout, mode="direct", more keys of a case): run it as a case is run."""

    def run_it(script: str, stdout: str, mode: str = "direct", **keys: str) -> None:
        head = "".join(f"{key}: {value}\n" for key, value in {"run": "-q", "timeout": "300", **keys}.items())
        text = f"=== {request.node.name}\n{head}--- script\n{script}--- stdout\n{stdout}"
        (case,) = casefile.parse(text, Path(__file__))
        report = request.config.stash[REPORT]
        report.runs += 1
        report.cases.add(f"{__file__}: {case.title}")
        report.programs += run.check(case, mode, tmp_path, triggers, tmp_path_factory.getbasetemp() / "cache")

    return run_it


def test_300_clauses_of_one_probe(check: Check) -> None:
    keys = [f'"k{i % 7}", probefunc' for i in range(300)]
    clauses = "".join(
        f"syscall::getppid:entry\n/pid == $target && {i} >= 0/\n{{\n\tself->sum += {i};\n\tn++;\n\t@[{keys[i]}] = sum({i});\n}}\n"
        for i in range(300)
    )
    last = "syscall::getppid:return\n/pid == $target/\n{\n\t@greatest = max(self->sum);\n\tself->sum = 0;\n}\n"
    end = 'END\n{\n\tprintf("%d\\n", n);\n\tprinta("%s %s %@d\\n", @);\n}\n'
    sums = sorted((10 * sum(range(k, 300, 7)), k) for k in range(7))
    rows = "".join(f"k{k} getppid {total}\n" for total, k in sums)
    check(clauses + last + end, f"3000\n{rows}\n{sum(range(300)):17}\n", trigger="syscalls getppid 10")


@pytest.mark.parametrize("mode", ["direct", "emitted"])
def test_300_clauses_of_many_probes(check: Check, mode: str) -> None:
    """Ten clauses for each of thirty timers' probes, all of them counted."""
    clauses = "".join(f"tick-{10 + i // 10}ms\n/n[{i}] == 0/\n{{\n\tn[{i}] = 1;\n\ttotal++;\n}}\n" for i in range(300))
    end = 'tick-1ms\n/total == 300/\n{\n\tprintf("%d\\n", total);\n\texit(0);\n}\n'
    check(clauses + end, "300\n\n", mode)


FUNCTIONS = {
    "count()": lambda n: f"{n:17}",
    "sum(5)": lambda n: f"{5 * n:17}",
    "avg((int)arg0)": lambda n: f"{-1:17}",
    "min((int)arg0)": lambda n: f"{-1:17}",
    "max((int)arg0)": lambda n: f"{-1:17}",
}
KEYS = {
    "": "",
    "[execname]": f"  {'syscalls':<50}",
    "[probefunc, 7]": f"  {'close':<50} {7:8}",
    '["k", probename]': f"  {'k':<50}  {'entry':<50}",
}


@pytest.mark.parametrize("mode", ["direct", "emitted"])
def test_100_aggregations(check: Check, mode: str) -> None:
    chosen = [(function, key) for function in FUNCTIONS for key in KEYS for _ in range(5)]
    assert len(chosen) == 100
    clauses = "".join(
        f"syscall::close:entry\n/pid == $target && (int)arg0 == -1/\n{{\n\t@a{i}{key} = {function};\n}}\n"
        for i, (function, key) in enumerate(chosen)
    )
    # The trigger closes descriptor -1.
    rows = "".join(KEYS[key] + FUNCTIONS[function](20) + "\n" for function, key in chosen)
    check(clauses, "\n" + rows, mode, trigger="syscalls badclose 20")


@pytest.mark.parametrize("nest", ["other", "then", "test"])
def test_40_nested_conditionals(check: Check, nest: str) -> None:
    expected = {}
    text = {"other": "-1", "then": "-1", "test": "x"}[nest]
    for i in range(40):
        text = {
            "other": f"(x == {i} ? {i * 10} : {text})",
            "then": f"(x != {i} ? {text} : {i * 10})",
            "test": f"(({text}) > {i * 3} ? ({i} + x) : (x * {i}))",
        }[nest]

    def model(x: int) -> int:
        if nest != "test":
            return x * 10 if 0 <= x < 40 else -1
        value = x
        for i in range(40):
            value = i + x if value > i * 3 else x * i
        return value

    script = "int x;\n"
    for x in (0, 17, 39, 40, -5):
        expected[x] = model(x)
        script += f'BEGIN\n{{\n\tx = {x};\n\tprintf("%d\\n", {text});\n}}\n'
    check(script + "BEGIN\n{\n\texit(0);\n}\n", "".join(f"{value}\n" for value in expected.values()) + "\n")


def test_40_nested_conditionals_of_strings(check: Check) -> None:
    text = '"none"'
    for i in range(40):
        text = f'(x == {i} ? "string {i}" : {text})'
    script = "int x;\n" + "".join(f'BEGIN\n{{\n\tx = {x};\n\tprintf("%s\\n", {text});\n}}\n' for x in (0, 39, 40))
    check(script + "BEGIN\n{\n\texit(0);\n}\n", "string 0\nstring 39\nnone\n\n")


LONG = "/" + "abcdefgh" * 511 + "ij/x"  # 4093 characters
STRING_FUNCTIONS = {
    "strlen(s)": "4093",
    'index(s, "ij")': "4089",
    "index(s, t)": "4089",
    'rindex(s, "abc")': "4081",
    "rindex(s, t)": "4089",
    "strchr(s, 'i')": "ij/x",
    "strrchr(s, '/')": "/x",
    "strstr(s, t)": "ij/x",
    "substr(s, 4088)": "hij/x",
    'strtok(s, "/")': LONG[1:4091],
    "basename(s)": "x",
    "strlen(dirname(s))": "4091",
    "strlen(strjoin(s, s))": "4096",
    'strlen(cleanpath(strjoin(s, "/..")))': "4091",
    'json(strjoin("{\\"a\\": \\"", strjoin(substr(s, 40), "\\", \\"k\\": \\"end\\"}")), "k")': "end",
    "substr(toupper(s), -6)": "GHIJ/X",
    "substr(tolower(s), -6)": "ghij/x",
    "s == t": "0",
    "s > t": "0",
    'strtoll(substr(strjoin(substr(s, 5), "123"), -3))': "123",
}


@pytest.mark.parametrize("mode", ["direct", "emitted"])
def test_strings_of_4096_bytes(check: Check, mode: str) -> None:
    script = f'string s, t;\nBEGIN\n{{\n\ts = "{LONG}";\n\tt = "ij";\n}}\n'
    for text, result in STRING_FUNCTIONS.items():
        form = "%d" if result.isdigit() else "%s"
        script += f'BEGIN\n{{\n\tprintf("{form}\\n", {text});\n}}\n'
    script += "BEGIN\n{\n\texit(0);\n}\n"
    check(script, "".join(f"{result}\n" for result in STRING_FUNCTIONS.values()) + "\n", mode, run="-q -x strsize=4096")
