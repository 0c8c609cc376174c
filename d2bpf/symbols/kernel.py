"""Kernel addresses and names, by /proc/kallsyms.

To have the kernel write that file takes some 50 ms for its 120,000 lines, so it is read when the first address is asked
for. Then it stays as it came, 5 MB of text, and is searched in place: the part for the kernel proper is in order of
addresses (the kernel searches its own table the same way), the part for modules, a few lines, is put in order here.
"""

from __future__ import annotations

from bisect import bisect_left

TYPE_CHECKING = False
if TYPE_CHECKING:
    Symbol = tuple[str, str, int]  # module, name, bytes behind the start of the symbol

KALLSYMS = "/proc/kallsyms"
KERNEL = "vmlinux"  # the module of what is not in a module
DIGITS = 16
FARTHEST = 1 << 20  # no function is that long: an address so far behind a symbol is in no symbol at all

# Code made at run time to get from a probe to its programs has no name worth printing: these modules, these names.
_SCAFFOLDING = ("__builtin__", "bpf`bpf_trampoline_", "bpf`bpf_dispatcher_")


class KernelSymbols:
    """The kernel's symbols as they were when first asked for."""

    def __init__(self, path: str = KALLSYMS) -> None:
        self._path = path
        self._text: bytes | None = None  # of the kernel proper
        self._modules: list[bytes] = []  # lines, in order of addresses

    def resolve(self, address: int) -> Symbol | None:
        """(module, name, offset) of the symbol an address lies in, the module of the kernel proper being "vmlinux".
        None if it is in none, or if this process may not see kernel addresses. OSError if there is no such file."""
        text = self._load()
        kernel, module = _last_up_to(text, address), _last_of_lines_up_to(self._modules, address)
        line = max(kernel, module, key=lambda line: line[:DIGITS])
        if not line:
            return None
        start, name, owner = _parse(line)
        if not 0 <= address - start < FARTHEST or start == 0 or f"{owner}`{name}".startswith(_SCAFFOLDING):
            return None
        return owner or KERNEL, name, address - start

    def address(self, name: str) -> int | None:
        """Address of the first symbol called so, the kernel's before any module's; None if there is none or it may not
        be seen. OSError as for resolve()."""
        text = self._load()
        wanted = b" " + name.encode("utf-8", "replace")
        at = text.find(wanted + b"\n")
        line = text[text.rfind(b"\n", 0, at) + 1 : at] if at >= 0 else b""
        if not line:
            line = next((line for line in self._modules if line.partition(b"\t")[0].endswith(wanted)), b"")
        return int(line[:DIGITS], 16) or None if line else None

    def _load(self) -> bytes:
        if self._text is None:
            with open(self._path, "rb") as file:
                text = file.read()
            first_module = text.rfind(b"\n", 0, max(text.find(b"\t["), 0)) + 1 if b"\t[" in text else len(text)
            self._modules = text[first_module:].splitlines()
            self._modules.sort(key=lambda line: line[:DIGITS])
            self._text = text[:first_module]
        return self._text


def _parse(line: bytes) -> tuple[int, str, str]:
    """(address, name, module or "") of `ffffffffc0201000 t name`, behind which a tab and `[module]` may follow."""
    text, _, module = line.decode("utf-8", "replace").partition("\t")
    return int(text[:DIGITS], 16), text[DIGITS + 3 :], module.strip("[]")


def _last_of_lines_up_to(lines: list[bytes], address: int) -> bytes:
    """Of lines in order of addresses the last whose address is not beyond `address`, the first if several share it."""
    index = bisect_left(lines, b"%016x" % (address + 1)) - 1
    if index < 0:
        return b""
    return lines[bisect_left(lines, lines[index][:DIGITS])]


def _last_up_to(text: bytes, address: int) -> bytes:
    """The same of lines in one text."""
    end = _first_from(text, address + 1)
    if end == 0:
        return b""
    last = text.rfind(b"\n", 0, end - 1) + 1
    first = _first_from(text, int(text[last : last + DIGITS], 16))
    return text[first : text.find(b"\n", first)]


def _first_from(text: bytes, address: int) -> int:
    """Where the first line with at least this address begins; the length of the text if there is none."""
    key = b"%016x" % address
    low, high = 0, len(text)  # beginnings of lines: those before `low` are too small, the one at `high` is not
    while low < high:
        middle = (low + high) // 2
        begin = max(text.rfind(b"\n", low, middle) + 1, low)
        if text[begin : begin + DIGITS] < key:
            low = text.find(b"\n", middle) + 1 or len(text)
        else:
            high = begin
    return low
