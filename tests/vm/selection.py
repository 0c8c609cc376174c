"""A pytest plugin for the machine of make vm: chooses cases, and gives them the time that emulation takes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from tests.harness import run

SLOWER = 12  # times
GRACE = 300.0  # seconds that a process may take to close its probes in the background


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--vm-each", type=int, default=1, help="so many cases of each file, besides those that need kprobes")


def pytest_configure(config: pytest.Config) -> None:
    run.GRACE = GRACE


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep all cases that need kprobes, and of each case file the first ones, run directly; nothing else."""
    taken: Counter[str] = Counter()
    chosen, left = [], []
    for item in items:
        case = getattr(item, "case", None)
        file = str(item.path)
        if case is None:
            left.append(item)
            continue
        needs_kprobes = "kprobes" in case.needs
        is_first = getattr(item, "mode", "") == "direct" and taken[file] < config.getoption("--vm-each")
        if is_first and not needs_kprobes:
            taken[file] += 1
        if needs_kprobes or is_first:
            item.case = replace(case, timeout=case.timeout * SLOWER)  # type: ignore[attr-defined]
            chosen.append(item)
        else:
            left.append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = chosen
