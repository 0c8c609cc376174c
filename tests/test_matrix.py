"""The support matrix is current, and promises nothing that no case shows."""

from __future__ import annotations

from tests import matrix


def test_page_is_current() -> None:
    assert matrix.PAGE.read_text() == matrix.page(), "provider files or cases have changed: run python -m tests.matrix"


def test_what_is_exact_is_tested() -> None:
    untested = [row.name for row in matrix.rows() if row.level == "exact" and not row.tests]
    assert untested == [], "no behaviour case fires these: add one, or say in the provider file what is not exact (note)"


def test_a_pattern_tells_of_what_it_shows_only() -> None:
    found = {use.place for use in matrix.uses()["vminfo"] if use.desc.name == ""}
    rows = {row.name: row.tests for row in matrix.rows() if row.provider == "vminfo"}
    assert any(place in rows["vminfo:::cow_fault"] for place in found)
    assert not any(place in rows["vminfo:::pgrrun"] for place in found)
