"""Run by hatchling when an installation is built: brings the parser's tables along, which take PLY 70 ms to make."""

from __future__ import annotations

import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Tables(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        del version, build_data
        sys.path.insert(0, self.root)
        from d2bpf.syntax.grammar import ship_tables

        ship_tables()
