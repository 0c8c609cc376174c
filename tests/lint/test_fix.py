"""--fix: what is rewritten, that comments and layout stay, and that a second time changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from d2bpf.lint.engine import judge_text
from d2bpf.lint.finding import VERDICTS, Edit
from d2bpf.lint.fix import apply, diff, fixed
from d2bpf.lint.rule import rules
from tests.lint.support import machine
from tests.modules import ROOT


def fix(text: str, unsafe: bool = True, path: str = "script.d") -> str:
    return fixed(path, text, machine(), unsafe)[0]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("BEGIN { exit(0); } // done\n", "BEGIN { exit(0); } /* done */\n"),
        ("BEGIN\n{\n\tx = 1;\t//  set x\n\ty = 2; //\n}\n", "BEGIN\n{\n\tx = 1;\t/* set x */\n\ty = 2; /* */\n}\n"),
        ("BEGIN { exit(0); }\n/* the end", "BEGIN { exit(0); }\n/* the end */"),
        ("BEGIN { exit(0); }\n/* the end\n", "BEGIN { exit(0); }\n/* the end\n*/\n"),
        ("BEGIN { exit(0); }\r\nEND { }\r\n", "BEGIN { exit(0); }\nEND { }\n"),
        # Nothing that needs a look.
        ("#!/usr/sbin/dtrace -s\nsyscall::exece:entry { }\n", "#!/usr/sbin/dtrace -s\nsyscall::exece:entry { }\n"),
        # A comment that cannot be one of C.
        ("BEGIN { exit(0); } // a */ b\n", "BEGIN { exit(0); } // a */ b\n"),
    ],
)
def test_safe(before: str, after: str) -> None:
    assert fix(before, unsafe=False) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("#!/usr/sbin/dtrace -qs\nBEGIN { }\n", "#!/usr/bin/env -S d2bpf -qs\nBEGIN { }\n"),
        (
            "syscall::exece:entry,   /* old */\nsyscall::rexit:entry\n{ @ = count(); }\n",
            "syscall::execve:entry,   /* old */\nsyscall::exit_group:entry\n{ @ = count(); }\n",
        ),
        (
            "syscall::read:entry { self->t = timestamp; }\nsyscall::read:return\n{\n"
            "\t@ = avg(timestamp - self->t);\n\tself->t = 0;\n}\n",
            "syscall::read:entry { self->t = timestamp; }\nsyscall::read:return\n/self->t/\n{\n"
            "\t@ = avg(timestamp - self->t);\n\tself->t = 0;\n}\n",
        ),
        (
            "syscall::read:entry { self->t = walltimestamp; }\n"
            "syscall::read:return /self->t/ { @ = avg(walltimestamp - self->t); self->t = 0; }\n",
            "syscall::read:entry { self->t = timestamp; }\n"
            "syscall::read:return /self->t/ { @ = avg(timestamp - self->t); self->t = 0; }\n",
        ),
        # The wall clock is shown, too: both uses cannot be told apart.
        (
            "syscall::read:entry { self->t = walltimestamp; }\n"
            'syscall::read:return /self->t/ { printf("%Y %d", self->t, walltimestamp - self->t); self->t = 0; }\n',
            "syscall::read:entry { self->t = walltimestamp; }\n"
            'syscall::read:return /self->t/ { printf("%Y %d", self->t, walltimestamp - self->t); self->t = 0; }\n',
        ),
    ],
)
def test_unsafe(before: str, after: str) -> None:
    assert fix(before) == after


def test_program_in_a_wrapper() -> None:
    before = "#!/bin/sh\nx=$1 # \"exece\"\ndtrace -n 'syscall::exece:entry { @ = count(); }' -c \"$x\"\n"
    assert fix(before, path="script") == before.replace("::exece:", "::execve:")


def test_program_with_what_the_shell_put_in_is_left_alone_there() -> None:
    before = '#!/bin/sh\ncall=exece\ndtrace -n "syscall::$call:entry { @ = count(); }"\n'
    assert fix(before, path="script") == before


def test_bytes_that_are_no_utf8_stay() -> None:
    text = b"/* caf\xe9 */\nBEGIN { exit(0); } // \xff\n".decode("utf-8", "surrogateescape")
    assert fix(text).encode("utf-8", "surrogateescape") == b"/* caf\xe9 */\nBEGIN { exit(0); } /* \xff */\n"


def test_edits_do_not_move_each_other() -> None:
    assert apply("abcdef", (Edit(1, 2, "XX"), Edit(4, 5, ""), Edit(6, 6, "!"))) == "aXXcdf!"


def test_diff() -> None:
    assert diff("/x/y.d", "a\nb\n", "a\nc\n") == "--- a/x/y.d\n+++ b/x/y.d\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"
    assert diff("y.d", "a\n", "a\n") == ""
    assert diff("y.d", "a", "b").endswith("-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n")


# ---------------------------------------------------------------- any script

SCRIPTS = sorted((ROOT / "dscripts").glob("*.d"))
TEXTS = [path.read_text() for path in SCRIPTS] + [rule.bad + "\n" for rule in rules().values()]

# What scripts are made to have.
SPOILERS = (
    ("execve", "exece"),
    ("timestamp", "walltimestamp"),
    ("/self->start/", ""),
    ("*/", ""),
    (";\n", "; // why\n"),
    ("\n", "\r\n"),
    ("exit_group", "rexit"),
)


@st.composite
def spoilt(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(TEXTS))
    for old, new in draw(st.lists(st.sampled_from(SPOILERS), max_size=2)):
        text = text.replace(old, new, draw(st.integers(1, 3)))
    return text


@settings(max_examples=40)
@given(text=spoilt(), unsafe=st.booleans())
def test_fixing_makes_nothing_worse_and_is_done_at_once(text: str, unsafe: bool) -> None:
    before = judge_text("script.d", text, machine())
    after_text, after = fixed("script.d", text, machine(), unsafe)
    assert VERDICTS.index(after.verdict) <= VERDICTS.index(before.verdict)
    assert after.count("error") <= before.count("error")
    assert fixed("script.d", after_text, machine(), unsafe)[0] == after_text


def test_our_own_scripts_run_as_they_are() -> None:
    """But for what the kernel that lint judges by cannot do: its switches are seen before the thread that comes runs."""
    reports = {path.name: judge_text(str(path), path.read_text(), machine()) for path in SCRIPTS}
    errors = {name: [f.message for f in report.findings if f.severity == "error"] for name, report in reports.items()}
    before = "stack is not known in sched:::on-cpu: on this kernel it fires in the thread that was there before"
    assert {name: said for name, said in errors.items() if said} == {"off-cpu-stacks.d": [before]}
