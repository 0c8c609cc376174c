"""Collects the cases of *.case files; each is run directly and as the program that `d2bpf --emit` prints."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import casefile, run
from tests.harness.report import REPORT
from tests.triggers.build import build

MODES = ("direct", "emitted")
CACHE = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    return CaseFile.from_parent(parent, path=file_path) if file_path.suffix == ".case" else None


class CaseFile(pytest.File):
    def collect(self) -> Iterator[pytest.Item]:
        try:
            cases = casefile.load(self.path)
        except casefile.CaseError as error:
            raise self.CollectError(str(error)) from None
        for case in cases:
            for mode in MODES[: 1 if case.emit else 2]:
                item: CaseItem = CaseItem.from_parent(self, name=f"{case.title} [{mode}]")
                item.case, item.mode = case, mode
                item.add_marker(pytest.mark.needs(*case.needs))
                if case.xfail:
                    item.add_marker(pytest.mark.xfail(reason=case.xfail, strict=True, raises=run.CaseFailure))
                yield item


class CaseItem(pytest.Item):
    """One case in one mode."""

    case: casefile.Case
    mode: str

    def runtest(self) -> None:
        report = self.config.stash[REPORT]
        with tempfile.TemporaryDirectory(prefix="d2bpf-case-") as folder:
            report.runs += 1
            report.cases.add(f"{self.path}: {self.case.title}")
            report.programs += run.check(self.case, self.mode, Path(folder), build(), self._cache())

    def _cache(self) -> Path:
        """One d2bpf cache for the session, so that the user's is neither used nor filled."""
        stash = self.config.stash
        if CACHE not in stash:
            stash[CACHE] = tempfile.TemporaryDirectory(prefix="d2bpf-cache-")
        return Path(stash[CACHE].name)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:  # type: ignore[override]
        if isinstance(excinfo.value, run.CaseFailure):
            return f"{self.path}:{self.case.line}: {self.case.title}\n{excinfo.value}"
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.case.line - 1, f"{self.path.stem}: {self.name}"


def pytest_unconfigure(config: pytest.Config) -> None:
    if CACHE in config.stash:
        config.stash[CACHE].cleanup()
