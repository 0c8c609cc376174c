"""The running machine's facts, against what other programs say of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from d2bpf.target import host
from d2bpf.target.btf import VMLINUX
from d2bpf.target.facts import FEATURES, Target
from d2bpf.target.host import HostFacts, fingerprint, host_target


@pytest.fixture(scope="module")
def target() -> Target:
    return host_target()


def test_machine(target: Target) -> None:
    name = os.uname()
    assert (target.release, target.machine) == (name.release, name.machine)
    assert target.page_size == os.sysconf("SC_PAGE_SIZE")
    assert target.ncpus_possible >= (os.cpu_count() or 1)


@pytest.mark.parametrize(("text", "count"), [("0-3\n", 4), ("0\n", 1), ("0,2-5\n", 6), ("0-1,7\n", 8)])
def test_possible_cpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, count: int) -> None:
    (tmp_path / "possible").write_text(text)
    monkeypatch.setattr(host, "CPUS_POSSIBLE", str(tmp_path / "possible"))
    assert HostFacts().ncpus_possible == count


def test_fingerprint_says_the_kernel_and_its_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint()
    assert before == fingerprint()
    assert before.startswith(f"{os.uname().release}-{os.uname().machine}-")
    notes = (
        b"\x04\0\0\0\x05\0\0\0\x01\0\0\0Xen\0other\0\0\0" + b"\x04\0\0\0\x08\0\0\0\x03\0\0\0GNU\0\x01\x23\x45\x67\x89\xab\xcd\xef"
    )
    (tmp_path / "notes").write_bytes(notes)
    monkeypatch.setattr(host, "NOTES", str(tmp_path / "notes"))
    assert "-0123456789abcdef-" in fingerprint()
    (tmp_path / "notes").write_bytes(notes[:30])
    assert "-none-" in fingerprint()
    monkeypatch.setattr(host, "NOTES", str(tmp_path / "nothing"))
    assert "-none-" in fingerprint()


def test_nothing_is_asked_of_the_machine_ahead() -> None:
    """A Target opens no file, and importing it for a fingerprint loads neither types nor json nor ctypes."""
    code = (
        "import sys, os\n"
        "from d2bpf.target.host import fingerprint\n"
        "fingerprint()\n"
        "heavy = {'dataclasses', 'json', 'ctypes', 'mmap', 're', 'typing', 'zlib'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "before = os.listdir('/proc/self/fd')\n"
        "from d2bpf.target.host import host_target\n"
        "target = host_target()\n"
        "assert os.listdir('/proc/self/fd') == before\n"
    )
    subprocess.run([sys.executable, "-S", "-c", code], check=True, cwd=Path(__file__).parents[2])


@pytest.mark.parametrize("content", [None, b"", b"\x9f\xeb\x01", bytes(range(256)) * 20])
def test_damaged_type_information_is_none(content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "vmlinux"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr("d2bpf.target.host.VMLINUX", str(path))
    target = host_target()
    assert target.facts.btf() is None
    assert target.types.are_missing
    assert target.types.lookup("struct", "task_struct") is None


def test_features_agree_with_the_kernel(target: Target) -> None:
    found = {name: target.feature(name) for name in FEATURES}
    assert found["btf"] == Path(VMLINUX).exists()
    for name, source in (("kprobes", "kprobe"), ("uprobes", "uprobe")):
        assert found[name] == Path("/sys/bus/event_source/devices", source).exists()
    if not found["uprobes"]:
        assert not found["uprobe_multi"]
    if not found["kprobes"]:
        assert not found["kprobe_multi"]


def test_asking_for_features_leaves_nothing_open(target: Target) -> None:
    HostFacts().feature("ringbuf")
    before = len(os.listdir("/proc/self/fd"))
    facts = HostFacts()
    for name in ("ringbuf", "uprobe_multi", "kprobe_multi"):
        facts.feature(name)
    assert len(os.listdir("/proc/self/fd")) == before


def test_unprivileged_user_is_told_less_not_wrongly() -> None:
    if os.geteuid():
        pytest.skip("only root can become nobody")
    code = (
        "import os\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "if not os.access(os.getcwd(), os.R_OK | os.X_OK): os._exit(77)\n"
        "from d2bpf.target.host import host_target\n"
        "target = host_target()\n"
        "may_list = bool(target.tracepoints())\n"
        "assert may_list == bool(target.tracepoint_format('sched', 'sched_switch'))\n"
        "assert target.syscalls()['read'] >= 0\n"
        "assert target.has('type:struct task_struct') == target.feature('btf')\n"
        "assert not target.feature('fentry')\n"
        "assert target.kernel_symbol('vfs_read') is None or target.kernel_symbol('vfs_read').address == 0\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2])
    if ran.returncode == 77:
        pytest.skip("nobody may not read this checkout")
    assert ran.returncode == 0


def test_system_calls_of_this_kernel(target: Target) -> None:
    calls = target.syscalls()
    assert len(calls) > 250
    read = target.syscall_args("read")
    if read:
        assert [name for _, name in read] == ["fd", "buf", "count"]
    assert calls["openat"] == {"x86_64": 257, "aarch64": 56}.get(target.machine, calls["openat"])


def test_every_raw_tracepoint_has_types_and_names(target: Target) -> None:
    if not target.feature("btf") or not target.tracepoints():
        pytest.skip("needs type information and tracefs")
    known = {event: target.rawtp_args(event) for _, event in target.tracepoints()}
    assert [event for event, args in known.items() if args is None] == []
    texts = {text for args in known.values() for text, _ in args or ()}
    assert [text for text in texts if target.types.parse(text) is None and not text.endswith("_t")] == []
    switch = known["sched_switch"]
    assert switch is not None
    assert switch[:3] == [("bool", "preempt"), ("struct task_struct *", "prev"), ("struct task_struct *", "next")]
