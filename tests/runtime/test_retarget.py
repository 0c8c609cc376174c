"""A plan made for one process that serves another."""

from __future__ import annotations

from typing import Any

import pytest

from d2bpf.runtime.errors import Failure
from d2bpf.runtime.start import retarget


def test_only_what_belongs_to_the_target_changes() -> None:
    plan: dict[str, Any] = {
        "target": 24,
        "attach": [{"pid": 24}, {"pid": 124}, {}],
        "probes": [[1, "pid24", "m", "f", "entry"], [2, "pid124", "m", "f", "entry"], [3, "syscall", "", "read", "entry"]],
        "tables": {"probe_names": {"entries": {"0": "pid24", "1": "x24", "4": "pid124", "8": "tcl824"}}},
    }
    retarget(plan, 7)
    assert [where.get("pid") for where in plan["attach"]] == [7, 124, None]
    assert [probe[1] for probe in plan["probes"]] == ["pid7", "pid124", "syscall"]
    assert plan["tables"]["probe_names"]["entries"] == {"0": "pid7", "1": "x24", "4": "pid124", "8": "tcl87"}
    assert plan["target"] == 7


def test_a_plan_that_needs_a_process_says_so() -> None:
    with pytest.raises(Failure, match="give a process with -c or -p"):
        retarget({"target": 24, "attach": [{"pid": 24}], "probes": [], "tables": {}}, 0)
