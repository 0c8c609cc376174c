"""Options, fixtures and the closing report of the whole test run."""

from __future__ import annotations

import signal
from pathlib import Path

import hypothesis
import pytest

from tests.harness import kernel, needs
from tests.harness.report import REPORT, Report
from tests.triggers.build import build

# No property test is timed: other work on the machine is not what it tests.
hypothesis.settings.register_profile("d2bpf", deadline=None)
hypothesis.settings.load_profile("d2bpf")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-bpf",
        action="store_true",
        help="fail a run in which no behaviour test ran or no BPF program was loaded (make test does)",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[REPORT] = Report()
    hear_interrupts()
    kernel.adopt_orphans()


def hear_interrupts() -> None:
    """Undo what a shell does to commands in the background: tests interrupt sessions, and commands inherit what is ignored."""
    for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGQUIT, signal.SIG_DFL)):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, handler)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what this machine cannot run: `@pytest.mark.needs("root", "command:strace")`."""
    for marker in item.iter_markers("needs"):
        for need in marker.args:
            if reason := needs.missing(need):
                pytest.skip(reason)


@pytest.fixture(scope="session")
def triggers() -> Path:
    """The folder of the built trigger programs."""
    return build()


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.getoption("--require-bpf") and session.config.stash[REPORT].lacks():
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    report = config.stash[REPORT]
    for skip in terminalreporter.getreports("skipped"):  # by a need, by a mark, or from within a test
        reason = skip.longrepr[2] if isinstance(skip.longrepr, tuple) else str(skip.longrepr)
        report.skipped[reason.removeprefix("Skipped: ")] += 1
    for line in report.lines():
        terminalreporter.write_line(line)
    for result in terminalreporter.getreports("passed"):
        for name, size in dict(result.user_properties).get("long modules", {}).items():
            terminalreporter.write_line(f"long module: {name}, {size} lines")
    if config.getoption("--require-bpf") and report.lacks():
        terminalreporter.write_line(f"FAILED: {report.lacks()}", red=True)
