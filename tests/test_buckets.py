"""Bucket bounds against the definition of each function (builtins.md 4.2), by looking for a value's bucket the slow way."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from d2bpf.buckets import (
    QUANTIZE_BUCKETS,
    QUANTIZE_ZERO,
    llquantize_bounds,
    llquantize_buckets,
    lquantize_bounds,
    quantize_bounds,
)


def test_quantize() -> None:
    bounds = quantize_bounds()
    assert len(bounds) == QUANTIZE_BUCKETS
    assert bounds[QUANTIZE_ZERO - 3 : QUANTIZE_ZERO + 4] == [-4, -2, -1, 0, 1, 2, 4]
    assert (bounds[0], bounds[-1]) == (-(1 << 62), 1 << 62)
    assert bounds == sorted(bounds)


def test_lquantize() -> None:
    assert lquantize_bounds(0, 10, 3) == [0, 3, 6, 9]  # the overflow bucket begins where the last full step ends
    assert lquantize_bounds(-5, 5, 5) == [-5, 0, 5]


@settings(deadline=None)
@given(st.integers(-(1 << 31), 1 << 31), st.integers(1, 1000), st.integers(1, 65535))
def test_lquantize_covers_its_range(base: int, levels: int, step: int) -> None:
    bounds = lquantize_bounds(base, base + levels * step, step)
    assert bounds == [base + i * step for i in range(levels + 1)]


def test_llquantize() -> None:
    assert llquantize_bounds(10, 0, 1, 10) == [1, 2, 3, 4, 5, 6, 7, 8, 9, *range(10, 101, 10)]
    assert llquantize_bounds(10, 0, 1, 20) == [*range(1, 10), *range(10, 101, 5)]
    assert llquantize_bounds(10, 3, 4, 1) == [1000, 10000, 100000]
    assert llquantize_bounds(10, 0, 1, 5) == [1, 2, 4, 6, 8, 10, 20, 40, 60, 80, 100]
    assert llquantize_buckets(10, 0, 1, 10) == 2 * (18 + 1) + 1


@st.composite
def llquantize_params(draw: st.DrawFn) -> tuple[int, int, int, int]:
    """(factor, low, high, steps) as the compiler accepts them."""
    factor = draw(st.integers(2, 20))
    low = draw(st.integers(0, 3))
    high = draw(st.integers(low, low + 3))
    most = factor ** (low + 1 if low else 2)
    fewer = [steps for steps in range(1, factor) if factor % steps == 0]
    more = [steps for steps in range(factor, most + 1, factor) if steps == factor or most % steps == 0]
    return factor, low, high, draw(st.sampled_from(fewer + more))


@settings(deadline=None)
@given(llquantize_params(), st.data())
def test_llquantize_steps(params: tuple[int, int, int, int], data: st.DataObject) -> None:
    """The bucket of a value by its definition: the step of width factor^(m+1)/steps that it is in, cut at factor^m."""
    factor, low, high, steps = params
    bounds = llquantize_bounds(*params)
    assert bounds == sorted(set(bounds))
    assert (bounds[0], bounds[-1]) == (factor**low, factor ** (high + 1))
    value = data.draw(st.integers(bounds[0], bounds[-1] - 1))
    magnitude = low
    while value >= factor ** (magnitude + 1):
        magnitude += 1
    width = max(1, factor ** (magnitude + 1) // steps)
    assert max(bound for bound in bounds if bound <= value) == max(value // width * width, factor**magnitude)
