"""What quantize(), lquantize() and llquantize() count in the kernel is what a plain model counts: values at every boundary, below
0, out of range, and with increments of both signs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.crosscheck.tools import d2bpf

pytestmark = pytest.mark.needs("root")

LEAST, MOST = -(1 << 63), (1 << 63) - 1
VALUES = 150
ROW = re.compile(r"^ *((?:<|>=|abs\(\) <|<=)? ?-?\d+) .*\|.* (-?\d+) *$", re.MULTILINE)


def quantize(value: int) -> str:
    """The label of a value's bucket."""
    bucket = min(1 << max(abs(value).bit_length() - 1, 0), 1 << 62) if value else 0
    return str(-bucket if value < 0 else bucket)


def lquantize(base: int, limit: int, step: int) -> Callable[[int], str]:
    top = base + (limit - base) // step * step

    def label(value: int) -> str:
        if value < base:
            return f"< {base}"
        return f">= {top}" if value >= top else str(base + (value - base) // step * step)

    return label


def llquantize(factor: int, low: int, high: int, steps: int) -> Callable[[int], str]:
    def label(value: int) -> str:
        size, sign = abs(value), "-" if value < 0 else ""
        if size < factor**low:
            return "middle"
        if size >= factor ** (high + 1):
            return f"<= -{factor ** (high + 1)}" if sign else f">= {factor ** (high + 1)}"
        magnitude = next(m for m in range(low, high + 1) if size < factor ** (m + 1))
        width = max(factor ** (magnitude + 1) // steps, 1)
        return sign + str(max(size // width * width, factor**magnitude))

    return label


FUNCTIONS = {
    "quantize(%s)": quantize,
    "lquantize(%s, -20, 1000, 7)": lquantize(-20, 1000, 7),
    "lquantize(%s, -130000000, 130000000, 65535)": lquantize(-130000000, 130000000, 65535),
    "lquantize(%s, 0, 10)": lquantize(0, 10, 1),
    "llquantize(%s, 10, 0, 6, 20)": llquantize(10, 0, 6, 20),
    "llquantize(%s, 2, 3, 30, 2)": llquantize(2, 3, 30, 2),
    "llquantize(%s, 10, 2, 4, 5)": llquantize(10, 2, 4, 5),
}


def values(random: Random) -> list[int]:
    edges = [sign * ((1 << n) + off) for n in range(63) for sign in (-1, 1) for off in (-1, 0, 1)]
    edges += [sign * (10**n + off) for n in range(9) for sign in (-1, 1) for off in (-1, 0, 1)] + [LEAST, MOST, 0]
    return random.sample(edges, VALUES // 2) + [random.randint(-1100, 1100) for _ in range(VALUES // 2)] + [LEAST, MOST, 0]


def literal(value: int) -> str:
    return f"(int64_t){value & (1 << 64) - 1:#x}"


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_counts(function: str, weighted: bool, tmp_path: Path) -> None:
    random = Random(f"{function} {weighted}")
    model, expected = FUNCTIONS[function], Counter[str]()
    lines = ["int64_t v;"]
    steps = [(value, random.choice((1, 2, 3, 1000, -1, -7)) if weighted else 1) for value in values(random)]
    default = "" if "lq" not in function or function.count(",") > 2 else ", 1"
    for start in range(0, len(steps), 20):
        lines.append("BEGIN {")
        for value, weight in steps[start : start + 20]:
            call = function % "v"
            lines.append(f"v = {literal(value)}; @ = {call[:-1] + f'{default}, {literal(weight)})' if weighted else call};")
            expected[model(value)] += weight
        lines.append("}")
    path = tmp_path / "quantize.d"
    path.write_text("\n".join([*lines, "BEGIN { exit(0); }", ""]))
    done = d2bpf("-q", "-s", str(path))
    assert (done.status, done.stderr) == (0, "")
    printed = {
        ("middle" if label.startswith("abs") else label): int(count) for label, count in ROW.findall(done.stdout) if int(count)
    }
    if "llq" in function and "0" in printed:
        printed["middle"] = printed.pop("0")
    assert printed == {label: count for label, count in expected.items() if count}
