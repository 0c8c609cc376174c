"""What is found in a folder of scripts, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus import report
from tests.corpus.scripts import Program, programs
from tests.corpus.trial import Outcome

SCRIPTS = {
    "a/first.d": "#!/usr/sbin/dtrace -Zs\n/* $3 */\nBEGIN { trace($2); }\n",
    "a/no_flags.d": "BEGIN /execname == $$1/ { }\n",
    "b/wrapper": "#!/bin/sh\ndtrace -n 'BEGIN'\ndtrace -s /dev/stdin <<E\nEND\nE\n",
    "b/tool": "#!/usr/sbin/dtrace -qs\nBEGIN\n",
    "readme.txt": "dtrace -n 'BEGIN'\n",
}


def test_programs_of_a_folder(tmp_path: Path) -> None:
    root, made = tmp_path / "scripts", tmp_path / "made"
    made.mkdir()
    for name, text in SCRIPTS.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "link.d").symlink_to("a/first.d")
    folder = str(root)
    stdin = made / "b-wrapper.2.stdin.d"
    assert [(p.name, p.script, list(p.arguments)) for p in programs(root, made)] == [
        ("a/first.d", "a/first.d", ["-Zs", f"{folder}/a/first.d", "sh", "1"]),
        ("a/no_flags.d", "a/no_flags.d", ["-s", f"{folder}/a/no_flags.d", "sh"]),
        ("b/tool", "b/tool", ["-qs", f"{folder}/b/tool"]),
        ("b/wrapper#1", "b/wrapper", ["-n", "BEGIN"]),
        ("b/wrapper#2", "b/wrapper", ["-s", str(stdin)]),
    ]
    assert stdin.read_text() == "END\n"


def outcome(name: str, stage: str, codes: set[str], providers: set[str]) -> Outcome:
    return Outcome(Program(name, name.partition("#")[0], (), Path()), stage, codes, providers)


OUTCOMES = [
    outcome("x#2", "check", {"D_UNKNOWN", "D_PDESC_ZERO"}, {"io"}),
    outcome("x#1", "runs", set(), {"dtrace"}),
    outcome("w", "part", set(), {"dtrace", "python*"}),
    outcome("v", "runs", set(), {"fbt", "dtrace"}),
]


def test_manifest_is_sorted() -> None:
    rows = [line for line in report.manifest(OUTCOMES).splitlines() if not line.startswith("#")]
    assert rows == ["v\truns", "w\tpart", "x#1\truns", "x#2\tcheck\tD_PDESC_ZERO D_UNKNOWN"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("v", ("kernel", "loads")),
        ("w", ("process", report.VERDICTS["part"])),
        ("x", ("first", "does not load")),
    ],
)
def test_a_script_is_as_good_as_its_worst_program(script: str, expected: tuple[str, str]) -> None:
    found = report.by_script(OUTCOMES)[script]
    assert (report.provider_class(found), report.verdict(found)) == expected


def test_summary_counts_scripts() -> None:
    assert report.summary(OUTCOMES).splitlines() == [
        "only dtrace, syscall, profile, proc, sched, io: 0 of 1 scripts load (0%)",
        "other providers of the kernel too: 1 of 1 scripts load (100%)",
        "providers of processes too: pid, hotspot, python ...: 1 of 1 scripts load (100%)",
    ]
