"""No program makes the compiler fail or hang, and the kernel takes whatever it makes of one that it accepts.

D2BPF_FUZZ is how many programs are compiled, D2BPF_FUZZ_LOADED how many of well-formed statements are loaded as well.
"""

from __future__ import annotations

import os
import time
from collections import Counter

import pytest

from tests.fuzz.generate import Generator
from tests.fuzz.trial import Trial

COUNT = int(os.environ.get("D2BPF_FUZZ", "1000"))
LOADED = int(os.environ.get("D2BPF_FUZZ_LOADED", "40"))
SECONDS = 2.0  # of processor time, for a program

pytestmark = pytest.mark.needs("root", "btf")


@pytest.fixture(scope="module")
def trial() -> Trial:
    return Trial()


@pytest.mark.parametrize("seed", range(10))
def test_any_program(seed: int, trial: Trial) -> None:
    generator, found = Generator(seed), Counter[str]()
    for number in range(COUNT // 10):
        text = generator.program()
        started = time.process_time()
        try:
            codes = trial.compile(text)
        except Exception as bug:
            raise AssertionError(f"program {number}:\n{text}") from bug
        assert time.process_time() - started < SECONDS, text
        found.update(codes or ["none"])
    assert len(found) > 10 and found["none"] > 5


def test_whatever_is_accepted_loads(trial: Trial) -> None:
    generator = Generator(99)
    accepted: list[str] = []
    while len(accepted) < LOADED:
        statement = generator.statement()
        if not trial.compile(generator.clauses([statement])):
            accepted.append(statement)
    for _ in range(LOADED):
        text = generator.clauses(accepted)
        if trial.compile(text):
            continue  # what one clause does can forbid what another does
        try:
            trial.load()
        except Exception as bug:
            raise AssertionError(f"{text}\n{getattr(bug, 'detail', '')}") from bug
