"""Semantic analysis: what the names, types and probes of D programs mean (checker.py is the way in, checked.py what comes out)."""

from __future__ import annotations

from .checked import Checked
from .checker import Checker, check

__all__ = ["Checked", "Checker", "check"]
