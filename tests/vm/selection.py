"""A pytest plugin for the machine of make vm: chooses cases, and gives them the time that emulation takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.harness import run
from tests.harness.needs import VMLINUX

SLOWER = 12  # times
REFUSED = "type information (CONFIG_DEBUG_INFO_BTF)"  # what the errors name as missing
GRACE = 300.0  # seconds that a process may take to close its probes in the background


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--vm-each", type=int, default=1, help="so many cases of each file, besides those that need kprobes")


def pytest_configure(config: pytest.Config) -> None:
    run.GRACE = GRACE


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Where the machine hides its type information, a case may also be refused for that; anything else is as wrong there."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.failed and call.excinfo is not None and not VMLINUX.exists() and REFUSED in str(call.excinfo.value):
        report.outcome = "skipped"
        report.longrepr = (str(item.path), 0, "refused: the kernel has no type information")


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
