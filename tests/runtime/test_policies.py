"""bufpolicy and switchrate: what is kept of the records, and when they are read."""

from __future__ import annotations

from typing import Any

import pytest

from d2bpf.runtime.errors import Failure
from d2bpf.runtime.policies import Keeper, Pace, keeper_of

MS = 1_000_000


class Played:
    """Decoders that note what they are handed."""

    def __init__(self) -> None:
        self.got: list[tuple[int, bytes, int, int, int]] = []
        self.decoders = [self._decoder(number) for number in range(3)]

    def _decoder(self, number: int) -> Any:
        def decoder(buf: Any, offset: int, length: int, site: int, cpu: int, spec: int) -> None:
            self.got.append((number, bytes(buf[offset : offset + length]), site, cpu, spec))

        return decoder


def give(keeper: Keeper, text: bytes, cpu: int = 0, number: int = 1, site: int = 7, spec: int = 0) -> None:
    """A record in the middle of a buffer, which is overwritten afterwards."""
    buffer = bytearray(b"..." + text + b"...")
    keeper.decoders[number](buffer, 3, len(text), site, cpu, spec)
    buffer[:] = bytes(len(buffer))


def texts(keeper: Keeper) -> list[bytes]:
    played = Played()
    keeper.play(played.decoders)
    return [data for _, data, _, _, _ in played.got]


def test_ring_keeps_the_newest_of_each_cpu_in_the_order_they_came() -> None:
    keeper = Keeper("ring", 10, 3)
    for text, cpu in ((b"aaaa", 0), (b"bbbb", 1), (b"cccc", 0), (b"dddd", 0), (b"ee", 0), (b"ff", 1)):
        give(keeper, text, cpu)
    assert not keeper.full
    assert texts(keeper) == [b"bbbb", b"cccc", b"dddd", b"ee", b"ff"]


def test_ring_makes_room_for_a_large_record() -> None:
    keeper = Keeper("ring", 10, 3)
    for text in (b"aaa", b"bbb", b"ccc", b"dddddddddd", b"e"):
        give(keeper, text)
    assert texts(keeper) == [b"e"]


def test_fill_keeps_the_oldest_until_a_cpu_has_no_room() -> None:
    keeper = Keeper("fill", 10, 3)
    for text, cpu in ((b"aaaa", 0), (b"bbbb", 1), (b"cccccc", 0)):
        give(keeper, text, cpu)
    assert (keeper.full, len(keeper.decoders)) == (False, 3)
    give(keeper, b"d", 0)
    assert keeper.full
    give(keeper, b"e", 1)
    assert texts(keeper) == [b"aaaa", b"bbbb", b"cccccc"]


def test_records_are_handed_on_as_they_came_and_once() -> None:
    keeper, played = Keeper("fill", 100, 3), Played()
    give(keeper, b"one", cpu=3, number=2, site=5, spec=1)
    give(keeper, b"two", cpu=1, number=0, site=6)
    keeper.play(played.decoders)
    keeper.play(played.decoders)
    assert played.got == [(2, b"one", 5, 3, 1), (0, b"two", 6, 1, 0)]


def plan(policy: str, bufsize: int) -> dict[str, Any]:
    fixed = {"size": 24, "fields": [{"kind": "int", "size": 8}]}
    tailed = {"size": 16, "fields": [{"kind": "tail", "size": 257}]}
    return {"options": {"bufpolicy": policy, "bufsize": bufsize}, "records": [fixed, tailed]}


def test_policy_of_a_plan() -> None:
    assert keeper_of(plan("switch", 1)) is None
    for policy in ("fill", "ring"):
        kept = keeper_of(plan(policy, 273))
        assert kept is not None
        assert len(kept.decoders) == 2
        with pytest.raises(Failure, match="Enabling exceeds size of buffer"):
            keeper_of(plan(policy, 272))


def test_pace_as_records_come() -> None:
    pace = Pace({"switchrate": 0})
    assert pace.is_set is False
    assert pace.is_due(5) and pace.is_due(5) and pace.is_due(6)
    assert pace.next(6) > 1 << 62


def test_pace_of_a_switchrate() -> None:
    options = {"switchrate": 10 * MS}
    pace = Pace(options)
    assert not pace.is_due(100 * MS)
    assert pace.next(100 * MS) == 110 * MS
    assert not pace.is_due(109 * MS)
    assert pace.is_due(112 * MS)
    assert not pace.is_due(113 * MS)
    assert pace.next(113 * MS) == 122 * MS
    options["switchrate"] = 0  # setopt()
    assert pace.is_due(113 * MS)
    options["switchrate"] = 10  # nanoseconds: once a millisecond is often enough
    assert pace.next(113 * MS) == 114 * MS
