"""Static probes of programs as the catalog sees them: whom a provider field means, what becomes of arguments."""

from __future__ import annotations

from typing import Any

import pytest

from d2bpf.catalog import match
from d2bpf.catalog.usdt import is_possible
from d2bpf.symbols import running
from d2bpf.symbols.usdt import Note
from tests.catalog.kernel import Kernel, desc


class Program:
    """As running.Program, of probes made up: {provider: {name: [arguments, ...]}}."""

    machine = "x86_64"

    def __init__(self, path: str, pids: list[int], probes: dict[str, dict[str, list[str]]]) -> None:
        self.path, self.name, self.pids = path, path.rpartition("/")[2], pids
        rows = [(provider, name, text) for provider, names in probes.items() for name, texts in names.items() for text in texts]
        self.notes = [
            Note(provider, name, 0x1000 + at, 0x100 + at, 0x40 * (name == "guarded"), text)
            for at, (provider, name, text) in enumerate(rows)
        ]

    def function(self, note: Note) -> str:
        return {"start": "_ZN4shop5startEi", "plain": ""}.get(note.name, "main")

    def distance(self, note: Note, symbol: str) -> int | None:
        return 0x50 if symbol == "known" else None


SHOP = Program("/opt/shop", [12, 120, 7], {"shop": {"start": ["-4@%edi 8@%rsi"], "plain": [""], "guarded": ["4@known(%rip)"]}})
MANY = Program("/lib/many.so", [120], {"shop9": {"mixed__up": ["-4@%eax 1@$1", "8@%rax 1@%cl", "-4@$5"]}, "io": {"start": [""]}})


@pytest.fixture
def catalog(monkeypatch: pytest.MonkeyPatch) -> match.Catalog:
    monkeypatch.setattr(running, "programs", lambda: [SHOP, MANY])
    monkeypatch.setattr(running, "installed_with", lambda pid: [])
    kernel = Kernel()
    has = kernel.has
    monkeypatch.setattr(kernel, "has", lambda need: need == "feature:uprobes" or has(need))
    return match.Catalog(kernel)


def texts(catalog: match.Catalog, text: str) -> list[str]:
    return [probe.text for probe in catalog.match(desc(text)) if probe.per_process]


@pytest.mark.parametrize("provider", ["shop12", "shop*", "*shop", "sh?p*", "pid*", "[st]hop1", "x9"])
def test_provider_fields_that_may_mean_processes(provider: str) -> None:
    assert is_possible(provider)


@pytest.mark.parametrize("provider", ["", "*", "**", "shop", "pid12", "12", "syscall", "shop\\*"])
def test_provider_fields_that_cannot(provider: str) -> None:
    assert not is_possible(provider)


@pytest.mark.parametrize(
    ("text", "pids"),
    [
        ("shop12:::plain", [12]),
        ("shop*:::plain", [0]),
        ("s*:::plain", [0]),
        ("shop*:shop::plain", [0]),
        ("shop12*:::plain", [12, 120]),
        ("shop?:::plain", [7]),
        ("shop1[0-9]:::plain", [12]),
        ("shop13:::plain", []),
        ("shop1:::plain", []),
        ("shop:::plain", []),
        (":::plain", []),
        ("*:::plain", []),
    ],
)
def test_processes_that_a_description_means(catalog: match.Catalog, text: str, pids: list[int]) -> None:
    found = [probe for probe in catalog.match(desc(text)) if probe.per_process]
    assert sorted(str(site.attachment.words[3]) for probe in found for site in probe.sites) == sorted(map(str, pids))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("shop*:::start", ["shop:shop:shop::start(int):start"]),
        ("shop12::shop??start:", ["shop:shop:shop::start(int):start"]),
        ("shop12::_ZN4shop5startEi:", ["shop:shop:shop::start(int):start"]),
        ("shop12::main:", ["shop:shop:main:guarded"]),
        ("shop12:other::", []),
        ("shop9120:::", ["shop9:many.so:main:mixed-up"]),
        ("shop9*:::mixed*", ["shop9:many.so:main:mixed-up"]),
        ("io120:::", []),
    ],
)
def test_fields(catalog: match.Catalog, text: str, found: list[str]) -> None:
    assert texts(catalog, text) == found


def test_one_probe_of_several_places_has_one_type_for_each_argument(catalog: match.Catalog) -> None:
    (probe,) = catalog.match(desc("shop9120:::mixed-up"))
    assert [[argument.type for argument in site.args] for site in probe.sites] == [["int64_t", "uint8_t"]] * 3
    sources: list[list[Any]] = [[native.source for native in site.natives] for site in probe.sites]
    assert sources[0] == [("register", 80, 4, True), ("constant", 1)]
    assert sources[1] == [("register", 80, 8, False), ("register", 88, 1, False)]
    assert sources[2][0] == ("constant", 5)
    assert sources[2][1][0] == "unknown"


def test_semaphores_and_symbols(catalog: match.Catalog) -> None:
    (probe,) = catalog.match(desc("shop7:::guarded"))
    (site,) = probe.sites
    assert site.attachment.words == ("/opt/shop", 0x102, "entry", 7, 0x40)
    assert site.natives[0].source == ("user", 4, False, 128, -1, 1, 0x50, True)


def test_listed_for_each_process(catalog: match.Catalog) -> None:
    assert [probe.provider for probe in catalog.listed(desc("shop*:::plain"))] == ["shop7", "shop12", "shop120"]
    assert [probe.provider for probe in catalog.listed(desc("shop12:::plain"))] == ["shop12"]
    ids = [probe.id for probe in catalog.listed(desc("shop*:::plain"))]
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("shop:::plain", "each process has a provider of its own: shop*:::plain means those of all"),
        ("shop12:::plane", "no probe of that name in /opt/shop; did you mean plain?"),
        ("nothing12:::x", "processes have static probes of shop, shop9"),
        ("shop12:::", None),
        ("shop12:x::plain", "looked in /opt/shop: there is no such module or function"),
    ],
)
def test_what_is_there_instead(catalog: match.Catalog, text: str, said: str | None) -> None:
    if said is None:
        assert catalog.match(desc(text))
    else:
        assert said in (catalog.explain(desc(text)) or "")


def test_a_kernel_without_uprobes_has_none(catalog: match.Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog.facts, "has", lambda need: False)
    assert texts(catalog, "shop*:::") == []
