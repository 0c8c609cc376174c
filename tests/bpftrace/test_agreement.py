"""Behaviour cases whose translations bpftrace runs with the same result. cases.txt only grows: `python -m
tests.bpftrace.agreement > tests/bpftrace/cases.txt` tries all."""

from __future__ import annotations

import pytest

from tests.bpftrace.agreement import LIST, cases, check

LISTED = LIST.read_text().splitlines()
LEAST = 60


def test_that_the_list_is_long_enough() -> None:
    assert len(LISTED) >= LEAST
    assert set(LISTED) <= cases().keys()


@pytest.mark.needs("root", "command:bpftrace")
@pytest.mark.parametrize("name", LISTED)
def test_bpftrace_agrees(name: str) -> None:
    check(cases()[name])
