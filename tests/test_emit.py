"""--emit in all its forms, for a stored kernel: neither root nor BPF is needed."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from d2bpf.command import EMIT_KINDS

SCRIPT = """
#pragma D option quiet
syscall::read:entry, syscall::write:entry { self->start = timestamp; }
syscall::read:return, syscall::write:return
/self->start/
{
	@time[execname, probefunc] = quantize(timestamp - self->start);
	@calls[probefunc] = count();
	self->start = 0;
}
profile-97 { @where[cpu] = count(); }
"""


def run(folder: Path, *arguments: str, seed: str = "0") -> subprocess.CompletedProcess[str]:
    """d2bpf in a folder that holds script.d. `seed` decides the order of sets."""
    (folder / "script.d").write_text(SCRIPT)
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[1])}
    line = [sys.executable, "-m", "d2bpf", *arguments]
    return subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("kind", EMIT_KINDS)
def test_the_same_input_gives_the_same_text(kind: str, tmp_path: Path) -> None:
    first, second = (run(tmp_path, f"--emit={kind}", "--target", "common", "script.d", seed=seed) for seed in "12")
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == second.stdout != ""


def test_the_script_may_be_given_by_s_and_the_text_go_to_a_file(tmp_path: Path) -> None:
    alone = run(tmp_path, "--emit", "--target", "common", "script.d")
    done = run(tmp_path, "--emit", "--target=common", "-s", "script.d", "-o", "out.py")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "out.py").read_text() == alone.stdout


def test_a_translation_is_python_that_compiles(tmp_path: Path) -> None:
    text = run(tmp_path, "--emit", "--target", "common", "script.d").stdout
    compile(text, "emitted.py", "exec")


REMAINS = "sched:::remain-cpu is left out: only kernels with the tracepoint sched_exit_tp tell when a thread stays on its processor"


def test_a_probe_of_newer_kernels_is_left_out_beside_others_and_that_is_told(tmp_path: Path) -> None:
    script = "sched:::on-cpu, sched:::remain-cpu { @ = count(); } sched:::remain-cpu { @ = count(); }"
    both = run(tmp_path, "--emit=plan", "--target", "common", "-n", script)
    plan = json.loads(both.stdout)
    assert (both.returncode, plan["unseen"], [probe[4] for probe in plan["probes"]]) == (0, [REMAINS], ["on-cpu"])
    alone = run(tmp_path, "--emit=plan", "--target", "common", "-n", "sched:::remain-cpu { @ = count(); }")
    assert alone.returncode == 1
    assert "probe description sched:::remain-cpu does not match any probes" in alone.stderr


DESCRIPTION = r'''pid$target::main:entry { printf("%s\n", "three \"\"\" quotes"); }'''


def test_a_translation_for_a_process_is_for_none_in_particular(triggers: Path, tmp_path: Path) -> None:
    first, second = (run(tmp_path, "--emit", "-c", f"{triggers / 'calls'} 1", "-n", DESCRIPTION) for _ in range(2))
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == second.stdout
    docstring = ast.get_docstring(ast.parse(first.stdout), clean=False)
    assert docstring is not None and docstring.startswith(f"-n '{DESCRIPTION}'\n")


def test_what_bpftrace_cannot_say_is_listed_with_its_place(tmp_path: Path) -> None:
    done = run(tmp_path, "--emit=bpftrace", "--target", "common", "-n", "BEGIN { @ = stddev(1); trace(strlen(execname)); }")
    assert (done.returncode, done.stdout) == (1, "")
    assert [line for line in done.stderr.splitlines() if line.startswith("dtrace")] == [
        "dtrace: invalid probe specifier BEGIN { @ = stddev(1); trace(strlen(execname)); }: in action list: "
        + f"bpftrace has no counterpart of {name}( )"
        for name in ("stddev", "strlen")
    ]


def test_another_kernel_is_not_traced(tmp_path: Path) -> None:
    done = run(tmp_path, "--target", "common", "-n", "BEGIN")
    assert (done.returncode, done.stderr) == (1, "dtrace: --target is for --emit and -e: tracing is for the running kernel\n")


def test_a_kernel_that_cannot_be_read(tmp_path: Path) -> None:
    missing = run(tmp_path, "--emit", "--target", "nowhere.json", "script.d")
    assert (missing.returncode, missing.stderr) == (1, "dtrace: failed to read target nowhere.json: No such file or directory\n")
    (tmp_path / "wrong.json").write_text("{}")
    wrong = run(tmp_path, "--emit", "--target", "wrong.json", "script.d")
    assert wrong.returncode == 1
    assert wrong.stderr == "dtrace: failed to read target wrong.json: not a stored target, or one of another version\n"
