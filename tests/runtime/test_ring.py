"""The ring buffer reader on memory laid out as the kernel lays it out."""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from d2bpf.runtime.ring import Ring

SIZE = 1 << 16
PAGE = mmap.PAGESIZE
BUSY, DISCARDED = 1 << 31, 1 << 30


class Memory:
    """A stand-in for the map: its file, written as the kernel would."""

    def __init__(self) -> None:
        self.fd = os.memfd_create("ring")
        os.ftruncate(self.fd, 2 * PAGE + 2 * SIZE)
        self.given = 0

    def put(self, data: bytes, flags: int = 0) -> None:
        """Append a record, in both places where the data is mapped."""
        at = self.given % SIZE
        record = struct.pack("=II", len(data) | flags, 0) + data
        for start in (at, at + SIZE, at - SIZE):
            low = max(0, -start)
            os.pwrite(self.fd, record[low:], 2 * PAGE + start + low)
        self.given += (len(record) + 7) & ~7
        os.pwrite(self.fd, struct.pack("=Q", self.given), PAGE)

    def taken(self) -> int:
        return int(struct.unpack("=Q", os.pread(self.fd, 8, 0))[0])


@pytest.fixture
def memory() -> Iterator[Memory]:
    made = Memory()
    yield made
    os.close(made.fd)


def record(number: int, site: int, cpu: int, spec: int, rest: bytes = b"") -> bytes:
    return struct.pack("=4I", number, site, cpu, spec) + rest


def collector(got: list[tuple[object, ...]]) -> list[object]:
    def decode(number: int) -> object:
        return lambda buffer, at, length, site, cpu, spec: got.append(
            (number, bytes(buffer[at + 16 : at + length]), site, cpu, spec)
        )

    return [decode(i) for i in range(3)]


def test_records_reach_their_decoders_in_order(memory: Memory) -> None:
    ring = Ring(memory.fd, SIZE)
    got: list[tuple[object, ...]] = []
    memory.put(record(1, 7, 3, 0, b"abc"))
    memory.put(record(2, 8, 0, 5))
    assert ring.pending
    assert ring.drain(collector(got), 10) == 2  # type: ignore[arg-type]
    assert got == [(1, b"abc", 7, 3, 0), (2, b"", 8, 0, 5)]
    assert memory.taken() == memory.given
    assert ring.drain([], 10) == 0
    ring.close()


def test_limit_is_kept(memory: Memory) -> None:
    ring = Ring(memory.fd, SIZE)
    got: list[tuple[object, ...]] = []
    for i in range(5):
        memory.put(record(0, i, 0, 0))
    assert [ring.drain(collector(got), 2) for _ in range(4)] == [2, 2, 1, 0]  # type: ignore[arg-type]
    assert [site for _, _, site, _, _ in got] == [0, 1, 2, 3, 4]
    ring.close()


def test_discarded_records_are_skipped_and_busy_ones_waited_for(memory: Memory) -> None:
    ring = Ring(memory.fd, SIZE)
    got: list[tuple[object, ...]] = []
    memory.put(record(0, 1, 0, 0), DISCARDED)
    memory.put(record(0, 2, 0, 0))
    before = memory.given
    memory.put(record(0, 3, 0, 0), BUSY)
    memory.put(record(0, 4, 0, 0))
    assert ring.drain(collector(got), 10) == 1  # type: ignore[arg-type]
    assert got == [(0, b"", 2, 0, 0)]
    assert memory.taken() == before
    assert ring.pending
    ring.close()


def test_record_of_a_decoder_that_raises_is_consumed(memory: Memory) -> None:
    def fail(*_: object) -> None:
        raise BrokenPipeError

    ring = Ring(memory.fd, SIZE)
    memory.put(record(0, 1, 0, 0))
    end = memory.given
    memory.put(record(0, 2, 0, 0))
    with pytest.raises(BrokenPipeError):
        ring.drain([fail], 10)
    assert memory.taken() == end
    ring.close()


@given(st.lists(st.binary(max_size=3000), max_size=60))
def test_records_wrap_around(payloads: list[bytes]) -> None:
    memory = Memory()
    ring = Ring(memory.fd, SIZE)
    got: list[tuple[object, ...]] = []
    for payload in payloads:
        memory.put(record(0, 0, 0, 0, payload))
        assert ring.drain(collector(got), 10) == 1  # type: ignore[arg-type]
    assert [data for _, data, *_ in got] == payloads
    ring.close()
    os.close(memory.fd)
