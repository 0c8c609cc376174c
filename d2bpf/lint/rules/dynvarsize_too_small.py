"""An array of large values with no room for many of them."""

from __future__ import annotations

from collections.abc import Iterator

from ...sema.checked import Symbol
from ..look import Look
from ..rule import Found, Rule
from ._common import ordinary, spelled

_FEW = 2000  # elements that a busy machine uses up within a second
_OVERHEAD = 48  # bytes of a hash map's element besides key and value


def check(look: Look) -> Iterator[Found]:
    checked = look.checked
    if checked is None or not look.compiles:
        return
    size = int(look.call.command.options["dynvarsize"])
    for symbol in checked.variables:
        places = look.written.get((symbol.scope.replace("global", ""), symbol.name), [])
        stores = [node for clause, node in places if ordinary(clause)]
        if symbol.kind == "assoc" and stores:
            room = size // _bytes(symbol)
            if room < _FEW:
                name = spelled((symbol.scope.replace("global", ""), symbol.name))
                yield Found(stores[0], f"dynvarsize has room for {room} elements of {name}[]", "#pragma D option dynvarsize=16m")


def _bytes(symbol: Symbol) -> int:
    return _OVERHEAD + symbol.stored.size + sum((key.size + 7) // 8 * 8 for key in symbol.keys)


RULE = Rule(
    code="L403",
    severity="note",
    why="""
Elements of the array are large, strings mostly, and dynvarsize (1 MB unless the script says otherwise) holds only few of them. When
it is full, further elements are dropped, and counted as dynamic variable drops.
""",
    instead="""
Raise dynvarsize, lower strsize if strings are short, or use something smaller as a key or value: pid in place of a name,
probefunc and execname as they are, which d2bpf keeps in 4 and 16 bytes.
""",
    bad="syscall::openat:entry { seen[copyinstr(arg1), execname] = copyinstr(arg1); }\n"
    "syscall::close:entry { seen[execname, execname] = 0; }",
    check=check,
)
