"""The documentation holds: every D program that it shows compiles, or fails with the very message shown; links lead somewhere;
no provider, probe or flag is left out."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from d2bpf import cli
from d2bpf.command import FLAGS, WITH_VALUE, UsageError, parse
from d2bpf.options import OPTIONS
from tests import docs
from tests.modules import ROOT

COMMANDS = [shown for page in docs.USER_PAGES for shown in docs.commands(page)] + docs.manual_commands()
D2BPF = [shown for shown in COMMANDS if list(docs.invocations(shown.command))]
FOUND_BY_COMPILING = (
    "dtrace: failed to compile script ",
    "dtrace: invalid probe specifier ",
    "dtrace: failed to open ",
    "dtrace: failed to set ",
)
SCRIPTS = {name: text for page in docs.USER_PAGES for name, text in docs.scripts(page).items()}
REFUSED_FLAGS = set("aAdGhOW")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with all scripts of the documentation."""
    for name, text in SCRIPTS.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def compile_errors(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> str:
    """What `d2bpf -e` prints for these arguments, whatever else they ask for; "" if nothing is wrong."""
    if arguments[:1] in (["lint"], ["target"]):  # tests/lint/test_docs.py runs these
        return ""
    stopped = ""
    try:
        command = parse(arguments, {})
        if command.programs or command.mode == "emit":
            if command.emit != "bpftrace":  # which has errors of its own
                command.mode = "compile"
            cli.run(command, arguments)
    except (UsageError, cli.Stop) as stop:
        stopped = f"dtrace: {stop.message}" if stop.message else ""
    return capfd.readouterr().err + stopped


def trimmed(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip("\n").split("\n")]


def shown_errors(shown: docs.Shown) -> list[str]:
    """The lines of the output from the first error that d2bpf -e would find on."""
    start = next((i for i, line in enumerate(shown.output) if line.startswith(FOUND_BY_COMPILING)), len(shown.output))
    return shown.output[start:]


@pytest.mark.needs("root", "btf")
@pytest.mark.parametrize("shown", D2BPF, ids=lambda shown: shown.where)
def test_command(shown: docs.Shown, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    expected = shown_errors(shown)
    for arguments in docs.invocations(shown.command):
        found = compile_errors(arguments, capfd)
        if found:
            assert expected[: len(trimmed(found))] == trimmed(found)
        else:
            assert expected == []


def test_scripts_are_used() -> None:
    words = {word for shown in D2BPF for arguments in docs.invocations(shown.command) for word in arguments}
    assert {Path(word).name for word in words} >= set(SCRIPTS)


@pytest.mark.parametrize("page", docs.PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links(page: Path) -> None:
    broken = []
    for line, link in docs.links(page):
        path, _, anchor = link.partition("#")
        leads_to = page.parent / path if path else page
        if not leads_to.exists() or (anchor and anchor not in docs.anchors(leads_to)):
            broken.append(f"{page}:{line}: {link}")
    assert broken == []


@pytest.mark.parametrize("provider", sorted(path.stem for path in (ROOT / "providers").glob("*.toml")))
def test_providers_page_has_every_probe(provider: str) -> None:
    table = tomllib.loads((ROOT / "providers" / f"{provider}.toml").read_text())
    page = ROOT / "docs" / "providers.md"
    text = docs.section(page, provider)
    if not text and "probe" not in table and "hook" not in table["provider"]:
        text = docs.section(page, "Providers of other systems")
        assert named(provider, text)
    assert text, f"no heading '## {provider}'"
    probes = table.get("probe", [])
    assert [probe["name"] for probe in probes if not named(probe["name"], text)] == []


def named(name: str, text: str) -> bool:
    """Whether a probe's name, or a pattern for it such as cpucaps-*, stands in a text."""
    patterns = [name, *(f"{name[:end]}-*" for end in range(len(name)) if name[end] == "-")]
    return any(re.search(rf"(?<![\w-]){re.escape(pattern)}(?![\w-])", text) for pattern in patterns)


def test_manual_has_every_flag() -> None:
    described = set(re.findall(r"^\.It Fl (\w)\b", docs.MANUAL.read_text(), re.M))
    assert described == (FLAGS | WITH_VALUE) - REFUSED_FLAGS


def test_manual_names_existing_options() -> None:
    text = docs.MANUAL.read_text()
    options = text[text.index(".Sh OPTIONS") : text.index(".Sh ENVIRONMENT")]
    names = [name for line in re.findall(r"^\.It Cm (.*)$", options, re.M) for name in line.split(" , ")]
    assert names
    assert [name for name in names if name not in OPTIONS] == []
