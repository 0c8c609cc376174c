"""Functions of programs whose symbols, files or roots are elsewhere: the program calls its functions a known number of times."""

from __future__ import annotations

import lzma
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.crosscheck.gate import tracing
from tests.harness import kernel
from tests.harness.run import command

pytestmark = pytest.mark.needs("root", "uprobes", "command:gcc", "command:objcopy")

SOURCE = Path(__file__).parent.parent / "triggers" / "calls.c"
CALLS = 4
COUNT = 'pid$target::{}:entry {{ @[probemod, probefunc] = count(); }} END {{ printa("%s`%s %@d\\n", @); }}'


def built(folder: Path, *flags: str) -> Path:
    program = folder / "calls"
    subprocess.run(["gcc", "-O2", "-o", program, SOURCE, *flags], check=True)
    return program


def stripped(program: Path, *flags: str) -> Path:
    subprocess.run(["strip", "--strip-all", *flags, program], check=True)
    return program


def debug_file(program: Path) -> Path:
    debug = program.with_suffix(".debug")
    subprocess.run(["objcopy", "--only-keep-debug", program, debug], check=True)
    return debug


@contextmanager
def waiting(*argv: object) -> Iterator[subprocess.Popen[bytes]]:
    """The program, which waits to be told to go on."""
    with subprocess.Popen([*map(str, argv), str(CALLS), "wait"]) as process:
        try:
            yield process
        finally:
            process.kill()


def counted(process: subprocess.Popen[bytes], function: str) -> list[str]:
    """The lines that counting calls of a function of the process prints."""
    with tracing(COUNT.format(function), "-p", process.pid) as running:
        process.send_signal(signal.SIGUSR1)
        process.wait(30)
        return [line for line in running.finish().splitlines() if line]


def test_stripped_of_all_but_dynamic_symbols(tmp_path: Path) -> None:
    with waiting(stripped(built(tmp_path, "-rdynamic"))) as process:
        assert counted(process, "twice") == [f"calls`twice {CALLS}"]


def test_debug_file_beside_it(tmp_path: Path) -> None:
    program = built(tmp_path)
    debug = debug_file(program)
    stripped(program)
    subprocess.run(["objcopy", f"--add-gnu-debuglink={debug}", program], check=True)
    with waiting(program) as process:
        assert counted(process, "once") == [f"calls`once {CALLS}"]


def test_debug_file_of_another_build_is_not_used(tmp_path: Path) -> None:
    program = built(tmp_path, "-Wl,--build-id=0x5678")
    debug = debug_file(program)
    stripped(built(tmp_path, "-Wl,--build-id=0x1234"))
    subprocess.run(["objcopy", f"--add-gnu-debuglink={debug}", program], check=True)
    argv = [command(), "-n", "pid$target:calls:once:entry", "-c", f"{program} 1"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "failed to lookup 'once' in module 'calls'" in done.stderr
    assert f"{program} was stripped of all symbols" in done.stderr


def test_symbols_packed_inside(tmp_path: Path) -> None:
    program = built(tmp_path, "-rdynamic")
    packed = tmp_path / "packed"
    packed.write_bytes(lzma.compress(debug_file(program).read_bytes()))
    stripped(program)
    subprocess.run(["objcopy", f"--add-section=.gnu_debugdata={packed}", program], check=True)
    debug_file(program).unlink()
    with waiting(program) as process:
        assert counted(process, "once") == [f"calls`once {CALLS}"]


@pytest.mark.parametrize("flags", [(), ("-no-pie",), ("-static",), ("-static-pie",)])
def test_wherever_it_is_loaded(tmp_path: Path, flags: tuple[str, ...]) -> None:
    with waiting(built(tmp_path, *flags)) as process:
        assert counted(process, "factorial") == [f"calls`factorial {5 * CALLS}"]


def test_deleted_program(tmp_path: Path) -> None:
    program = built(tmp_path)
    with waiting(program) as process:
        assert kernel.wait_until(lambda: os.readlink(f"/proc/{process.pid}/exe") == str(program), 5)
        program.unlink()
        assert counted(process, "twice") == [f"calls`twice {CALLS}"]


def test_replaced_program(tmp_path: Path) -> None:
    """The file of that name is another one now, with functions elsewhere."""
    program = built(tmp_path)
    with waiting(program) as process:
        assert kernel.wait_until(lambda: os.readlink(f"/proc/{process.pid}/exe") == str(program), 5)
        program.unlink()
        built(tmp_path, "-O0")
        assert counted(process, "twice") == [f"calls`twice {CALLS}"]


def test_root_of_its_own(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    built(root, "-static")
    with waiting("unshare", "--mount", "chroot", root, "/calls") as process:
        assert kernel.wait_until(lambda: os.readlink(f"/proc/{process.pid}/root") == str(root), 5)
        assert kernel.wait_until(lambda: os.readlink(f"/proc/{process.pid}/exe").endswith("/calls"), 5)
        assert counted(process, "twice") == [f"calls`twice {CALLS}"]


def test_addresses(tmp_path: Path) -> None:
    """As the file has them, and as the process has them."""
    program = built(tmp_path)
    listing = subprocess.run(["nm", program], capture_output=True, text=True, check=True).stdout
    value = next(int(line.split()[0], 16) for line in listing.splitlines() if line.endswith(" twice"))
    with waiting(program) as process:
        assert kernel.wait_until(lambda: os.readlink(f"/proc/{process.pid}/exe") == str(program), 5)
        assert kernel.wait_until(lambda: "/calls\n" in Path(f"/proc/{process.pid}/maps").read_text(), 5)
        maps = Path(f"/proc/{process.pid}/maps").read_text()
        base = int(next(line for line in maps.splitlines() if line.endswith("/calls")).partition("-")[0], 16)
        script = f"pid$target:a.out:-:{value:x}, pid$target:a.out:-:{base + value:x} {{ @[probefunc, probename] = count(); }}"
        with tracing(script + ' END { printa("%s %s %@d\\n", @); }', "-p", process.pid) as running:
            process.send_signal(signal.SIGUSR1)
            process.wait(30)
            lines = sorted(line for line in running.finish().splitlines() if line)
    assert lines == sorted([f"- {value:x} {CALLS}", f"- {base + value:x} {CALLS}"])


LATE = """
#include <dlfcn.h>
int main(void) { int (*trial)(int) = dlsym(dlopen("LIBRARY", RTLD_NOW), "trial"); return trial(1) + trial(2) + trial(3) - 9; }
"""


def test_library_that_is_loaded_later(tmp_path: Path) -> None:
    library, program = tmp_path / "libtrial.so", tmp_path / "late"
    (tmp_path / "trial.c").write_text("int trial(int n) { return n + 1; }\n")
    (tmp_path / "late.c").write_text(LATE.replace("LIBRARY", str(library)))
    subprocess.run(["gcc", "-O1", "-shared", "-fPIC", "-o", library, tmp_path / "trial.c"], check=True)
    subprocess.run(["gcc", "-O1", "-o", program, tmp_path / "late.c", "-ldl"], check=True)
    script = 'pid$target:libtrial.so:trial:entry { @[arg0] = count(); } END { printa("%d %@d\\n", @); }'
    with tracing(script, "-c", program) as running:
        lines = running.rest().splitlines()
    assert [line for line in lines if line] == ["1 1", "2 1", "3 1"]
