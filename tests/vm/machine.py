"""Runs a command on another kernel: in a virtual machine that has this machine's files, as root.

    python -m tests.vm.machine [-k 6.1] [--no-btf] [-t SECONDS] COMMAND...

The machine sees the whole root file system of this one, covered by memory for what it writes, so nothing reaches the host but the
command's output, standard and error as one. The command runs in the current folder; its exit status is ours, 125 when the machine
did not get as far, 124 when it took too long. It is QEMU's, by software
emulation, which needs no help of the kernel here: some ten times slower.
"""

from __future__ import annotations

import argparse
import lzma
import os
import re
import select
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.vm.kernels import FOLDER, RELEASES, Kernel, KernelError, kernel

SOURCE = Path(__file__).with_name("init.c")
DRIVERS = (
    *("virtio_pci", "virtio_console", "9p", "9pnet_virtio", "overlay"),  # what it takes to get at the root file system
    *("virtio_blk", "crc32c_generic", "ext4", "loop"),  # a disk of its own below /tmp, and others in files
)
DISK = 2 << 30  # bytes of it
FAILED, TIMED_OUT = 125, 124
BOOT = (
    "console=ttyS0 quiet panic=-1 mitigations=off random.trust_cpu=on no_timer_check audit=0 nmi_watchdog=0 "
    "rcupdate.rcu_cpu_stall_suppress=1 rdinit=/init"
)
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "USER": "root", "LANG": "C.UTF-8", "TERM": "dumb"}


@dataclass(frozen=True)
class Result:
    """How a command ended: its exit status, and the seconds until it began and that it took."""

    status: int
    boot: float
    seconds: float


# ---------------------------------------------------------------- the initial file system


def initial_files(of: Kernel, script: str, hide_types: bool) -> bytes:
    """The initial file system (init.c says what is in it) as a cpio archive."""
    settings = f"{of.modules}\n/lib/modules/{of.release}\n{'hide' if hide_types else 'show'}\n"
    files = [("init", _init().read_bytes()), ("command", script.encode()), ("settings", settings.encode())]
    files += [(f"modules/{at:02}.ko", data) for at, data in enumerate(drivers(of.modules))]
    entries = [(name, stat.S_IFDIR | 0o755, b"") for name in ("dev", "modules", "lower", "cover", "new")]
    return archive([*entries, *((name, stat.S_IFREG | 0o755, data) for name, data in files)])


def drivers(modules: Path) -> Iterator[bytes]:
    """The modules of DRIVERS that are not built in, each behind those that it needs."""
    known = {re.sub(r"\.ko.*", "", path.name).replace("-", "_"): path for path in modules.rglob("*.ko*")}
    done = set()

    def visit(name: str) -> Iterator[bytes]:
        if name in done or name not in known:
            return
        done.add(name)
        data = known[name].read_bytes()
        if known[name].suffix == ".xz":
            data = lzma.decompress(data)
        needed = re.search(rb"\0depends=([^\0]*)\0", data)
        for other in needed[1].decode().split(",") if needed else ():
            yield from visit(other.replace("-", "_"))
        yield data

    for name in DRIVERS:
        yield from visit(name)


def archive(entries: Iterable[tuple[str, int, bytes]]) -> bytes:
    """A cpio archive in the "newc" form of (path, mode, content)."""
    made = bytearray()
    for number, (name, mode, data) in enumerate([*entries, ("TRAILER!!!", 0, b"")], 1):
        path = name.encode() + b"\0"
        words = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(path), 0)
        made += b"070701" + b"".join(b"%08X" % word for word in words) + path
        made += bytes(-len(made) % 4) + data
        made += bytes(-len(made) % 4)
    return bytes(made)


def _init() -> Path:
    """The machine's first process, compiled where its source is newer."""
    program = FOLDER / "init"
    if not program.exists() or program.stat().st_mtime < SOURCE.stat().st_mtime:
        subprocess.run(["gcc", "-O2", "-static", "-Wall", "-Wextra", "-o", str(program), str(SOURCE)], check=True)
    return program


# ---------------------------------------------------------------- the machine


def run(
    command: Sequence[str], series: str, hide_types: bool = False, timeout: float = 600.0, echo: bool = True
) -> tuple[Result, str]:
    """Run a command on a kernel; how it ended, and what it wrote. With `echo` that is written here as it comes. KernelError."""
    if not shutil.which("qemu-system-x86_64"):
        raise KernelError("there is no qemu-system-x86_64 here")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that the machine ends with us
    of = kernel(series)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="machine-", dir=FOLDER) as text:
        folder = Path(text)
        (folder / "initial").write_bytes(initial_files(of, _script(command), hide_types))
        (folder / "status").touch()
        _make_disk(folder / "disk")
        return _boot(of, folder, timeout, echo)


def _make_disk(path: Path) -> None:
    """A file, mostly of holes, with an empty file system."""
    path.touch()
    os.truncate(path, DISK)
    subprocess.run(["/sbin/mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=1,lazy_journal_init=1", str(path)], check=True)


def _script(command: Sequence[str]) -> str:
    exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in ENVIRONMENT.items())
    return f"{exports}cd {shlex.quote(os.getcwd())} || exit {FAILED}\nexec {shlex.join(command)}\n"


def _boot(of: Kernel, folder: Path, timeout: float, echo: bool) -> tuple[Result, str]:
    reading, writing = os.pipe()
    begin = time.monotonic()
    with (folder / "qemu.log").open("wb") as log:
        process = subprocess.Popen(
            _qemu(of, folder, writing), stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=(writing,)
        )
    os.close(writing)
    try:
        output, started = _relay(reading, folder / "status", begin, timeout, echo)
        status = TIMED_OUT if output is None else _status(folder)
    finally:
        os.close(reading)
        if process.poll() is None:
            process.kill()
        process.wait()
    if status is None:
        tail = "".join(
            path.read_text(errors="replace")[-3000:] for path in (folder / "console", folder / "qemu.log") if path.exists()
        )
        raise KernelError(f"the machine {'went down' if started else 'did not run the command'}:\n{tail}")
    return Result(status, (started or begin) - begin, time.monotonic() - (started or begin)), output or ""


def _relay(reading: int, status: Path, begin: float, timeout: float, echo: bool) -> tuple[str | None, float]:
    """What the command writes, until the machine is off (None: it was not in time), and when the command began."""
    output, started = bytearray(), 0.0
    while True:
        ready, _, _ = select.select([reading], [], [], 0.2)
        if not started and b"started" in status.read_bytes():
            started = time.monotonic()
        if ready:
            data = os.read(reading, 1 << 16)
            if not data:
                return output.decode("utf-8", "replace"), started
            output += data
            if echo:
                sys.stdout.buffer.write(data)
                sys.stdout.buffer.flush()
        elif time.monotonic() - begin > timeout:
            return None, started


def _status(folder: Path) -> int | None:
    """The command's exit status; None where the machine went off without having said it."""
    said = re.search(r"^exit (\d+)$", (folder / "status").read_text(), re.M)
    return int(said[1]) if said else None


def _qemu(of: Kernel, folder: Path, output: int) -> list[str]:
    words = ["qemu-system-x86_64", "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-machine", "q35"]
    # One thread for all CPUs: with one each, a CPU may still run code that another has just patched, and a kernel that has all its
    # functions traced dies of the breakpoint that was there while it did.
    words += ["-accel", "tcg,thread=single", "-cpu", "max"]
    words += ["-smp", str(os.cpu_count() or 1), "-m", "2G"]
    words += ["-kernel", str(of.image), "-initrd", str(folder / "initial"), "-append", BOOT]
    words += ["-serial", f"file:{folder / 'console'}"]
    words += ["-fsdev", "local,id=root,path=/,security_model=none,multidevs=remap,readonly=on"]
    words += ["-device", "virtio-serial-pci", "-device", "virtio-9p-pci,fsdev=root,mount_tag=root"]  # ports are numbered by place
    words += ["-drive", f"file={folder / 'disk'},format=raw,if=none,id=disk,cache=unsafe", "-device", "virtio-blk-pci,drive=disk"]
    words += ["-add-fd", f"fd={output},set=1", "-chardev", "file,id=output,path=/dev/fdset/1,append=on"]
    words += ["-device", "virtserialport,nr=1,chardev=output"]
    words += ["-chardev", f"file,id=status,path={folder / 'status'}", "-device", "virtserialport,nr=2,chardev=status"]
    return words


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs a command on another kernel.")
    parser.add_argument("-k", "--kernel", default="6.1", help=f"{', '.join(RELEASES)}, or a folder with an unpacked kernel package")
    parser.add_argument("--no-btf", action="store_true", help="hide the kernel's type information")
    parser.add_argument("-t", "--timeout", type=float, default=600.0, help="seconds (600)")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    wanted = parser.parse_args()
    try:
        result, _ = run(wanted.command, wanted.kernel, wanted.no_btf, wanted.timeout)
    except KernelError as error:
        print(f"vm: {error}", file=sys.stderr)
        return FAILED
    print(f"vm: {result.boot:.1f} s to start, {result.seconds:.1f} s for the command", file=sys.stderr)
    return result.status


if __name__ == "__main__":
    sys.exit(main())
