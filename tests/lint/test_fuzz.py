"""Whatever a file holds, lint says something about it, in places that are in it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from d2bpf.lint.engine import judge_text
from d2bpf.lint.reports import FORMATS
from d2bpf.lint.rule import rules
from d2bpf.lint.shell import invocations
from tests.lint.support import machine
from tests.modules import ROOT

SEEDS = [rule.bad for rule in rules().values()] + [path.read_text() for path in sorted((ROOT / "dscripts").glob("*.d"))[:8]]
WRAPPERS = [
    "#!/bin/sh\ndtrace -n 'syscall::exece:entry { @ = count(); }' -c \"$1\"\n",
    "#!/bin/ksh\ndtrace -Zs <( print -r '\nsched:::on-cpu /x/ { trace(1); }\n' )\n",
    "#!/bin/sh\nv=\"io:::start { }\"\ndtrace -s /dev/stdin <<-E\n\tp:::q\n\tE\necho `dtrace -qn \"$v\"`\n",
    "#!/usr/bin/perl\n$x = <<END;\n/usr/sbin/dtrace -n 'BEGIN { \\@a[$y] = 1; }'\nEND\n",
]
NOISE = st.text(alphabet="{}()/*\"'\\$@;:,<>-=`#\n\r\t aé0", max_size=6)


@st.composite
def damaged(draw: st.DrawFn, seeds: list[str]) -> str:
    text = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        text = text[:start] + draw(NOISE) + text[draw(st.integers(start, min(len(text), start + 9))) :]
    return text


def check(path: str, text: str) -> None:
    report = judge_text(path, text, machine())
    for finding in report.findings:
        assert 0 <= finding.start <= finding.end <= len(text)
        assert text.split("\n")[finding.line - 1] == finding.excerpt
        for edit in finding.fix.edits if finding.fix else ():
            assert 0 <= edit.start <= edit.end <= len(text)
        assert "the compiler failed" not in finding.message
    for render in FORMATS.values():
        render([report])


@settings(max_examples=40)
@given(damaged(SEEDS))
def test_scripts(text: str) -> None:
    check("script.d", text)


@settings(max_examples=30)
@given(damaged(WRAPPERS))
def test_wrappers(text: str) -> None:
    check("script", text)


@settings(max_examples=150)
@given(damaged(WRAPPERS))
def test_every_character_has_a_place(text: str) -> None:
    for call in invocations(text):
        for word in (*call.words, *call.files.values()):
            assert len(word.text) == len(word.origin)
            assert all(0 <= at < len(text) for at in word.origin)
