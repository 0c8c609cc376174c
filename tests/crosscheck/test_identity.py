"""Who a process is, by /proc and by us: pid, uid, execname, curpsinfo, curlwpsinfo, fds[], cwd."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.crosscheck.gate import Gated, tracing

pytestmark = pytest.mark.needs("root")

USER, GROUP = 12345, 23456

NUMBERS = {
    "pid": "pid",
    "tid": "tid",
    "ppid": "ppid",
    "uid": "uid",
    "gid": "gid",
    **{f"pr_{name}": f"curpsinfo->pr_{name}" for name in (
        "pid", "ppid", "pgid", "sid", "uid", "euid", "gid", "egid", "nlwp", "size", "argc", "arglen", "dmodel", "start.tv_sec",
        "addr", "argv", "envp",
    )},
    **{f"lwp_{name}": f"curlwpsinfo->pr_{name}" for name in ("lwpid", "nice", "pri", "state", "onpro", "flag")},
    "cpu": "cpu",
    "curcpu": "curcpu->cpu_id",
    "curthread_pid": "curthread->tgid",
    "tty": "curpsinfo->pr_ttydev",
}  # fmt: skip
TEXTS = {
    "execname": "execname",
    "fname": "curpsinfo->pr_fname",
    "psargs": "curpsinfo->pr_psargs",
    "execargs": "execargs",
    "clname": "curlwpsinfo->pr_clname",
    "name": "curlwpsinfo->pr_name",
    "cwd": "cwd",
    "root": "root",
    "zero": "fds[3].fi_pathname",
    "zero_name": "fds[3].fi_name",
    "zero_mount": "fds[3].fi_mount",
    "stdin_fs": "fds[0].fi_fs",
    "no_file": "fds[99].fi_pathname",
}


def script() -> str:
    prints = [f'printf("{name} %d\\n", {value});' for name, value in NUMBERS.items()]
    prints += [f'printf("{name} %s\\n", {value});' for name, value in TEXTS.items()]
    return "syscall::getppid:entry /pid == $1/ { " + " ".join(prints) + " }"


@pytest.fixture(scope="module")
def for_all(triggers: Path) -> Iterator[Path]:
    """The trigger program where every user may run it: not so in each checkout."""
    with TemporaryDirectory() as folder:
        shutil.copy(triggers / "gated", folder)
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def known(for_all: Path) -> tuple[dict[str, str], dict[str, str], list[str]]:
    """What we print of a process, its /proc/PID/status, and the words of its /proc/PID/stat behind its name."""
    gated = Gated(for_all, "clocks=1", user=USER, group=GROUP, cwd="/var/tmp", start_new_session=True)
    with gated as trigger, tracing(script(), trigger.pid) as running:
        status, stat = trigger.fields("status"), trigger.proc("stat").rpartition(")")[2].split()
        trigger.run()
        printed = running.finish()
    return dict(line.split(" ", 1) for line in printed.splitlines() if line), status, stat


def test_ids(known: tuple[dict[str, str], dict[str, str], list[str]]) -> None:
    ours, status, stat = known
    assert ours["pid"] == ours["pr_pid"] == ours["tid"] == ours["lwp_lwpid"] == ours["curthread_pid"] == status["Pid"]
    assert ours["ppid"] == ours["pr_ppid"] == status["PPid"] == str(os.getpid())
    assert [ours["pr_pgid"], ours["pr_sid"]] == stat[2:4] == [status["Pid"]] * 2
    assert [ours["uid"], ours["pr_uid"], ours["pr_euid"]] == [*status["Uid"].split()[:1], *status["Uid"].split()[:2]]
    assert [ours["gid"], ours["pr_gid"], ours["pr_egid"]] == [*status["Gid"].split()[:1], *status["Gid"].split()[:2]]
    assert (ours["uid"], ours["gid"]) == (str(USER), str(GROUP))
    assert ours["tty"] == str(0xFFFFFFFF) and stat[4] == "0"  # of no terminal, in a session of its own


def test_the_process(known: tuple[dict[str, str], dict[str, str], list[str]]) -> None:
    ours, status, stat = known
    assert ours["pr_nlwp"] == status["Threads"] == "1"
    assert ours["pr_size"] == status["VmSize"].split()[0]
    assert ours["pr_start.tv_sec"] == str(int(stat[19]) // os.sysconf("SC_CLK_TCK"))
    assert ours["pr_argc"] == "2" and ours["pr_dmodel"] == "2"
    assert int(ours["pr_envp"]) == int(ours["pr_argv"]) + 8 * 3
    assert int(ours["pr_addr"]) % (1 << 64) >= 1 << 63  # in the kernel


def test_the_thread(known: tuple[dict[str, str], dict[str, str], list[str]]) -> None:
    ours, _, stat = known
    assert ours["lwp_nice"] == stat[16] == "0"
    assert int(ours["lwp_pri"]) - 100 == int(stat[15])  # /proc counts from the first priority of usual threads
    assert ours["lwp_state"] == "6"  # SONPROC
    assert ours["lwp_onpro"] == ours["cpu"] == ours["curcpu"]
    assert ours["lwp_flag"] == "0" and ours["clname"] == "TS"


def test_names(known: tuple[dict[str, str], dict[str, str], list[str]], for_all: Path) -> None:
    ours, status, _ = known
    assert ours["execname"] == ours["fname"] == ours["name"] == status["Name"] == "gated"
    assert ours["psargs"] == ours["execargs"] == f"{for_all / 'gated'} clocks=1"[:79]
    assert int(ours["pr_arglen"]) == len(f"{for_all / 'gated'} clocks=1") + 1


def test_files(known: tuple[dict[str, str], dict[str, str], list[str]]) -> None:
    ours, _, _ = known
    assert (ours["cwd"], ours["root"]) == ("/var/tmp", "/")
    assert (ours["zero"], ours["zero_name"], ours["zero_mount"]) == ("/dev/zero", "zero", "/dev")
    assert (ours["stdin_fs"], ours["no_file"]) == ("pipefs", "<none>")


def test_threads_of_a_process(triggers: Path) -> None:
    text = """
    proc:::lwp-start /ppid == $1/ {
        printf("%d %d %d %d\\n", pid, tid, curpsinfo->pr_nlwp >= 2, curlwpsinfo->pr_lwpid);
    }
    """
    with tracing(text, os.getpid()) as running:
        process = subprocess.Popen([triggers / "threads", "3", "1"])
        process.wait()
        lines = [line.split() for line in running.finish().splitlines() if line]
    lines = [line for line in lines if line[0] == str(process.pid) and line[1] != line[0]]
    assert len({tid for _, tid, _, _ in lines}) == 3
    assert all(many == "1" and lwp == tid for _, tid, many, lwp in lines)
