"""Paired measurement: contenders take turns, so that a busy moment of the machine hits all of them alike."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

REASON = 100  # characters of a reason that a table has room for


class Unavailable(Exception):
    """A contender cannot be measured here; the text says why."""


@dataclass(frozen=True)
class Contender:
    """`measure()` gives one number (smaller is better), or raises Unavailable."""

    name: str
    measure: Callable[[], float]


@dataclass
class Series:
    """A contender's numbers, one a round; or why there are none."""

    name: str
    values: list[float]
    reason: str = ""

    @property
    def best(self) -> float:
        return min(self.values)

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def ratio(self, to: Series) -> float:
        """The median over the rounds of this one's number divided by the other's in the same round."""
        return statistics.median(mine / theirs for mine, theirs in zip(self.values, to.values, strict=True))


def paired(contenders: Sequence[Contender], rounds: int, warm_up: bool = True) -> list[Series]:
    """`rounds` numbers of each contender, taken in turns. With `warm_up` a first one of each is thrown away."""
    series = {contender.name: Series(contender.name, []) for contender in contenders}
    for number in range(rounds + warm_up):
        for contender in contenders:
            found = series[contender.name]
            if found.reason:
                continue
            try:
                value = contender.measure()
            except Unavailable as error:
                found.reason, found.values = str(error) or "no reason given", []
                continue
            if number or not warm_up:
                found.values.append(value)
    return list(series.values())


def number(value: float, unit: str) -> str:
    """Three digits that count, never an exponent."""
    return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2}f} {unit}"


def rows(series: Sequence[Series], unit: str, references: Mapping[str, str]) -> list[list[str]]:
    """Table rows: name, best and median in `unit`, and the ratio to each reference (a series' name by column title)."""
    by_name = {one.name: one for one in series}
    table = []
    for one in series:
        if one.reason:
            table.append([one.name, f"n/a: {one.reason[:REASON]}", "", *("" for _ in references)])
            continue
        ratios = []
        for name in references.values():
            other = by_name.get(name)
            comparable = other is not None and other is not one and not other.reason
            ratios.append(f"{one.ratio(other):.2f}" if comparable and other and all(other.values) else "")
        table.append([one.name, number(one.best, unit), number(one.median, unit), *ratios])
    return table
