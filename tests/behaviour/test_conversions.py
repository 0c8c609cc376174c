"""language/conversions.case leaves out no conversion and no flag."""

from __future__ import annotations

import re

from d2bpf.formats import CONVERSIONS
from tests.modules import ROOT

TEXT = (ROOT / "tests/behaviour/language/conversions.case").read_text()
USED = re.findall(r"%([-+ #'0?*]*)[0-9*.]*(@?)((?:ll|[hlLw])?[A-Za-z%])", TEXT)


def test_every_conversion_is_printed() -> None:
    assert sorted(set(CONVERSIONS) - {name for _, _, name in USED}) == []


def test_every_flag_is_used() -> None:
    assert set("-+ #'0?*") <= {flag for flags, _, _ in USED for flag in flags}
