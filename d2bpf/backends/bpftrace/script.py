"""The bpftrace script of a checked program: its blocks, their order, its head and its end.

Clauses become blocks of their own, in their order: bpftrace runs the blocks of one probe in the order they stand. Clauses are
joined in one block where D ties them: BEGIN and END, of which bpftrace allows one each, a clause-local variable that several use,
an exit() that keeps later ones from running.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ... import __version__
from ...catalog.schema import Probe, Site
from ...diagnostics import Abandon, Sink
from ...options import defaults
from ...sema.checked import Checked
from ...syntax import ast
from .expressions import CODE, Expressions
from .names import Names, aggregation, walk
from .probes import EVERY_CALL, EVERY_NAME, Unsayable, attach_name
from .statements import Statements
from .terms import ATOM, Term, binary, quoted

MANY = 64  # probes of a pattern that become one block for all system calls
CLOCK = "$timestamp"
LINE = 100  # characters of the program's name in the head
# Options that change what is traced or printed, with the value that changes nothing.
OPTIONS: dict[str, object] = {opt: defaults()[opt] for opt in (
    "flowindent", "cpu", "aggpercpu", "rawbytes", "bufpolicy", "strsize", "agghist", "aggpack", "aggzoom", "grabanon",
)}  # fmt: skip

HEAD = """#!/usr/bin/env bpftrace
/*
 * {title}
 *
 * Translated from D by d2bpf {version} for bpftrace 0.17 and later. Run it as: bpftrace -q {run}
 *
 * Not as with dtrace:
{notes}
 */
"""


@dataclass(slots=True)
class Block:
    """One action block: `heads` are the probes, `lines` what stands between the braces, `comment` the D text."""

    heads: list[str]
    predicate: str
    lines: list[str]
    comment: str = ""

    def text(self) -> str:
        head = ",\n".join(self.heads) + (f"\n/{self.predicate}/" if self.predicate else "")
        return "\n".join([*([self.comment] if self.comment else []), head, "{", *self.lines, "}"]) + "\n"


@dataclass(slots=True)
class Firing:
    """One attach point of one probe, with the clauses that run on it."""

    probe: Probe
    site: Site
    clauses: list[int] = field(default_factory=list)


def script(checked: Checked, target: Any, title: str, processes: Sequence[str], sink: Sink) -> str:
    """The text of the script. `title` names the D program; `processes` are the letters of its -c and -p flags. What bpftrace cannot
    say is reported to the sink, each place once; the text is then of no use."""
    process = processes[0] if processes else ""
    child = "$1" if process == "p" else "cpid"
    if len(processes) > 1:
        sink.error(CODE, "bpftrace traces one process by -c or -p")
    for option, usual in OPTIONS.items():
        if checked.options[option] != usual:
            sink.error(CODE, f"bpftrace has no counterpart of the option {option}")
    names = Names(checked)
    Writer(names, target, child, Sink()).blocks()
    names.known, names.seen = names.seen, {}
    blocks = Writer(names, target, child, sink).blocks()
    if not blocks:
        blocks.append(Block(["BEGIN"], "", []))
    end = cleared(checked, names)
    if end:
        last = next((b for b in blocks if b.heads == ["END"]), None)
        if last is None:
            last = Block(["END"], "", [])
            blocks.append(last)
        last.lines += [f"\tclear({name});" for name in end]
    body = "\n".join(block.text() for block in blocks)
    code = "\n".join(line for line in body.split("\n") if not line.startswith("//"))
    notes = "\n".join(f" *   - {note}" for found, note in NOTES if found(code))
    shown = title.replace("*/", "* /") if len(title) < LINE else title[:LINE].replace("*/", "* /") + " ..."
    run = {"c": "-c 'COMMAND' FILE", "p": "FILE PID"}.get(process, "-c 'COMMAND' FILE" if "cpid" in code else "FILE")
    return HEAD.format(title=shown, version=__version__, run=run, notes=notes) + "\n" + body


def cleared(checked: Checked, names: Names) -> list[str]:
    """The maps that bpftrace would print at the end, and D does not: variables, and aggregations that printa() has printed."""
    printed = {
        node.args[0].name
        for clause in checked.clauses
        for node in walk(clause.node)
        if isinstance(node, ast.Call) and node.name == "printa" and node.args and isinstance(node.args[0], ast.AggRef)
    }
    return names.maps() + [aggregation(name) for name in checked.aggregations if name in printed]


# What differs whatever a script says: (whether it concerns this one, what to tell).
NOTES: tuple[tuple[Callable[[str], bool], str], ...] = (
    (
        lambda text: True,
        "Maps print in bpftrace's layout and order, with the same numbers; columns CPU, ID, FUNCTION:NAME do not.",
    ),
    (lambda text: "cpid" in text, "With -c, all that the child does is seen, also before its main() runs."),
    (lambda text: "hist(" in text, "Histograms: hist() shows a bucket [4, 8) where quantize() shows a row 4."),
    (lambda text: "[probe" in text or ", probe" in text, "probefunc is bpftrace's whole name of the probe."),
    (lambda text: "str(" in text, "str() cuts at 63 characters (BPFTRACE_STRLEN says where); what cannot be read is empty."),
    (lambda text: "] = " in text, "A map holds 4096 keys (BPFTRACE_MAP_KEYS_MAX); what does not fit is lost without a word."),
    (lambda text: "exit()" in text, "exit() takes a moment, in which probes may still fire."),
    (lambda text: "@self_" in text, "@self_ entries that are not deleted outlive their thread."),
    (lambda text: "args->" in text, "An argument has the type that the kernel declares, where D's arg0 is the whole register."),
    (lambda text: " / " in text or " % " in text, "Division by zero gives 0, no error."),
    (lambda text: "->" in text.replace("args->", ""), "An address that cannot be read gives 0, no error."),
)


class Writer:
    """Makes the blocks."""

    def __init__(self, names: Names, target: Any, child: str, sink: Sink) -> None:
        self.names, self.checked, self.target, self.child, self.sink = names, names.checked, target, child, sink
        self.quiet: bool = self.checked.options["quiet"]

    def blocks(self) -> list[Block]:
        """Every block, in the order of the clauses they begin with; of BEGIN and END one at most."""
        made: list[Block] = []
        for clauses, firings in self.units():
            found = self.unit(clauses, firings)
            if found:
                texts = [self.checked.clauses[i].node.span.text for i in clauses]
                found[0].comment = "\n".join(("// " + line).rstrip() for text in texts for line in text.split("\n"))
            made += found
        return made

    def units(self) -> list[tuple[tuple[int, ...], list[Firing]]]:
        """Clauses that form one block each, with where they fire."""
        firings: dict[int, Firing] = {}
        for index, clause in enumerate(self.checked.clauses):
            for probe in clause.probes:
                for site in probe.sites:
                    firings.setdefault(id(site), Firing(probe, site)).clauses.append(index)
        units: dict[tuple[int, ...], list[Firing]] = {}
        for firing in firings.values():
            for unit in self.joined(firing):
                units.setdefault(unit, []).append(firing)
        return sorted(units.items(), key=lambda row: row[0])

    def joined(self, firing: Firing) -> list[tuple[int, ...]]:
        """The clauses of one attach point, those together that belong in one block."""
        clauses = firing.clauses
        if firing.site.attachment.kind == "test_run" or any(map(self.exits, clauses[:-1])):
            return [tuple(clauses)]
        units: list[tuple[int, ...]] = []
        for index in clauses:
            shares = [unit for unit in units if any(self.locals(index) & self.locals(other) for other in unit)]
            units = [unit for unit in units if unit not in shares]
            units.append((*(i for unit in shares for i in unit), index))
        return units

    def exits(self, index: int) -> bool:
        return any(isinstance(n, ast.Call) and n.name == "exit" for n in walk(self.checked.clauses[index].node))

    def locals(self, index: int) -> set[str]:
        """The clause-local variables of a clause."""
        nodes = walk(self.checked.clauses[index].node)
        return {n.name for n in nodes if isinstance(n, ast.ScopedVar) and n.scope == "this"}

    # ---------------------------------------------------------------- one unit

    def unit(self, clauses: tuple[int, ...], firings: list[Firing]) -> list[Block]:
        """The blocks of some clauses: one for all attach points where they read the same."""
        if all(map(self.for_every_call, clauses)):
            firings = [f for f in firings if f.site.attachment.kind != "syscall"] + self.of_every_call(firings)
        blocks: list[Block] = []
        for firing in firings:
            try:
                block = self.block(clauses, firing)
            except Abandon:
                continue
            same = next((b for b in blocks if b.lines == block.lines and b.predicate == block.predicate), None)
            if same is None:
                blocks.append(block)
            else:
                same.heads += [head for head in block.heads if head not in same.heads]
        return [block for block in blocks if block.lines]

    def for_every_call(self, index: int) -> bool:
        """Whether a clause names all system calls by leaving the function out."""
        clause = self.checked.clauses[index]
        calls = [probe for probe in clause.probes if probe.provider == "syscall"]
        return len(calls) > MANY and all(p.function in ("", "*") for p in clause.node.probes)

    def of_every_call(self, firings: list[Firing]) -> list[Firing]:
        """One system call's entry and return, to stand for all."""
        found: dict[object, Firing] = {}
        for firing in firings:
            if firing.site.attachment.kind == "syscall":
                found.setdefault(firing.site.attachment.words[1], firing)
        return list(found.values())

    def block(self, clauses: Sequence[int], firing: Firing) -> Block:
        """The block for some clauses on one attach point. Abandon after reporting that there can be none."""
        node = self.checked.clauses[clauses[0]].node
        every = firing.site.attachment.kind == "syscall" and all(map(self.for_every_call, clauses))
        e = self.expressions(firing, every)
        try:
            head = attach_name(firing.probe, firing.site, self.target)
        except Unsayable as why:
            raise e.refuse(str(why), node.probes[0]) from None
        predicate, lines = self.lines(e, clauses)
        if e.clocks > 1:
            e, clock = self.expressions(firing, every), CLOCK
            e.clock = clock
            predicate, lines = self.lines(e, clauses)
            lines = [f"\t{clock} = nsecs;", *lines]
        lines = [f"\t${s.name} = {self.nothing(s.name, e)};" for s in e.first] + lines
        if every:
            when = str(firing.site.attachment.words[1])
            text = "".join(lines) + predicate
            if e.names_probe and "args->args" in text:
                raise e.refuse("bpftrace does not know both the name and the arguments of every system call", node)
            head = (EVERY_NAME if e.names_probe else EVERY_CALL)[when]
        return Block([head], predicate, lines)

    def expressions(self, firing: Firing, every: bool) -> Expressions:
        return Expressions(self.names, firing.probe, firing.site, self.target, every, self.child, self.sink)

    def nothing(self, name: str, e: Expressions) -> str:
        """What a clause-local variable is before it is assigned."""
        found = next((self.names.known.get(s) for s in e.first if s.name == name), None)
        if found is None or found.kind == "int":
            return "0" if found is None or found.signed else "(uint64)0"
        return '""' if found.kind == "string" else "0"

    def lines(self, e: Expressions, clauses: Sequence[int]) -> tuple[str, list[str]]:
        """(predicate, lines): the predicate stands before the braces if there is but one clause."""
        lines: list[str] = []
        alone = len(clauses) == 1
        outside = ""
        for index in clauses:
            node = self.checked.clauses[index].node
            test = self.predicate(e, node)
            clocks = e.clocks
            e.inside = bool(test) and not alone
            with e.knowing(node.predicate):
                body = self.body(e, node)
            if alone:
                outside = test
                e.clocks -= clocks
            elif test and body:
                body = [f"\tif ({test}) {{", *("\t" + line for line in body), "\t}"]
            lines += body
        return outside, lines

    def predicate(self, e: Expressions, node: ast.Clause) -> str:
        code = e.code
        tests: list[Term] = []
        if code is not None and code.when is not None:
            with e.standing_for(node.probes[0]):
                tests.append(e.condition(code.when))
        if code is not None and code.task is not None:
            raise e.refuse("bpftrace describes the thread that is running where this probe fires, D another", node.probes[0])
        if node.predicate is not None:
            tests.append(e.condition(node.predicate))
        if len(tests) < 2:
            return tests[0].text if tests else ""
        return binary(Term(tests[0].within(ATOM)), "&&", tests[1]).text

    def body(self, e: Expressions, node: ast.Clause) -> list[str]:
        if not node.body:
            shown = f"{e.probe.function}:{e.probe.name}\n"
            return [] if self.quiet else [f"\tprintf({quoted(shown)});"]
        at_end = e.site.attachment.words == ("END",)
        return Statements(e, at_end, self.quiet).body(node.body)
