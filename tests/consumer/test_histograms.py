"""Graphs of quantize(), lquantize() and llquantize(): output.md 5.3. Exact text for each rule, a plain model for the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from d2bpf.buckets import QUANTIZE_BUCKETS, QUANTIZE_ZERO, llquantize_buckets, quantize_bounds
from tests.consumer.tape import I32, Tape, string

HEADER = "           value  ------------- Distribution ------------- count    \n"


def graph(function: str, counts: Sequence[int], params: Sequence[int] = (), normal: int = 1, **options: Any) -> str:
    """The graph without the newlines around it."""
    tape = Tape(**options)
    tape.aggregation("a", function, I32, params=params)
    tape.update("a", [0], counts)
    tape.consumer.aggregate("a").normalize(normal)
    text = tape.shown("a", format_="%@d")
    assert text.startswith("\n" + HEADER) and text.endswith("\n")
    return text[1 + len(HEADER) :]


def row(label: Any, bar: str, count: int) -> str:
    """A row with a bar that begins at the axis."""
    return f"{label:>16} |{bar:<40} {count:<9}\n"


def quantized(**buckets: int) -> list[int]:
    """Counts by bucket: p1 is the bucket of 1, p3 that of 4, n2 that of -2, p0 that of 0."""
    words = [0] * QUANTIZE_BUCKETS
    for name, count in buckets.items():
        words[QUANTIZE_ZERO + int(name[1:]) * (1 if name[0] == "p" else -1)] = count
    return words


# ---------------------------------------------------------------- quantize


def test_the_example_of_the_reference() -> None:
    tape = Tape()
    tape.aggregation("a", "quantize")
    tape.update("a", [], quantized(p2=5, p3=5))
    assert tape.shown("a") == (
        "\n"
        "           value  ------------- Distribution ------------- count    \n"
        "               1 |                                         0        \n"
        "               2 |@@@@@@@@@@@@@@@@@@@@                     5        \n"
        "               4 |@@@@@@@@@@@@@@@@@@@@                     5        \n"
        "               8 |                                         0        \n"
        "\n"
    )


def test_with_a_key() -> None:
    tape = Tape()
    tape.aggregation("a", "quantize", string(16))
    tape.update("a", ["bash"], quantized(p1=1))
    assert tape.shown("a").startswith(f"  {'bash':<50}\n{HEADER}")


def test_no_data() -> None:
    assert graph("quantize", quantized()) == row(-1, "", 0) + row(0, "", 0) + row(1, "", 0)


def test_clipped_to_the_table() -> None:
    words = [0] * QUANTIZE_BUCKETS
    words[0] = words[-1] = 1
    lines = graph("quantize", words).splitlines()
    assert lines[0].split()[0] == str(-(1 << 62))
    assert lines[-1].split()[0] == str(1 << 62)
    assert len(lines) == QUANTIZE_BUCKETS
    assert lines[0].startswith("-4611686018427387904 |")  # wider than its column


def test_depth_is_rounded() -> None:
    assert graph("quantize", quantized(p1=1, p2=79)) == (row(0, "", 0) + row(1, "@", 1) + row(2, "@" * 40, 79) + row(4, "", 0))
    assert graph("quantize", quantized(p1=1, p2=80)).splitlines()[1] == row(1, "", 1)[:-1]


def test_all_negative_counts() -> None:
    assert graph("quantize", quantized(p1=-3, p2=-1)) == (
        f"{0:>16} {'':>40}| {0:<9}\n{1:>16} {'@' * 30:>40}| {-3:<9}\n{2:>16} {'@' * 10:>40}| {-1:<9}\n{4:>16} {'':>40}| {0:<9}\n"
    )


def test_both_signs() -> None:
    assert graph("quantize", quantized(p1=-1, p2=3)) == (
        f"{0:>16} {'':>20}|{'':<20} {0:<9}\n"
        f"{1:>16} {'@' * 5:>20}|{'':<20} {-1:<9}\n"
        f"{2:>16} {'':>20}|{'@' * 15:<20} {3:<9}\n"
        f"{4:>16} {'':>20}|{'':<20} {0:<9}\n"
    )


def test_normalized() -> None:
    assert graph("quantize", quantized(p1=-7), normal=2).splitlines()[1].endswith("@| -3       ")


def test_aggzoom() -> None:
    lines = graph("quantize", quantized(p1=100, p2=50, p3=50), aggzoom=True).splitlines()
    assert [line.count("@") for line in lines] == [0, 38, 19, 19, 0]


def test_utf8() -> None:
    lines = graph("quantize", quantized(p1=1, p2=2), encoding="utf8").splitlines()
    assert lines[1] == f"{1:>16} |{'█' * 13 + '▎':<40} {1:<9}"  # 13.33: two eighths, rounded down
    assert lines[2] == f"{2:>16} |{'█' * 26 + '▋':<40} {2:<9}"  # 26.67: five eighths
    assert graph("quantize", quantized(p1=1), encoding="utf8").splitlines()[1] == f"{1:>16} |{'█' * 40} {1:<9}"
    assert "@" in graph("quantize", quantized(p1=-1), encoding="utf8")


# ---------------------------------------------------------------- lquantize


def test_lquantize() -> None:
    assert graph("lquantize", [1, 0, 2, 0, 1], (0, 10, 3)) == (
        row("< 0", "@" * 10, 1) + row(0, "", 0) + row(3, "@" * 20, 2) + row(6, "", 0) + row(">= 9", "@" * 10, 1)
    )


def test_lquantize_shows_what_holds_data() -> None:
    counts = [0] * 12
    counts[4] = 1
    assert graph("lquantize", counts, (-50, 50, 10)) == row(-30, "", 0) + row(-20, "@" * 40, 1) + row(-10, "", 0)


def test_lquantize_without_data() -> None:
    assert graph("lquantize", [0] * 5, (5, 8, 1)) == row("< 5", "", 0) + row(5, "", 0) + row(6, "", 0)


# ---------------------------------------------------------------- llquantize

PARAMS = (10, 0, 1, 10)  # 1..9, 10..90
MIDDLE = 19


def llquantized(buckets: dict[int, int], params: Sequence[int] = PARAMS) -> list[int]:
    """Counts by distance from the middle bucket."""
    words = [0] * llquantize_buckets(*params)
    for distance, count in buckets.items():
        words[len(words) // 2 + distance] = count
    return words


def test_llquantize() -> None:
    assert graph("llquantize", llquantized({9: 3, 10: 1}), PARAMS) == (
        row(8, "", 0) + row(9, "@" * 30, 3) + row(10, "@" * 10, 1) + row(20, "", 0)
    )


def test_llquantize_overflow_and_underflow() -> None:
    assert graph("llquantize", llquantized({MIDDLE: 1}), PARAMS) == row(90, "", 0) + row(">= 100", "@" * 40, 1)
    assert graph("llquantize", llquantized({-MIDDLE: 1}), PARAMS) == row("<= -100", "@" * 40, 1) + row(-90, "", 0)


def test_llquantize_middle_bucket() -> None:
    assert graph("llquantize", llquantized({0: 1}), PARAMS) == row(-1, "", 0) + row(0, "@" * 40, 1) + row(1, "", 0)
    high = (10, 3, 4, 10)
    assert graph("llquantize", llquantized({1: 1}, high), high) == (
        row("< 1000", "", 0) + row(1000, "@" * 40, 1) + row(2000, "", 0)
    )
    assert graph("llquantize", llquantized({0: 1}, high), high) == (
        row(-1000, "", 0) + row("abs() < 1000", "@" * 40, 1) + row(1000, "", 0)
    )


def test_llquantize_without_data() -> None:
    assert graph("llquantize", llquantized({}), PARAMS) == row(-1, "", 0) + row(0, "", 0) + row(1, "", 0)


# ---------------------------------------------------------------- a model of all of them


def model(labels: Callable[[int, bool], str], counts: Sequence[int], empty: tuple[int, int]) -> str:
    """The rules of 5.3, one by one. `labels(bucket, negative buckets are shown)`."""
    used = [i for i, count in enumerate(counts) if count]
    first, last = (max(used[0] - 1, 0), min(used[-1] + 1, len(counts) - 1)) if used else empty
    shown = counts[first : last + 1]
    total = sum(map(abs, shown))

    def depth(count: int, width: int) -> int:
        return int(Fraction(abs(count) * width, total) + Fraction(1, 2)) if total else 0

    text = ""
    for i in range(first, last + 1):
        count = counts[i]
        if min(shown) >= 0:
            bar = "|" + "@" * depth(count, 40) + " " * (40 - depth(count, 40))
        elif max(shown) <= 0:
            bar = " " * (40 - depth(count, 40)) + "@" * depth(count, 40) + "|"
        elif count <= 0:
            bar = " " * (20 - depth(count, 20)) + "@" * depth(count, 20) + "|" + " " * 20
        else:
            bar = " " * 20 + "|" + "@" * depth(count, 20) + " " * (20 - depth(count, 20))
        assert len(bar) == 41
        text += f"{labels(i, first < len(counts) // 2):>16} {bar} {count:<9}\n"
    return text


some_counts = st.one_of(st.just(0), st.integers(-50, 1000), st.integers(0, 1 << 62))


def counts_of(size: int, signs: str) -> st.SearchStrategy[list[int]]:
    few = st.dictionaries(st.integers(0, size - 1), some_counts, max_size=6)
    change: dict[str, Callable[[int], int]] = {"+": abs, "-": lambda count: -abs(count), "+-": lambda count: count}
    return few.map(lambda found: [change[signs](found.get(i, 0)) for i in range(size)])


@settings(deadline=None)
@given(st.sampled_from(["+", "-", "+-"]).flatmap(lambda signs: counts_of(QUANTIZE_BUCKETS, signs)))
def test_quantize_is_the_model(counts: list[int]) -> None:
    bounds = quantize_bounds()
    expected = model(lambda i, _: str(bounds[i]), counts, (QUANTIZE_ZERO - 1, QUANTIZE_ZERO + 1))
    assert graph("quantize", counts) == expected


@settings(deadline=None)
@given(st.data(), st.integers(-1000, 1000), st.integers(1, 20), st.integers(1, 50), st.integers(0, 49))
def test_lquantize_is_the_model(data: st.DataObject, base: int, levels: int, step: int, rest: int) -> None:
    counts = data.draw(counts_of(levels + 2, data.draw(st.sampled_from(["+", "-", "+-"]))))

    def label(bucket: int, _: bool) -> str:
        if bucket == 0:
            return f"< {base}"
        return f">= {base + levels * step}" if bucket > levels else str(base + (bucket - 1) * step)

    params = (base, base + levels * step + rest % step, step)
    assert graph("lquantize", counts, params) == model(label, counts, (0, 2))


@settings(deadline=None)
@given(st.data(), st.sampled_from([(10, 0, 1, 10), (10, 2, 3, 20), (2, 0, 5, 1), (4, 1, 3, 2), (10, 0, 2, 5)]))
def test_llquantize_is_the_model(data: st.DataObject, params: tuple[int, int, int, int]) -> None:
    factor, low, high, _ = params
    size = llquantize_buckets(*params)
    middle = size // 2
    counts = data.draw(counts_of(size, data.draw(st.sampled_from(["+", "-", "+-"]))))

    def value(distance: int) -> int:
        """By the definition of the buckets, walking up from factor^low."""
        from d2bpf.buckets import llquantize_bounds

        return llquantize_bounds(*params)[distance - 1]

    def label(bucket: int, negative: bool) -> str:
        distance = bucket - middle
        if distance == 0:
            return "0" if low == 0 else f"abs() < {factor**low}" if negative else f"< {factor**low}"
        if abs(distance) == middle:
            return f">= {factor ** (high + 1)}" if distance > 0 else f"<= -{factor ** (high + 1)}"
        return str(value(distance)) if distance > 0 else f"-{value(-distance)}"

    assert graph("llquantize", counts, params) == model(label, counts, (middle - 1, middle + 1))


def quantize_bucket(value: int) -> int:
    """Where the kernel counts a value (builtins.md 4.2)."""
    if value == 0:
        return QUANTIZE_ZERO
    power = min(abs(value).bit_length() - 1, 62) + 1
    return QUANTIZE_ZERO + power if value > 0 else QUANTIZE_ZERO - power


@settings(deadline=None)
@given(st.integers(-(1 << 63), (1 << 63) - 1))
def test_a_value_is_counted_at_its_label(value: int) -> None:
    counts = [0] * QUANTIZE_BUCKETS
    counts[quantize_bucket(value)] = 1
    (label,) = [line.split()[0] for line in graph("quantize", counts).splitlines() if "@" in line]
    low = int(label)
    if low > 0:
        assert low <= value and (value < 2 * low or low == 1 << 62)
    elif low < 0:
        assert value <= low and (value > 2 * low or low == -(1 << 62))
    else:
        assert value == 0
