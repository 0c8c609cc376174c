"""Random integer expressions: what BPF computes is what D says, and what gcc says where C agrees.

D2BPF_EXPRESSIONS is how many (make test tries one program of them).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.crosscheck.tools import d2bpf
from tests.differential.c_program import comparable, gcc_values
from tests.differential.generate import cases, declarations
from tests.differential.model import Case, folded, type_of

COUNT = int(os.environ.get("D2BPF_EXPRESSIONS", "128"))
PER_PROGRAM = 128
PROGRAMS = range(-(-COUNT // PER_PROGRAM))
FAULT = "divide-by-zero"

pytestmark = pytest.mark.needs("root", "command:gcc")


def script(batch: list[Case]) -> str:
    """A program with a clause for each case. `z` is 0, but the compiler cannot know."""
    rows = [declarations(), "BEGIN { z = (int64_t)(timestamp >> 63); }"]
    for number, case in enumerate(batch):
        rows.append("BEGIN\n{")
        rows += [f"\t{v.d_name} = {literal(value)} + z;" for v, value in case.values.items()]
        shown = [case.expr, *case.changed]
        formats = " ".join("%d" if type_of(e, case.values).signed else "%u" for e in shown)
        values = ", ".join(e.under(1) for e in shown)
        rows.append(f'\tprintf("{number} %d {formats}\\n", sizeof ({case.expr.d_text()}), {values});\n}}')
    return "\n".join([*rows, "BEGIN { exit(0); }", ""])


def literal(value: int) -> str:
    return f"{value}" if -(1 << 63) < value < 1 << 63 else f"{value & (1 << 64) - 1:#x}"


def expected(number: int, case: Case) -> str | None:
    outcome = case.outcome()
    if outcome.faults:
        return None
    return " ".join(map(str, (number, outcome.type.size, outcome.value, *outcome.changed)))


@pytest.mark.parametrize("seed", PROGRAMS)
def test_expressions(seed: int, tmp_path: Path) -> None:
    batch = cases(seed, PER_PROGRAM)
    path = tmp_path / "expressions.d"
    path.write_text(script(batch))
    done = d2bpf("-q", "-s", str(path), timeout=600)
    assert done.status == 0, done.stderr
    wanted = [expected(number, case) for number, case in enumerate(batch)]
    printed = {int(line.split()[0]): line for line in done.stdout.splitlines() if line}
    wrong = [
        f"{case.expr.d_text()}\n   with {({v.d_name: n for v, n in case.values.items()})}"
        f"\n   printed {printed.get(number)}, expected {wanted[number]}"
        for number, case in enumerate(batch)
        if printed.get(number) != wanted[number]
    ]
    assert not wrong, "\n".join([f"{len(wrong)} of {len(batch)}", *wrong])
    assert done.stderr.count(FAULT) == wanted.count(None)
    known = [number for number, case in enumerate(batch) if comparable(case)]
    assert len(known) > PER_PROGRAM / 4
    gcc = gcc_values([batch[number] for number in known], tmp_path)
    assert [printed[number].split()[2] for number in known] == list(map(str, gcc))


def test_the_generator_makes_constants_and_faults() -> None:
    batch = cases(0, 512)
    assert sum(case.outcome().faults for case in batch) > 5
    assert sum(folded(case.expr) is not None for case in batch) > 20
