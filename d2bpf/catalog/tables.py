"""The schema of provider files, as providers/README.md explains it: what is wrong with one, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..options import CLASSES, STABILITIES
from .load import period

HOOKS = (
    *("rates", "counters", "syscalls", "tracepoints"),
    *("raw_tracepoints", "kernel_functions", "raw_kernel_functions", "user_functions", "usdt"),
)
LEVELS = ("exact", "approximate", "absent")
NEEDS = ("tracepoint", "rawtp", "syscall", "func", "type", "member", "perf", "feature")
SYSTEMS = "SFMO"

# A test answers what a value should have been, or "".
Test = Callable[[Any], str]


def faults(table: Mapping[str, Any]) -> list[str]:
    """What is wrong with the content of a provider's TOML file; [] when nothing is."""
    found = list(_row("file", table, _FILE, ("provider", "stability")))
    if found:
        return found
    head = table["provider"]
    if "absent" in head and "probe" in table:
        found.append("a provider that is absent has no probes")
    if "needs" in head and "lacking" not in head:
        found.append("provider.needs wants lacking")
    hook = head.get("hook")
    found += [f"hook {hook} wants {key}" for key in _HOOKED.get(hook, ()) if key not in table]
    if hook == "syscalls":
        found += [f"hook syscalls wants provider.{key}" for key in ("module", "modules") if key not in head]
    names = [(row.get("module"), row.get("function"), row["name"]) for row in table.get("probe", ())]
    found += [f"probe {name[2]} is listed twice" for name in dict.fromkeys(names) if names.count(name) > 1]
    return found


# ---------------------------------------------------------------- values


def _text(value: Any) -> str:
    return "" if isinstance(value, str) and value.strip() == value != "" else "a text"


def _texts(value: Any) -> str:
    return "" if isinstance(value, list) and not any(map(_text, value)) else "a list of texts"


def _flag(value: Any) -> str:
    return "" if isinstance(value, bool) else "true or false"


def _nanoseconds(value: Any) -> str:
    return "" if isinstance(value, int) and not isinstance(value, bool) and value > 0 else "a number of nanoseconds"


def _number(value: Any) -> str:
    return "" if isinstance(value, int) and not isinstance(value, bool) and value > 0 else "a number"


def _rates(value: Any) -> str:
    good = isinstance(value, list) and all(isinstance(rate, int) and rate > 0 for rate in value)
    return "" if good else "a list of numbers"


def _one_of(*words: str) -> Test:
    return lambda value: "" if value in words else "one of " + ", ".join(words)


def _systems(value: Any) -> str:
    return "" if isinstance(value, str) and value and set(value) <= set(SYSTEMS) else f"letters of {SYSTEMS}"


def _stability(value: Any) -> str:
    words = value.split("/") if isinstance(value, str) else ()
    good = len(words) == 3 and words[0] in STABILITIES and words[1] in STABILITIES and words[2] in CLASSES
    return "" if good else "name stability/data stability/class"


def _needs(value: Any) -> str:
    return _texts(value) or next((_need(need) for need in value if _need(need)), "")


def _need(need: str) -> str:
    kind, _, what = need.partition(":")
    return "" if kind in NEEDS and what else "needs such as " + ", ".join(f"{kind}:..." for kind in NEEDS)


def _attach(value: Any) -> str:
    if not isinstance(value, str):
        return "a text"
    kind, *words = value.split(":")
    test = _ATTACH.get(kind)
    return "" if test and all(words) and test(words) else "one of " + ", ".join(_FORMS)


def _table_of(test: Test) -> Test:
    def check(value: Any) -> str:
        if not isinstance(value, dict) or not value:
            return "a table"
        return next((f"for {key}: {wrong}" for key, one in value.items() if (wrong := test(one))), "")

    return check


_FORMS = (
    "rawtp:EVENT",
    "tracepoint:GROUP:EVENT",
    "syscall:NAME:entry|return",
    "function:NAME:entry|return",
    "perf:EVENT:RATE[:one]",
    "counter:EVENT:COUNT",
    "timer:RATE",
    "test_run:NAME",
    "inline",
)
_ATTACH: dict[str, Callable[[list[str]], bool]] = {
    "rawtp": lambda words: len(words) == 1,
    "tracepoint": lambda words: len(words) == 2,
    "syscall": lambda words: len(words) == 2 and words[1] in ("entry", "return"),
    "function": lambda words: len(words) == 2 and words[1] in ("entry", "return"),
    "perf": lambda words: len(words) in (2, 3) and period(words[1]) is not None and words[2:] in ([], ["one"]),
    "counter": lambda words: len(words) == 2 and words[1].isdecimal() and int(words[1]) > 0,
    "timer": lambda words: len(words) == 1 and period(words[0]) is not None,
    "test_run": lambda words: len(words) == 1,
    "inline": lambda words: not words,
}

# ---------------------------------------------------------------- rows


def _row(what: str, row: Any, keys: Mapping[str, Any], required: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with one table. A value of `keys` is a Test, or a function that checks rows below."""
    if not isinstance(row, dict):
        yield f"{what} should be a table"
        return
    for key in required:
        if key not in row:
            yield f"{what} wants {key}"
    for key, value in row.items():
        if key not in keys:
            yield f"{what} has no key {key}"
        elif keys[key] in _BELOW:
            yield from keys[key](what, value)
        elif wrong := keys[key](value):
            yield f"{what}: {key} should be {wrong}"


def _rows(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [None]


def _name_of(kind: str, row: Any) -> str:
    return f"{kind} {row.get('name', '')}".rstrip() if isinstance(row, dict) else kind


def _provider(what: str, value: Any) -> Iterator[str]:
    del what
    yield from _row("provider", value, _PROVIDER, ("summary",))


def _attributes(what: str, value: Any) -> Iterator[str]:
    del what
    yield from _row("stability", value, dict.fromkeys(_PARTS, _stability), _PARTS)


def _probes(what: str, value: Any) -> Iterator[str]:
    del what
    for row in _rows(value):
        name = _name_of("probe", row)
        wrong = list(_row(name, row, _PROBE, ("name",)))
        yield from wrong
        if not wrong:
            yield from _whole_probe(name, row)


def _whole_probe(name: str, row: Mapping[str, Any]) -> Iterator[str]:
    """What no single key shows: a site or none, arguments that agree in number."""
    if ("site" in row) == ("never" in row):
        yield f"{name} wants either a site or never"
    if "idle" in row and "never" not in row:
        yield f"{name}: idle goes with never"
    if "unseen" in row and "site" not in row:
        yield f"{name}: unseen goes with site"
    count = len(row.get("args", ()))
    if "native" in row and len(row["native"]) != count:
        yield f"{name}: native should have {count} types, as args"
    for site in row.get("site", ()):
        for point in site.get("point", (site,)):
            texts = point.get("args", site.get("args"))
            source = point.get("source", site.get("source", {}))
            if "attach" not in point:
                yield f"{name} wants attach in each site, or in each of its points"
            elif texts is not None and len(texts) != count:
                yield f"{name}: args of {point['attach']} should have {count} texts"
            elif texts is None and len(source) < count:
                yield f"{name}: {point['attach']} has too few sources for {count} args"


def _sites(what: str, value: Any) -> Iterator[str]:
    for row in _rows(value):
        yield from _row(f"{what}: site", row, _SITE, ())


def _points(what: str, value: Any) -> Iterator[str]:
    for row in _rows(value):
        yield from _row(f"{what}, point", row, _POINT, ("attach",))


def _steps(what: str, value: Any) -> Iterator[str]:
    for row in _rows(value):
        yield from _row(f"{what}, step", row, _STEP, ("attach", "source", "does"))


def _gone(what: str, value: Any) -> Iterator[str]:
    del what
    for row in _rows(value):
        yield from _row("gone", row, _GONE, ("os", "why"))
        if isinstance(row, dict) and not row.keys() & {"module", "function", "name"}:
            yield "gone wants module, function or name"


def _nearest(what: str, value: Any) -> Iterator[str]:
    del what
    for row in _rows(value):
        yield from _row("nearest", row, _NEAREST, ("functions", "probes"))


def _renames(what: str, value: Any) -> Iterator[str]:
    del what
    for row in _rows(value):
        yield from _row("rename", row, _RENAME, ("from", "to", "os"))


def _counters(what: str, value: Any) -> Iterator[str]:
    del what
    for row in _rows(value):
        yield from _row("counter", row, _COUNTER, tuple(_COUNTER))


def _old(what: str, value: Any) -> Iterator[str]:
    del what
    for row in _rows(value):
        yield from _row(_name_of("old", row), row, _OLD, ("name", "now"))


def _successors(what: str, value: Any) -> Iterator[str]:
    for call, row in value.items() if isinstance(value, dict) else [("", None)]:
        yield from _row(f"{what}, now {call}", row, _SHAPE, ())


def _kinds(what: str, value: Any) -> Iterator[str]:
    del what
    for kind, row in value.items() if isinstance(value, dict) else [("", None)]:
        yield from _row(f"rates {kind}", row, _RATES, ("listed", "event", "cpus"))


def _user_functions(what: str, value: Any) -> Iterator[str]:
    yield from _row(what, value, {"most": _nanoseconds, "return_note": _text}, ("most", "return_note"))


_PARTS = ("provider", "module", "function", "name", "args")
_FIDELITY: dict[str, Any] = {"note": _text, "fidelity": _one_of(*LEVELS)}
_SHAPE: dict[str, Any] = {"argn": _texts, "when": _text, **_FIDELITY}
_SOURCE = {"attach": _attach, "source": _table_of(_text), "args": _texts, "task": _text, "interrupt": _flag, **_SHAPE}
_POINT = {**_SOURCE, "optional": _flag}
_SITE = {**_SOURCE, "needs": _needs, "point": _points, "step": _steps}
_STEP = {"attach": _attach, "source": _table_of(_text), "does": _text, "when": _text, "late": _flag}
_PLACE: dict[str, Any] = {"module": _text, "function": _text, "name": _text}
_PROBE = {**_PLACE, "args": _texts, "native": _texts, "never": _text, "idle": _flag, "unseen": _text, "site": _sites, **_FIDELITY}
_GONE = {**_PLACE, "os": _systems, "why": _text}
_RENAME = {"from": _texts, "to": _texts, "os": _systems, "plain": _flag, "types": _texts, "result": _text, "done": _text, **_SHAPE}
_NEAREST: dict[str, Any] = {"functions": _texts, "probes": _texts}
_OLD: dict[str, Any] = {"name": _text, "unlike": _texts, "yields_to": _texts, "now": _successors}
_RATES: dict[str, Any] = {
    "listed": _rates,
    "event": _text,
    "cpus": _one_of("all", "one"),
    "timer_from": _nanoseconds,
    "timer_note": _text,
}
_COUNTER: dict[str, Any] = {"names": _texts, "event": _text, "listed": _number, "least": _number}
_PROVIDER: dict[str, Any] = {
    "summary": _text,
    "hook": _one_of(*HOOKS),
    "foreign": _flag,
    "module": _text,
    "modules": _texts,
    "library": _texts,
    "needs": _needs,
    "lacking": _text,
    "absent": _text,
    "nearest": _texts,
    "like": _text,
}
_FILE: dict[str, Any] = {
    "provider": _provider,
    "stability": _attributes,
    "probe": _probes,
    "gone": _gone,
    "rename": _renames,
    "nearest": _nearest,
    "shortest": _nanoseconds,
    "rates": _kinds,
    "counter": _counters,
    "functions": _user_functions,
    "never_return": _texts,
    "names": _table_of(_text),
    "old": _old,
}
_HOOKED = {
    "user_functions": ("functions",),
    "rates": ("shortest", "rates"),
    "counters": ("counter",),
    "syscalls": ("never_return", "names", "old", "rename"),
}
_BELOW = (
    *(_provider, _attributes, _probes, _sites, _points, _steps, _gone),
    *(_renames, _nearest, _old, _successors, _kinds, _user_functions, _counters),
)
