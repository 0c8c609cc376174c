"""Records to lines: one decoder for each kind of record, made when the first one comes (output.md section 1).

Decoders read straight from the mapped ring. Text that goes out together is one bytes template; a record of nothing but
text costs one struct.unpack_from(), one `%` and two list appends.
"""

from __future__ import annotations

from struct import Struct

from ..wire import FAULT, HEADER_SIZE
from .actions import EFFECTS, TEXTS, UNSEEN
from .decode import Layout
from .template import Piece, assemble, literal
from .text import of_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from .actions import Step
    from .consumer import Consumer
    from .flow import FlowIndent, Held
    from .template import Buffer

    # decoder(buf, offset, length, site, cpu, spec): the record is buf[offset:offset + length], header included.
    Decoder = Callable[[Buffer, int, int, int, int, int], object]

HEADER = b"%3s %6s %32s\n" % (b"CPU", b"ID", b"FUNCTION:NAME")
_PARTS = {"prov": 1, "mod": 2, "func": 3, "name": 4}  # of a probe, by Field.what


class Renderer:
    """`decoders` is the list that Consumer.decoders() hands out. Its items change: index it anew for each record."""

    def __init__(self, plan: Mapping[str, Any], consumer: Consumer) -> None:
        self._plan = plan
        self._consumer = consumer
        self._append = consumer.output.append
        self._prefixes = _Prefixes(plan)
        self._site_names: dict[str, list[bytes]] = {}
        self._flow: FlowIndent | None = None
        self._contents: dict[int, Step] = {}
        self.decoders: list[Decoder] = []
        self.reset()

    def reset(self) -> None:
        """Options have changed: decoders are made anew when next needed."""
        self._contents.clear()
        self.decoders[:] = map(self._first, range(len(self._plan["records"])))

    def flush(self) -> None:
        """Print the records that wait for what follows them."""
        if self._flow is not None:
            self._flow.finish()

    def site_names(self, what: str) -> Sequence[bytes]:
        """A part of the probe's name for every site."""
        names = self._site_names.get(what)
        if names is None:
            part, probes = _PARTS[what], self._plan["probes"]
            names = [of_name(probes[probe][part]) for probe in self._plan["sites"]]
            self._site_names[what] = names
        return names

    def layout(self, number: int) -> Layout:
        record = self._plan["records"][number]
        return Layout(record["fields"], self.site_names, record["size"])

    def _first(self, number: int) -> Decoder:
        """A decoder that puts the real one into its place and hands over to it."""

        def decoder(buf: Buffer, offset: int, length: int, site: int, cpu: int, spec: int) -> None:
            real = self.decoders[number] = self._decoder(number) if number else self._faults()
            real(buf, offset, length, site, cpu, spec)

        return decoder

    def _faults(self) -> Decoder:
        fault, read = self._consumer.fault, Struct(FAULT).unpack_from

        def decoder(buf: Buffer, offset: int, length: int, site: int, cpu: int, spec: int) -> None:
            clause, code, value = read(buf, offset + HEADER_SIZE)
            fault(clause, code, value, site)

        return decoder

    def _decoder(self, number: int) -> Decoder:
        if self._consumer.options["flowindent"] and not self._is_unseen(number):
            return self._flow_indented(number)
        if any(action["do"] in EFFECTS for action in self._plan["records"][number]["actions"]):
            return self._with_effects(number)
        return self._text_only(number)

    def _is_unseen(self, number: int) -> bool:
        """Whether a record has neither prefix nor newline."""
        actions = self._plan["records"][number]["actions"]
        return bool(actions) and all(action["do"] in UNSEEN for action in actions)

    def _text_only(self, number: int) -> Decoder:
        options, symbols = self._consumer.options, self._consumer.symbols
        quiet, layout = options["quiet"], self.layout(number)
        pieces: list[Piece] = []
        for action in self._plan["records"][number]["actions"]:
            pieces += TEXTS[action["do"]](action, layout, options, symbols)
        template, read = assemble(pieces if quiet else [*pieces, literal(b"\n")])
        append, prefixes, hold = self._append, self._prefixes, self._consumer.hold

        def quiet_line(buf: Buffer, offset: int, length: int, site: int, cpu: int, spec: int) -> None:
            if spec:
                hold(number, buf[offset : offset + length], site, cpu, spec)
            else:
                append(template % read(buf, offset, length, site))

        def line(buf: Buffer, offset: int, length: int, site: int, cpu: int, spec: int) -> None:
            if spec:
                hold(number, buf[offset : offset + length], site, cpu, spec)
            else:
                append(prefixes[cpu, site])
                append(template % read(buf, offset, length, site))

        return quiet_line if quiet else line

    def _with_effects(self, number: int) -> Decoder:
        append, prefixes, hold = self._append, self._prefixes, self._consumer.hold
        options, content, unseen = self._consumer.options, self._content(number), self._is_unseen(number)

        def decoder(buf: Buffer, offset: int, length: int, site: int, cpu: int, spec: int) -> None:
            if spec:
                hold(number, buf[offset : offset + length], site, cpu, spec)
                return
            if not options["quiet"] and not unseen:
                append(prefixes[cpu, site])
            content(buf, offset, length, site)

        return decoder

    def _flow_indented(self, number: int) -> Decoder:
        from .flow import FlowIndent, Held

        if self._flow is None:
            self._flow = FlowIndent(self._plan, self._consumer.options, self._append, self._content, self._plain)
        add, hold = self._flow.add, self._consumer.hold
        clause = self._plan["records"][number]["clause"]

        def decoder(buf: Buffer, offset: int, length: int, site: int, cpu: int, spec: int) -> None:
            data = buf[offset : offset + length]
            if spec:
                hold(number, data, site, cpu, spec)
            else:
                add(Held(number, clause, data, site, cpu))

        return decoder

    def _plain(self, held: Held) -> None:
        self.decoders[held.number](held.data, 0, len(held.data), held.site, held.cpu, 0)

    def _content(self, number: int) -> Step:
        content = self._contents.get(number)
        if content is None:
            content = self._contents[number] = self._make_content(number)
        return content

    def _make_content(self, number: int) -> Step:
        """What prints and does the items of a record in order, and its newline."""
        record = self._plan["records"][number]
        consumer, layout = self._consumer, self.layout(number)
        options, append = consumer.options, self._append
        steps: list[Step] = []
        pieces: list[Piece] = []
        for action in record["actions"]:
            text = TEXTS.get(action["do"])
            if text is not None:
                pieces += text(action, layout, options, consumer.symbols)
                continue
            steps += self._text_steps(pieces)
            pieces = []
            steps.append(EFFECTS[action["do"]](consumer, action, layout, record["clause"]))
        steps += self._text_steps(pieces)
        unseen = self._is_unseen(number)

        def content(buf: Buffer, offset: int, length: int, site: int) -> None:
            for step in steps:
                step(buf, offset, length, site)
            if not options["quiet"] and not unseen:
                append(b"\n")

        return content

    def _text_steps(self, pieces: Sequence[Piece]) -> list[Step]:
        if not pieces:
            return []
        template, read = assemble(pieces)
        append = self._append
        return [lambda buf, offset, length, site: append(template % read(buf, offset, length, site))]


class _Prefixes(dict[tuple[int, int], bytes]):
    """(CPU, site) -> what a line begins with. The first one asked for comes with the header, once."""

    def __init__(self, plan: Mapping[str, Any]) -> None:
        super().__init__()
        self._plan = plan
        self._begun = False

    def __missing__(self, where: tuple[int, int]) -> bytes:
        cpu, site = where
        id_, _, _, function, name = self._plan["probes"][self._plan["sites"][site]]
        text = b"%3d %6d %32s " % (cpu, id_, of_name(f"{function}:{name}"))
        if self._begun:
            self[where] = text
            return text
        self._begun = True
        return HEADER + text
