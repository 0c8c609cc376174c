"""The schema of provider files, and our own files against it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from d2bpf.catalog.check import check
from d2bpf.catalog.tables import faults
from tests.catalog.kernel import Kernel
from tests.catalog.test_match import PROVIDER

GOOD: dict[str, Any] = tomllib.loads(PROVIDER)
SITE = GOOD["probe"][0]["site"][0]


def changed(**keys: Any) -> dict[str, Any]:
    """The good provider with its first probe changed; a key of None is taken out."""
    probe = {key: value for key, value in {**GOOD["probe"][0], **keys}.items() if value is not None}
    return {**GOOD, "probe": [probe, *GOOD["probe"][1:]]}


def at_site(**keys: Any) -> dict[str, Any]:
    return changed(site=[{key: value for key, value in {**SITE, **keys}.items() if value is not None}])


def test_a_good_table() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ({}, "file wants provider"),
        ({**GOOD, "probes": []}, "file has no key probes"),
        ({**GOOD, "provider": {}}, "provider wants summary"),
        ({**GOOD, "provider": {"summary": "x", "hook": "code"}}, "provider: hook should be one of rates, counters, syscalls,"),
        ({**GOOD, "provider": {"summary": "x", "hook": "rates"}}, "hook rates wants shortest"),
        ({**GOOD, "stability": {**GOOD["stability"], "name": "Good/Good/ISA"}}, "stability: name should be name stab"),
        ({**GOOD, "probe": [*GOOD["probe"], GOOD["probe"][0]]}, "probe one is listed twice"),
        ({**GOOD, "probe": "one"}, "probe should be a table"),
        ({**GOOD, "gone": [{"os": "S", "why": "x"}]}, "gone wants module, function or name"),
        ({**GOOD, "gone": [{"os": "X", "why": "x", "name": "y"}]}, "gone: os should be letters of SFMO"),
        ({**GOOD, "rename": [{"from": "x", "to": ["one"], "os": "S"}]}, "rename: from should be a list of texts"),
        ({**GOOD, "provider": {"summary": "x", "absent": "no"}}, "a provider that is absent has no probes"),
        ({**GOOD, "provider": {"summary": "x", "needs": ["feature:btf"]}}, "provider.needs wants lacking"),
        ({**GOOD, "nearest": [{"functions": ["f"]}]}, "nearest wants probes"),
        (changed(name=None), "probe wants name"),
        (changed(site=None), "probe one wants either a site or never"),
        (changed(never="no"), "probe one wants either a site or never"),
        (changed(idle=True), "probe one: idle goes with never"),
        (changed(note=3), "probe one: note should be a text"),
        (changed(fidelity="good"), "probe one: fidelity should be one of exact, approximate, absent"),
        (changed(args=["int"]), "probe one: rawtp:sched_switch has too few sources for 1 args"),
        (changed(args=["int"], native=["int", "int"]), "probe one: native should have 1 types, as args"),
        (at_site(attach=None), "probe one wants attach in each site, or in each of its points"),
        (at_site(attach="kprobe:f"), "probe one: site: attach should be one of rawtp:EVENT, tracepoint:GROUP:EVENT"),
        (at_site(attach="syscall:read"), "probe one: site: attach should be one of"),
        (at_site(attach="syscall:read:exit"), "probe one: site: attach should be one of"),
        (at_site(attach="perf:cpu-clock:fast"), "probe one: site: attach should be one of"),
        (at_site(attach="rawtp:"), "probe one: site: attach should be one of"),
        (at_site(source={}), "probe one: site: source should be a table"),
        (at_site(source={"a": 1}), "probe one: site: source should be for a: a text"),
        (at_site(needs=["kernel:6.1"]), "probe one: site: needs should be needs such as tracepoint:..."),
        (at_site(args=["1"]), "probe one: args of rawtp:sched_switch should have 0 texts"),
        (at_site(point=[{}]), "probe one: site, point wants attach"),
        (at_site(point=[{"attach": "inline", "needs": []}]), "probe one: site, point has no key needs"),
    ],
)  # fmt: skip
def test_faults(table: dict[str, Any], fault: str) -> None:
    assert [text for text in faults(table) if text.startswith(fault)]


def test_our_own_files_are_good() -> None:
    assert check(Kernel()) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("x.toml", 'note = "n"', 'when = "a +"', "x.toml: probe one: when: 'a +': "),
        ("x.toml", 'to = ["one"]', 'to = ["won"]', "x.toml: rename: there is no probe won"),
        ("x.toml", "[provider]", "[provider", "x.toml: Expected"),
        ("x.d", "a = 1;", "", "x.d: translator to x_t has no rule for a"),
        ("x.d", "a = 1;", "a = 1; b = 2;", "x.d: translator to x_t: there is no member b"),
        ("x.d", "a = 1;", "a = ;", "x.d: "),
        ("x.d", "typedef struct x { int a; } x_t;", "", "x.d: translator to x_t: no library declares this structure"),
        ("x.d", "typedef", "\n#pragma D depends_on kernel 6.1\ntypedef", "x.d: depends_on kernel 6.1: one of"),
    ],
)  # fmt: skip
def test_mistakes_in_files(tmp_path: Path, name: str, old: str, new: str, fault: str) -> None:
    content = {
        "x.toml": PROVIDER.replace('sched_switch"', 'sched_switch"\nnote = "n"'),
        "x.d": "typedef struct x { int a; } x_t;\ntranslator x_t < int n > { a = 1; };\n",
    }
    assert old in content[name]
    for file, text in content.items():
        (tmp_path / file).write_text(text.replace(old, new, 1) if file == name else text)
    found = check(Kernel(), [str(tmp_path)])
    assert found and found[0].startswith(fault)
