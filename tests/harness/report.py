"""What the behaviour tests did in this run: counts for the closing report."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest


@dataclass
class Report:
    """`programs` counts BPF programs that the kernel loaded while a behaviour run was going on."""

    cases: set[str] = field(default_factory=set)
    runs: int = 0
    programs: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        skips = sum(self.skipped.values())
        lines = [f"behaviour: {len(self.cases)} cases, {self.runs} runs, {skips} skipped"]
        lines += [f"  skipped {count}: {reason}" for reason, count in sorted(self.skipped.items())]
        lines.append(f"BPF programs loaded: {self.programs}")
        return lines

    def lacks(self) -> str:
        """Why this run proves nothing about tracing; "" when it does."""
        if not self.runs:
            return "no behaviour test ran"
        if not self.programs:
            return "no BPF program was loaded"
        return ""


REPORT = pytest.StashKey[Report]()
