"""docs/language-table.md says all that D has here, and what it says holds."""

from __future__ import annotations

import pytest

from d2bpf.syntax import ast
from tests import language_table as table
from tests.modules import ROOT

TEXT = table.PAGE.read_text()
PROOFS = table.proofs(TEXT)
ROWS = [row for _, rows in table.tables() for row in rows]


def test_page_is_current() -> None:
    assert table.page(PROOFS) == TEXT, "python -m tests.language_table writes it anew"


def test_every_class_of_the_tree_is_a_construct() -> None:
    concrete = {c for c in vars(ast).values() if isinstance(c, type) and issubclass(c, ast.Node) and not c.__subclasses__()}
    assert concrete == set(table.NODES) | table.PARTS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_row_is_proved(row: table.Row) -> None:
    assert table.proves(PROOFS[row.key], row)


def test_what_is_refused_is_argued_for() -> None:
    decisions = (ROOT / "docs" / "decisions.md").read_text()
    refused = [row.name for row in ROWS if row.refused]
    assert len(refused) > 3
    assert [name for name in refused if f"`{name}`" not in decisions] == []


def test_nothing_is_unfinished() -> None:
    assert "not implemented" not in TEXT
    assert {row.fidelity for row in ROWS} <= {"exact", "approximate", "accepted", "refused"}
    assert [row.name for row in ROWS if row.fidelity in ("approximate", "refused", "accepted") and not row.note] == []
