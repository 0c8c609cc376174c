"""How many files may be open: raised for programs that take many, as far as it may be."""

from __future__ import annotations

import subprocess
import sys

import pytest

CODE = """
import resource
from d2bpf.runtime.bpf import allow_descriptors
resource.setrlimit(resource.RLIMIT_NOFILE, (300, {hard}))
allow_descriptors({count})
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.parametrize(("count", "hard", "least", "most"), [(100, 900, 300, 300), (500, 900, 564, 600)])
def test_the_limit_is_raised_to_what_it_takes(count: int, hard: int, least: int, most: int) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", CODE.format(count=count, hard=hard)], capture_output=True, text=True, check=True, timeout=60
    )
    assert least <= int(ran.stdout) <= most


def test_beyond_the_hard_limit_as_far_as_the_kernel_permits() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", CODE.format(count=5000, hard=900)], capture_output=True, text=True, check=True, timeout=60
    )
    assert int(ran.stdout) == 900 or 5064 <= int(ran.stdout) <= 5100
