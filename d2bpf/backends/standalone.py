"""Emitted programs: the translation of a D program as one Python file that needs only python3-bpfcc.

Readable from the top: what it traces and how, the BPF C with the D source above each block, the plan as data, then the runtime,
embedded from the very modules that a direct run uses.
"""

from __future__ import annotations

import ast as python_ast
import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from .. import __version__
from ..ir.plan import Plan
from ..options import defaults

ENTRY = "d2bpf.runtime.start"
WIDTH, SHORT = 128, 60  # columns of the plan; of what shares a line with others
FEATURES = {  # modules that only some programs need: (prefix, the plan member "uses" that asks for it)
    "d2bpf.symbols.identity": "files",
    "d2bpf.symbols.elf": "elf",
    "d2bpf.symbols.": "symbols",
    "d2bpf.target.btf": "members",
    "d2bpf.target.tracefs": "tracepoints",
    "d2bpf.runtime.functions": "functions",
    "d2bpf.runtime.trampolines": "trampolines",
    "d2bpf.runtime.report": "report",
    "d2bpf.runtime.aggregate": "aggregations",
    "d2bpf.runtime.printa": "aggregations",
    "d2bpf.runtime.histogram": "histograms",
    "d2bpf.runtime.packed": "packed",
    "d2bpf.runtime.flow": "flow",
    "d2bpf.runtime.objects": "objects",
    "d2bpf.runtime.layouts": "layouts",
    "d2bpf.runtime.topology": "topology",
    "d2bpf.runtime.gauges": "gauges",
    "d2bpf.runtime.clocks": "clocks",
}

HEAD = '''#!/usr/bin/python3
"""{title}

Translated from D by d2bpf {version}. Run it as root on Linux with the Debian package python3-bpfcc (or another that brings libbcc).

{table}
Licensed under the Apache License, Version 2.0; the BPF programs, as the kernel demands, under the GPL as well.
"""

import sys

# ---------------------------------------------------------------- the D program
#
{source}
# ---------------------------------------------------------------- BPF

BPF_TEXT = {c}

# ---------------------------------------------------------------- what is attached where, what is recorded, how it prints

PLAN = {plan}
PLAN["c"] = BPF_TEXT
'''

RUNTIME = '''
# ---------------------------------------------------------------- the runtime of d2bpf {version}, as far as this program needs it

MODULES = {{}}
{modules}

class Embedded:
    """Imports the modules above."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        package = any(other.startswith(name + ".") for other in MODULES)
        spec = type(sys.__spec__)  # importlib.machinery.ModuleSpec; an import here would come back here
        return spec(name, Embedded, is_package=package) if package or name in MODULES else None

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        name = module.__name__
        exec(compile(MODULES.get(name, ""), "<" + name + ">", "exec"), module.__dict__)


if __name__ == "__main__":
    sys.meta_path.insert(0, Embedded)
    from {entry} import main

    main(PLAN)
'''


def standalone(plan: Plan, title: str, source: str) -> str:
    """The Python text of an emitted program. `title` names the D program, `source` is its text."""
    data = {k: v for k, v in plan.items() if k != "c"}
    usual = defaults()
    data["options"] = {name: value for name, value in plan["options"].items() if value != usual[name]}
    shown = "\n".join(("# " + line).rstrip() for line in source.rstrip("\n").split("\n"))
    head = HEAD.format(
        title=documented(title),
        version=__version__,
        table=documented("\n".join(["Probes:", *plan["attached"], *(f"    note: {note}" for note in plan["notes"])])) + "\n",
        source=shown,
        c=raw(plan["c"]),
        plan=literal(data),
    )
    parts = [f"MODULES[{name!r}] = {raw(text)}\n" for name, text in modules(needed(plan))]
    return head + RUNTIME.format(version=__version__, modules="\n".join(parts), entry=ENTRY)


def documented(text: str) -> str:
    """Text as it may stand in a docstring."""
    return text.replace("\\", "\\\\").replace('"', '\\"' if '"""' in text else '"')


def literal(value: Any, indent: int = 0, before: int = 0) -> str:
    """A Python literal of plain data, `before` columns into a line: as many items a line as fit, nested ones on their own."""
    flat = repr(value)
    if indent + before + len(flat) <= WIDTH or not isinstance(value, (dict, list)) or not value:
        return flat
    if isinstance(value, dict):
        rows = [f"{key!r}: {literal(item, indent + 1, len(repr(key)) + 2)}" for key, item in value.items()]
    else:
        rows = [literal(item, indent + 1) for item in value]
    start, end = "{}" if isinstance(value, dict) else "[]"
    return start + (",\n" + " " * (indent + 1)).join(gathered(rows, WIDTH - indent - 2)) + end


def gathered(rows: list[str], width: int) -> list[str]:
    """Rows with short ones joined, as far as they fit the width."""
    lines: list[str] = []
    plain = False
    for row in rows:
        short = len(row) < SHORT and "\n" not in row
        if plain and short and len(lines[-1]) + 2 + len(row) <= width:
            lines[-1] += ", " + row
        else:
            lines.append(row)
        plain = short
    return lines


def raw(text: str) -> str:
    """A Python literal of a long text, as readable as it can be."""
    if "'''" not in text and "\\" not in text:
        return f"'''\\\n{text}'''"
    if "'''" not in text and not text.endswith("'"):
        return f"r'''\n{text}'''"
    return repr(text)


def needed(plan: Plan) -> set[str]:
    """The features of FEATURES that a plan uses."""
    wanted = set()
    kinds = {f["kind"] for r in plan["records"] for f in r["fields"]} | {f["kind"] for a in plan["aggregations"] for f in a["keys"]}
    formats = "".join(str(action.get("format") or "") for r in plan["records"] for action in r["actions"])
    if kinds & {"stack", "ustack", "sym", "usym"} or "%a" in formats or "%A" in formats:
        wanted.add("symbols")
    if any("layout" in action for r in plan["records"] for action in r["actions"]):
        wanted |= {"objects", "symbols", "members", "layouts"}
    if plan["enumerators"]:
        wanted |= {"members", "layouts"}
    if plan["members"] or any(h["event"] for h in plan["handlers"]) or any(a["keys"] for a in plan["aggregations"]):
        wanted.add("members")
    if plan["aggregations"]:
        wanted.add("aggregations")
    if any(a["function"].endswith("quantize") for a in plan["aggregations"]):
        wanted.add("histograms")
    options = plan["options"]
    changing = any(action["do"] == "setopt" for r in plan["records"] for action in r["actions"])
    if changing or any(options[name] for name in ("agghist", "aggpack")):
        wanted |= {"packed", "histograms"}
    if changing or options["flowindent"]:
        wanted.add("flow")
    attached = {a["kind"] for a in plan["attach"]}
    if attached & {"tracepoint", "kprobe"}:
        wanted.add("tracepoints")
    if attached & {"uprobe", "kprobe"}:
        wanted.add("functions")
    if "kprobe" in attached:
        wanted |= {"members", "trampolines"}
    if "uprobe" in attached:
        wanted.add("files")
    if wanted & {"files", "symbols"}:
        wanted.add("elf")
    if any("host" in table for table in plan["tables"].values()):
        wanted.add("topology")
    if "gauges" in plan["tables"]:
        wanted.add("gauges")
    if "scheduler_clock" in plan["tables"]:
        wanted.add("clocks")
    return wanted


def modules(features: set[str]) -> list[tuple[str, str]]:
    """(name, text) of the runtime's modules that a program with these features imports, in the order of first import."""
    found: dict[str, str] = {}
    waiting = [ENTRY]
    while waiting:
        name = waiting.pop(0)
        prefix = next((p for p in FEATURES if name.startswith(p)), None)
        text = None if name in found or (prefix and FEATURES[prefix] not in features) else module_text(name)
        if text is None:
            continue
        found[name] = text
        waiting += imported(name, text)
    return sorted(found.items())


def module_text(name: str) -> str | None:
    """The source of one of our modules; None for a package or a name inside a module."""
    *folders, last = name.split(".")[1:] or ["__init__"]
    for file in (files("d2bpf").joinpath(*folders, f"{last}.py"), files("d2bpf").joinpath(*folders, last, "__init__.py")):
        if file.is_file():
            return file.read_text(encoding="utf-8")
    return None


def imported(name: str, text: str) -> Iterator[str]:
    """The modules that a module's relative imports name, those under TYPE_CHECKING aside."""
    package = name.split(".")[:-1]
    for node in walk_code(python_ast.parse(text)):
        if not isinstance(node, python_ast.ImportFrom) or not node.level:
            continue
        base = package[: len(package) - node.level + 1]
        target = [*base, *(node.module or "").split(".")] if node.module else base
        yield ".".join(target)
        for alias in node.names:
            yield ".".join([*target, alias.name])


def walk_code(node: python_ast.AST) -> Iterator[python_ast.AST]:
    """Every node that can run: bodies of `if TYPE_CHECKING:` are left out."""
    for child in python_ast.iter_child_nodes(node):
        if isinstance(child, python_ast.If) and isinstance(child.test, python_ast.Name) and child.test.id == "TYPE_CHECKING":
            continue
        yield child
        yield from walk_code(child)


def plan_text(plan: Plan) -> str:
    """The plan as JSON."""
    return json.dumps(plan, indent=1) + "\n"
