"""Puts the plan together: C text, attach list, records, aggregations, options. See ir/plan.py for its shape."""

from __future__ import annotations

from ...ir import ops
from ...ir.plan import Clause, Handler, Plan
from ...lower.clauses import Lowered
from ...sema.checked import Checked, CheckedClause
from ..attached import attached
from .c_text import Printer

VERSION = 1


def make_plan(checked: Checked, lowered: Lowered) -> Plan:
    """The complete plan of a lowered program."""
    state = lowered.state
    printer = Printer(lowered.ir, state.facts)
    return {
        "version": VERSION,
        "c": printer.text(),
        "members": list(state.members.values()),
        "enumerators": checked.enumerators,
        "facts": sorted(state.facts),
        "handlers": [handler(h) for h in lowered.ir.handlers],
        "attach": lowered.attach,
        "tables": state.tables,
        "sizes": {m.name: lowered.ir.structs[m.value].size for m in lowered.ir.maps.values() if m.stretched},
        "sites": state.sites,
        "probes": [[p.id, p.provider, p.module, p.function, p.name] for p in state.probes],
        "clauses": [clause(c) for c in checked.clauses],
        "records": state.records,
        "aggregations": state.aggregations.described(),
        "programs": [{"kind": p.kind, "text": p.text, "matched": p.matched} for p in checked.programs],
        "options": dict(checked.options),
        "target": 0,
        "destructive": bool(state.destructive) or checked.destructive is not None,
        "uses": sorted(state.uses),
        "stability": [list(pair) for pair in checked.stability],
        "attached": attached(lowered.attach, {h.name: h.comment for h in lowered.ir.handlers}),
        "notes": list(checked.notes),
        "unseen": list(checked.unseen),
    }


def handler(h: ops.Handler) -> Handler:
    clauses = [c.index for c in h.clauses if c.index >= 0]
    return {"name": h.name, "type": h.kind, "clauses": clauses, "event": h.event, "chain": h.chain, "part": h.part}


def clause(checked: CheckedClause) -> Clause:
    node = checked.node
    head = " ".join(node.span.text.partition("{")[0].split())
    return {"program": checked.program, "line": node.span.line, "text": head}
