"""What the consumer does for each action of a record (ir/plan.py, Action): TEXTS print data, EFFECTS do something else."""

from __future__ import annotations

from .printf import format_pieces
from .template import Piece, assemble
from .text import dump

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .consumer import Consumer
    from .decode import Layout
    from .symbolize import Symbolizer
    from .template import Buffer

    Options = Mapping[str, Any]
    Act = Mapping[str, Any]
    # step(buf, offset, length, site) does the action for one record.
    Step = Callable[[Buffer, int, int, int], object]
    Effect = Callable[[Consumer, Act, Layout, int], Step]

# ---- actions that print data ----

# trace() of integers, by (size, signed): outside quiet mode and in it (output.md 3.1, the columns of Oracle's).
_COLUMNS = {
    (8, True): b" %19d",
    (4, True): b" %10d",
    (2, True): b" %5d",
    (1, True): b" %3d",
    (8, False): b" %20d",
    (4, False): b" %10d",
    (2, False): b" %5d",
    (1, False): b" %3d",
}


def _trace(act: Act, layout: Layout, options: Options, symbols: Symbolizer) -> list[Piece]:
    index = act["fields"][0]
    field = layout.fields[index]
    kind = field["kind"]
    if kind == "int":
        signed = field["signed"] and not act.get("ptr")
        template = b"%d" if options["quiet"] else _COLUMNS[field["size"], signed]
        return [Piece(template, [layout.number(index, signed)])]
    if kind in ("str", "tail", "probe"):
        if options["rawbytes"]:
            return [Piece(b"%s", [layout.raw(index).then(dump)])]
        return [Piece(b"%s" if options["quiet"] else b"  %-33s", [layout.text(index)])]
    if kind in ("sym", "usym"):
        what = field["what"]
        return [Piece(b"  %-50s", [layout.address(index).then(lambda address: symbols.symbol(what, *address))])]
    if kind in ("stack", "ustack"):
        indent = options["stackindent"]
        return [Piece(b"%s", [layout.frames(index).then(lambda stack: symbols.stack(stack, indent))])]
    return [Piece(b"%s", [layout.raw(index).then(dump)])]


def _tracemem(act: Act, layout: Layout, options: Options, symbols: Symbolizer) -> list[Piece]:
    """A dump; a second field says how many bytes of it to show, if it is within the first one's size."""
    memory, *size = act["fields"]
    if not size:
        return [Piece(b"%s", [layout.raw(memory).then(dump)])]
    slots = [layout.raw(memory), layout.number(size[0])]
    return [Piece(b"%s", slots, lambda data, count: dump(data[:count] if 0 <= count < len(data) else data))]


def _print(act: Act, layout: Layout, options: Options, symbols: Symbolizer) -> list[Piece]:
    """An object by its type: what a pointer points to, or a value. The option printsize may have become smaller meanwhile."""
    from .objects import Pointed, Valued

    limit = options["printsize"]
    *address, data = act["fields"]
    if address:
        pointed = Pointed(act["layout"])
        slots = [layout.number(address[0], signed=False), layout.raw(data)]
        return [Piece(b"%s", slots, lambda address, data: pointed.text(address, data[:limit]))]
    valued = Valued(act["layout"], lambda address: symbols.location(None, address))
    return [Piece(b"%s", [layout.raw(data).then(lambda data: valued.text(data[:limit]))])]


def _printf(act: Act, layout: Layout, options: Options, symbols: Symbolizer) -> list[Piece]:
    return format_pieces(act["format"], act["fields"], layout, symbols)


TEXTS: dict[str, Callable[[Act, Layout, Options, Symbolizer], list[Piece]]] = {
    "trace": _trace,
    "tracemem": _tracemem,
    "printf": _printf,
    "print": _print,
    "stack": _trace,
    "ustack": _trace,
    "sym": _trace,
}

# ---- actions that do something ----


def _formatted(consumer: Consumer, act: Act, layout: Layout) -> Callable[[Buffer, int, int, int], bytes]:
    """The text of system() or freopen(), which is limited to strsize bytes."""
    template, read = assemble(format_pieces(act["format"], act["fields"], layout, consumer.symbols))
    limit = consumer.options["strsize"]
    return lambda buf, offset, length, site: (template % read(buf, offset, length, site))[:limit]


def _number(act: Act, layout: Layout) -> Callable[[Buffer, int, int, int], int]:
    """The action's only argument."""
    _, read = assemble([Piece(b"", [layout.number(act["fields"][0])])])
    return lambda buf, offset, length, site: read(buf, offset, length, site)[0]


def _printa(consumer: Consumer, act: Act, layout: Layout, clause: int) -> Step:
    printa = consumer.printa(act["aggs"], act["format"])
    head = b"\n" if act["format"] is None else b""
    append = consumer.output.append
    return lambda *data: append(head + printa())


def _clear(consumer: Consumer, act: Act, layout: Layout, clause: int) -> Step:
    aggregate = consumer.aggregate(act["aggs"][0])
    return lambda *data: aggregate.clear()


def _trunc(consumer: Consumer, act: Act, layout: Layout, clause: int) -> Step:
    aggregate = consumer.aggregate(act["aggs"][0])
    if not act["fields"]:
        return lambda *data: aggregate.trunc()
    count = _number(act, layout)
    return lambda *data: aggregate.trunc(count(*data))


def _normalize(consumer: Consumer, act: Act, layout: Layout, clause: int) -> Step:
    aggregate = consumer.aggregate(act["aggs"][0])
    factor = _number(act, layout)
    return lambda *data: aggregate.normalize(factor(*data))


def _denormalize(consumer: Consumer, act: Act, layout: Layout, clause: int) -> Step:
    aggregate = consumer.aggregate(act["aggs"][0])
    return lambda *data: aggregate.normalize(1)


def _exit(consumer: Consumer, act: Act, layout: Layout, clause: int) -> Step:
    status = _number(act, layout)
    return lambda *data: consumer.exit(status(*data))


def _system(consumer: Consumer, act: Act, layout: Layout, clause: int) -> Step:
    command = _formatted(consumer, act, layout)
    return lambda *data: consumer.system(command(*data))


def _freopen(consumer: Consumer, act: Act, layout: Layout, clause: int) -> Step:
    path = _formatted(consumer, act, layout)
    return lambda buf, offset, length, site: consumer.freopen(path(buf, offset, length, site), clause, site)


def _ftruncate(consumer: Consumer, act: Act, layout: Layout, clause: int) -> Step:
    return lambda *data: consumer.output.truncate()


def _setopt(consumer: Consumer, act: Act, layout: Layout, clause: int) -> Step:
    """Name and value are constants, or fields of the record."""
    if "name" in act:
        name, value = act["name"], act["value"]
        return lambda buf, offset, length, site: consumer.setopt(name, value, clause, site)
    _, read = assemble([Piece(b"", [layout.text(index) for index in act["fields"]])])

    def step(buf: Buffer, offset: int, length: int, site: int) -> None:
        name, *value = (text.decode("latin-1") for text in read(buf, offset, length, site))
        consumer.setopt(name, value[0] if value else "1", clause, site)

    return step


def _commit(consumer: Consumer, act: Act, layout: Layout, clause: int) -> Step:
    speculation = _number(act, layout)
    return lambda *data: consumer.commit(speculation(*data))


def _discard(consumer: Consumer, act: Act, layout: Layout, clause: int) -> Step:
    speculation = _number(act, layout)
    return lambda *data: consumer.discard(speculation(*data))


EFFECTS: dict[str, Effect] = {
    "printa": _printa,
    "clear": _clear,
    "trunc": _trunc,
    "normalize": _normalize,
    "denormalize": _denormalize,
    "exit": _exit,
    "system": _system,
    "freopen": _freopen,
    "ftruncate": _ftruncate,
    "setopt": _setopt,
    "commit": _commit,
    "discard": _discard,
}

# Records of nothing but these show no line of their own: what is committed has its lines already.
UNSEEN = frozenset(("commit", "discard"))
