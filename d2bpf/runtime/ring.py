"""The BPF ring buffer read straight from memory: no system call and no ctypes per record.

Layout (kernel/bpf/ringbuf.c): one page with the consumer's position, one with the producers', then the data, mapped
twice in a row so that no record wraps. A record is a u32 length, a u32 of the kernel's own, and the data, padded to
8 bytes; bit 31 of the length says "being written", bit 30 "discarded".
"""

from __future__ import annotations

import mmap
import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    # decoder(buffer, offset, length, site, cpu, spec): the record is buffer[offset:offset + length], header included.
    Decoder = Callable[[mmap.mmap, int, int, int, int, int], object]

_BUSY, _DISCARDED, _LENGTH = 1 << 31, 1 << 30, (1 << 30) - 1
_header = struct.Struct("=4I").unpack_from  # struct of wire.py: record, site, cpu, speculation


class Ring:
    """The consumer's end of the ring buffer map `fd` of `size` bytes of data."""

    def __init__(self, fd: int, size: int) -> None:
        page = mmap.PAGESIZE
        self._mask = size - 1
        self._consumer = mmap.mmap(fd, page, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)
        self._producer = mmap.mmap(fd, page + 2 * size, mmap.MAP_SHARED, mmap.PROT_READ, offset=page)
        self._taken = memoryview(self._consumer).cast("Q")
        self._given = memoryview(self._producer)[:8].cast("Q")
        self._lengths = memoryview(self._producer).cast("I")

    def close(self) -> None:
        for view in (self._taken, self._given, self._lengths):
            view.release()
        self._consumer.close()
        self._producer.close()

    @property
    def pending(self) -> bool:
        """Whether there is anything that `drain` has not consumed yet."""
        return self._taken[0] < self._given[0]

    def drain(self, decoders: Sequence[Decoder], limit: int) -> int:
        """Hand up to `limit` records to `decoders[record number]` and free their space; how many were handed over.

        Fewer than `limit` means that the ring was empty, or its next record is still being written. If a decoder
        raises, its record counts as consumed.
        """
        page, mask, lengths, data = mmap.PAGESIZE, self._mask, self._lengths, self._producer
        header = _header
        at, end = self._taken[0], self._given[0]
        left = limit
        try:
            while at < end and left:
                offset = page + (at & mask)
                length = lengths[offset >> 2]
                if length & _BUSY:
                    break
                if length & _DISCARDED:
                    at += ((length & _LENGTH) + 15) & ~7
                    continue
                at += (length + 15) & ~7
                left -= 1
                record, site, cpu, spec = header(data, offset + 8)
                decoders[record](data, offset + 8, length, site, cpu, spec)
        finally:
            self._taken[0] = at
        return limit - left
