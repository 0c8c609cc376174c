"""The behaviour tests' own machinery, with a stand-in for d2bpf whose scripts are Python programs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.harness import casefile, kernel, needs, run
from tests.harness.expect import difference

STAND_IN = """#!/usr/bin/python3
import sys
words = sys.argv[1:]
text = open(words[words.index("-s") + 1]).read()
if "syntax error" in text:
    sys.exit("dtrace: failed to compile script")
if words[0] == "--emit":
    sys.stdout.write(text)
else:
    exec(text)
"""


# ---- expected output ----


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("", ""),
        ("a\nb\n", "a\nb\n"),
        ("pid <N>\n", "pid 4711\n"),
        ("<INT> <HEX> <TEXT>|\n", "-3 ffe0 some text|\n"),
        ("  <TEXT:-10> <N:6>\n", "  bash           12\n"),
        ("<N:4>|<N:-4>|<INT:5>|\n", "12345|7   |  -12|\n"),
        ("<pid=N:6> x <pid>\n", "    12 x 12\n"),
        ("a\n<...>\nz\n", "a\nz\n"),
        ("a\n<...>\nz\n", "a\nb\n\nc\nz\n"),
        ("/a.*z/\n", "abcz\n"),
        ("/usr/lib/\n", "/usr/lib/\n"),
        ("<none> a <b\n", "<none> a <b\n"),
    ],
)
def test_output_as_expected(expected: str, actual: str) -> None:
    assert difference(expected, actual) == ""


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("", "\n"),
        ("a\n", "a"),
        ("a\n", "a \n"),
        ("<N>\n", "-3\n"),
        ("<N:4>|\n", " 12|\n"),
        ("<N:4>|\n", "   12|\n"),
        ("<N:-4>|\n", "  12|\n"),
        ("<TEXT:-10>|\n", "bash     |\n"),
        ("<pid=N> <pid>\n", "12 13\n"),
        ("a\n<...>\nz\n", "a\nz\nb\n"),
        ("/a.z/\n", "abbz\n"),
    ],
)
def test_output_not_as_expected(expected: str, actual: str) -> None:
    assert difference(expected, actual) != ""


def test_lines_in_any_order() -> None:
    assert difference("a <N>\nb\na 1\n", "a 1\na 2\nb\n", any_order=True) == ""
    assert difference("a\nb\n", "b\nb\n", any_order=True) != ""
    assert difference("a\n", "a\na\n", any_order=True) != ""


def test_difference_shows_only_what_differs() -> None:
    assert difference("pid <N>\nend\n", "pid 12\nEND \n").splitlines()[3:] == [" pid <N>$", "-end$", "+END $"]


# ---- case files ----

WHOLE = """\
# A comment.
=== all keys
run: -q -n 'BEGIN
  { exit(3); }'
trigger: syscalls -c two getppid 5
around: setpriv --reuid 65534
before: burn 100
ready: go
during: burn 1
during: burn 2
signal: INT group
exit: 3
needs: root kprobes
timeout: 5
env: A=b=c
order: any
--- stdin
in
--- stdout

--- stderr
x
--- expect out.txt
y
--- end
not part of anything

=== only a script
needs: nothing
emit: no: nothing to emit
--- script
BEGIN
"""


def test_one_empty_line_separates_cases() -> None:
    first, second, third = casefile.parse(
        "=== a\nrun: x\n--- stdout\na\n\n=== b\nrun: x\n--- stdout\nb\n\n\n=== c\nrun: x\n--- stdout\nc\n\n", Path("x.case")
    )
    assert (first.stdout, second.stdout, third.stdout) == ("a\n", "b\n\n", "c\n\n")


def test_case_file() -> None:
    first, second = casefile.parse(WHOLE, Path("x.case"))
    assert first.run == ["-q", "-n", "BEGIN\n  { exit(3); }", "-c", "$(syscalls) -c two getppid 5"]
    assert first.around == ["setpriv", "--reuid", "65534"]
    assert first.before == [["burn", "100"]]
    assert first.during == [["burn", "1"], ["burn", "2"]]
    assert (first.signal, first.signal_group, first.exit, first.timeout) == ("INT", True, 3, 5.0)
    assert (first.needs, first.env, first.any_order) == (["root", "kprobes"], {"A": "b=c"}, True)
    assert (first.stdin, first.stdout, first.stderr) == ("in\n", "\n", "x\n")
    assert first.expect_files == {"out.txt": "y\n"}
    assert (second.run, second.files) == (["-s", "script.d"], {"script.d": "BEGIN\n"})
    assert (second.needs, second.emit, second.stdout, second.line) == ([], "nothing to emit", "", 28)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no case"),
        ("run: x\n", "text before the first"),
        ("=== a\nruns: x\n", "'runs: x' is none of"),
        ("=== a\nrun: x\nrun: y\n", "'run' given twice"),
        ("=== a\nneeds: root\n", "no 'run:' and no script"),
        ("=== a\nrun: x\nsignal: INT\n", "need 'ready: text'"),
        ("=== a\nrun: x\n--- output\n", "'--- output' is none of"),
        ("=== a\nrun: x\n--- stdout\n--- stdout\n", "two sections"),
        ("=== a\nrun: x\n=== a\nrun: y\n", "two cases are called 'a'"),
    ],
)
def test_case_file_mistakes(text: str, message: str) -> None:
    with pytest.raises(casefile.CaseError, match=message):
        casefile.parse(text, Path("x.case"))


# ---- runs ----


@pytest.fixture
def ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """The folders that a run needs, with the stand-in as the command under test."""
    command = tmp_path / "d2bpf"
    command.write_text(STAND_IN)
    command.chmod(0o755)
    monkeypatch.setenv("D2BPF", str(command))
    monkeypatch.setattr(run, "GRACE", 0.3)
    kernel.adopt_orphans()
    folders = {name: tmp_path / name for name in ("folder", "triggers", "cache")}
    for folder in folders.values():
        folder.mkdir()
    sleeper = folders["triggers"] / "sleeper"
    sleeper.write_text("#!/bin/sh\nexec sleep 60\n")
    sleeper.chmod(0o755)
    return folders


def one(text: str) -> casefile.Case:
    return casefile.parse("=== case\n" + text, Path("x.case"))[0]


@pytest.mark.parametrize("mode", ["direct", "emitted"])
@pytest.mark.parametrize(
    "text",
    [
        "--- script\nprint('hello')\n--- stdout\nhello\n",
        "exit: 3\n--- script\nimport sys; sys.exit(3)\n",
        "exit: 1\n--- script\nsyntax error\n--- stderr\ndtrace: failed to compile script\n",
        "--- script\nopen('out', 'w').write('5\\n')\n--- expect out\n<N>\n",
        "--- script\nprint(input())\n--- stdin\n$(tmp)\n--- stdout\n$(tmp)\n",
        "env: A=b\n--- script\nimport os; print(os.environ['A'])\n--- stdout\nb\n",
        "around: env A='$(tmp)'\n--- script\nimport os; print(os.environ['A'] == os.getcwd())\n--- stdout\nTrue\n",
        "before: sleeper\n--- script\nimport os; os.kill(int('$(pid)'), 0)\n",
        "ready: go\nsignal: TERM\nexit: -15\n--- script\nimport time; print('go', flush=True); time.sleep(9)\n--- stdout\ngo\n",
        "ready: go\nduring: /bin/touch done\n--- script\nimport os, time\nprint('go', flush=True)\n"
        "while not os.path.exists('done'): time.sleep(.01)\n--- stdout\ngo\n",
    ],
)
def test_run_as_expected(text: str, mode: str, ways: dict[str, Path]) -> None:
    text = text.replace("in\n$(tmp)", f"in\n{ways['folder']}")
    run.check(one(text), mode, **ways)


@pytest.mark.parametrize("mode", ["direct", "emitted"])
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("--- script\nprint('hello')\n", "stdout:\n"),
        ("--- script\nimport sys; print('x', file=sys.stderr)\n", "stderr:\n"),
        ("--- script\nimport sys; sys.exit(3)\n", "exit status 3, expected 0"),
        ("timeout: 0.3\n--- script\nimport time; time.sleep(9)\n", "still running after 0.3 s"),
        ("--- script\n\n--- expect out\n", "file out:\nwas not written"),
        (
            "--- script\nimport subprocess; subprocess.Popen(['sleep', '5'], start_new_session=True)\n",
            "processes left behind: sleep 5",
        ),
    ],
)
def test_run_not_as_expected(text: str, message: str, mode: str, ways: dict[str, Path]) -> None:
    with pytest.raises(run.CaseFailure, match=message):
        run.check(one(text), mode, **ways)


def test_emitted_program_sees_no_environment(ways: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    script = "import os; print('PYTHONPATH' in os.environ, 'VIRTUAL_ENV' in os.environ)"
    run.check(one(f"--- script\n{script}\n--- stdout\nFalse False\n"), "emitted", **ways)


@pytest.mark.needs("root")
@pytest.mark.parametrize("mode", ["direct", "emitted"])
def test_programs_that_a_run_loads_are_counted(mode: str, ways: dict[str, Path]) -> None:
    script = "import sys; sys.path.insert(0, '$(root)'); from tests.harness import kernel; kernel.mark(); kernel.mark()"
    assert run.check(one(f"--- script\n{script}\n"), mode, **ways) >= 2


# ---- the machine ----


def test_needs() -> None:
    assert needs.missing("command:sh") == ""
    assert needs.missing("command:no-such-command") == "needs command:no-such-command"
    assert needs.missing("cpus:1000000") == "needs cpus:1000000"
    with pytest.raises(KeyError):
        needs.missing("luck")


@pytest.mark.needs("root")
def test_marks_count_programs() -> None:
    assert kernel.mark() < kernel.mark()


def test_children_are_seen_and_reaped() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    assert kernel.wait_until(lambda: pid not in kernel.reap({pid}), 5)
    assert pid not in kernel.children(os.getpid())
