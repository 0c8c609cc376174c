"""Target processes: started stopped at their program's first instruction, released, reaped or killed."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from d2bpf.runtime import processes
from d2bpf.runtime.errors import Failure


def ended(target: processes.Target, seconds: float = 10) -> bool:
    poll = select.poll()
    poll.register(target.pidfd, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("date -u", ["date", "-u"]),
        ("  a \t b\t\tc  ", ["a", "b", "c"]),
        ("echo 'a b'", ["echo", "'a", "b'"]),
        ("echo a\\ b\nc", ["echo", "a\\", "b\nc"]),
        ("", []),
    ],
)
def test_command_is_split_at_blanks_and_tabs_only(command: str, words: list[str]) -> None:
    assert processes.split_command(command) == words


def test_created_process_waits_for_its_release(tmp_path: Path) -> None:
    made = tmp_path / "made"
    target = processes.create(f"touch {made}")
    assert os.readlink(f"/proc/{target.pid}/exe") != os.readlink("/proc/self/exe")
    assert not ended(target, 0.1)
    assert not made.exists()
    target.release()
    assert ended(target)
    target.reap()
    assert made.exists()
    assert target.status == 0
    target.close()


def mapped(target: processes.Target) -> str:
    return Path(f"/proc/{target.pid}/maps").read_text()


def test_created_process_has_its_libraries_but_has_not_run(triggers: Path) -> None:
    target = processes.create(f"{triggers}/flood 1")
    assert "libc.so.6" in mapped(target)
    target.close()


def test_evaltime_exec_is_before_the_loader(triggers: Path) -> None:
    target = processes.create(f"{triggers}/flood 1", evaltime="exec")
    assert "libc.so.6" not in mapped(target)
    target.close()


@pytest.mark.parametrize("program", ["flood 1", "syscalls getppid 3"])  # dynamically and statically linked
@pytest.mark.parametrize("evaltime", ["exec", "postinit"])
def test_created_process_runs_as_if_it_had_not_been_stopped(triggers: Path, program: str, evaltime: str) -> None:
    target = processes.create(f"{triggers}/{program}", evaltime=evaltime)
    target.release()
    assert ended(target)
    target.reap()
    assert target.status == 0
    target.close()


def test_exit_status_is_kept(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("#!/bin/sh\nexit 3\n")
    script.chmod(0o755)
    target = processes.create(str(script))
    target.release()
    assert ended(target)
    target.reap()
    assert target.status is not None
    assert os.waitstatus_to_exitcode(target.status) == 3
    target.close()


def test_signals_that_python_ignores_are_not_ignored_by_the_command(tmp_path: Path) -> None:
    target = processes.create("sleep 60")
    status = dict(line.split(":\t") for line in Path(f"/proc/{target.pid}/status").read_text().splitlines())
    assert int(status["SigIgn"], 16) & (1 << signal.SIGPIPE - 1 | 1 << signal.SIGXFSZ - 1) == 0
    target.close()


def test_running_command_is_killed_at_the_end() -> None:
    target = processes.create("sleep 60")
    target.release()
    target.close()
    assert target.status is not None
    assert os.WTERMSIG(target.status) == signal.SIGKILL
    assert not Path(f"/proc/{target.pid}").exists()


def test_command_that_was_never_released_is_killed_at_the_end() -> None:
    target = processes.create("sleep 60")
    target.close()
    assert not Path(f"/proc/{target.pid}").exists()


KILLED = """
import os
from d2bpf.runtime import processes
target = processes.create("sleep 60")
{}
print(target.pid, flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("before", ["", "target.release()"])
def test_command_dies_with_its_tracer(before: str) -> None:
    output = subprocess.run([sys.executable, "-c", KILLED.format(before)], capture_output=True, text=True, timeout=30).stdout
    deadline = time.monotonic() + 10
    while Path(f"/proc/{int(output)}/exe").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not Path(f"/proc/{int(output)}/exe").exists()


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("no-such-program -x", "failed to execute no-such-program: No such file or directory"),
        ("/etc/passwd", "failed to execute /etc/passwd: Permission denied"),
        ("  ", "failed to execute : No such file or directory"),
    ],
)
def test_program_that_cannot_be_executed(command: str, message: str) -> None:
    with pytest.raises(Failure) as failure:
        processes.create(command)
    assert str(failure.value) == message


def test_script_without_a_first_line_is_the_shells(tmp_path: Path) -> None:
    script, made = tmp_path / "script", tmp_path / "made"
    script.write_text(f"echo $1 > {made}\n")
    script.chmod(0o755)
    target = processes.create(f"{script} word")
    target.release()
    assert ended(target)
    target.reap()
    target.close()
    assert made.read_text() == "word\n"


def test_thread_cannot_be_grabbed() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        with pytest.raises(Failure, match=f"failed to grab pid {thread.native_id}: (No such process|Invalid argument)"):
            processes.grab(thread.native_id or 0)
    finally:
        done.set()
        thread.join()


def test_grabbed_process_goes_on() -> None:
    with subprocess.Popen(["sleep", "60"]) as sleeper:
        target = processes.grab(sleeper.pid)
        target.release()
        assert not ended(target, 0)
        target.close()
        assert sleeper.poll() is None
        target = processes.grab(sleeper.pid)
        sleeper.kill()
        assert ended(target)
        target.reap()
        assert target.ended
        assert target.status is None
        target.close()


@pytest.mark.parametrize("pid", [4194304, 1 << 40])
def test_process_that_does_not_exist(pid: int) -> None:
    with pytest.raises(Failure) as failure:
        processes.grab(pid)
    assert str(failure.value) == f"failed to grab pid {pid}: No such process"


INTERRUPTED = """
import os, select, signal, time
from d2bpf.runtime.processes import Aborted, Interrupts
signal.signal(signal.SIGTERM, signal.SIG_IGN)
interrupts = Interrupts()
interrupts.install()
os.kill(os.getpid(), signal.SIGTERM)
print(interrupts.count)
os.kill(os.getpid(), signal.SIGINT)
print(interrupts.count, select.select([interrupts.fd], [], [], 5)[0] == [interrupts.fd])
try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(5)
except Aborted:
    print("aborted")
interrupts.restore()
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler, signal.getsignal(signal.SIGTERM).name)
"""


def test_interrupts_count_then_abort_and_ignored_signals_stay_ignored() -> None:
    output = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=30)
    assert output.stdout == "0\n1 True\naborted\nTrue SIG_IGN\n"
