"""The compiler's child process, without a compiler: whatever becomes of it is a value here."""

from __future__ import annotations

import faulthandler
import os
import signal
import struct
import sys
import time
from pathlib import Path

import pytest

from d2bpf.runtime.compile import find_bcc, relocations, run_in_child
from d2bpf.runtime.errors import Failure
from d2bpf.runtime.headers import files


def test_child_returns_its_data() -> None:
    data = os.urandom(1 << 20)  # more than a pipe holds
    assert run_in_child(lambda: data, 10) == data


def test_child_that_aborts_is_a_failure_with_its_messages() -> None:
    def work() -> bytes:
        faulthandler.disable()  # pytest's would report the abort on the terminal
        os.write(2, b"LLVM ERROR: Unsupported signed division\n")
        os.abort()

    with pytest.raises(Failure) as failure:
        run_in_child(work, 10)
    assert failure.value.message == "failed to compile: the compiler was killed by SIGABRT"
    assert failure.value.detail == "LLVM ERROR: Unsupported signed division\n"


def test_child_that_exits_is_a_failure() -> None:
    with pytest.raises(Failure, match="failed to compile: the compiler ended with status 1"):
        run_in_child(lambda: os._exit(1), 10)


def test_child_that_exits_early_with_success_has_no_data() -> None:
    with pytest.raises(Failure, match="failed to compile: the compiler ended with status 0"):
        run_in_child(lambda: os._exit(0), 10)


def test_child_that_raises_shows_where() -> None:
    with pytest.raises(Failure, match="the compiler ended with status 82") as failure:
        run_in_child(lambda: bytes([1 // int("0")]), 10)
    assert failure.value.detail.endswith("ZeroDivisionError: integer division or modulo by zero\n")


def test_failure_in_the_child_is_raised_as_it_is() -> None:
    def work() -> bytes:
        raise Failure("failed to initialize dtrace: something is missing", "details\n")

    with pytest.raises(Failure) as failure:
        run_in_child(work, 10)
    assert failure.value.message == "failed to initialize dtrace: something is missing"
    assert failure.value.detail == "details\n"


def test_child_that_takes_too_long_is_killed() -> None:
    def work() -> bytes:
        time.sleep(60)
        return b""

    start = time.monotonic()
    with pytest.raises(Failure, match=r"BCC did not finish within 0\.2 seconds"):
        run_in_child(work, 0.2)
    assert time.monotonic() - start < 5


def test_child_floods_standard_error_without_blocking() -> None:
    def work() -> bytes:
        os.write(2, bytes(1 << 20))
        return b"done"

    assert run_in_child(work, 10) == b"done"


def test_child_has_no_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    run_in_child(lambda: bytes(os.write(1, b"noise")), 10)
    assert capfd.readouterr().out == ""


def test_child_dies_of_an_interrupt(tmp_path: Path) -> None:
    def work() -> bytes:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(60)
        return b""

    with pytest.raises(Failure, match="the compiler was killed by SIGINT"):
        run_in_child(work, 10)


def test_relocations_are_the_loads_of_map_descriptors() -> None:
    move = struct.pack("=BBhi", 0xB7, 0, 0, 5)
    map_load = struct.pack("=BBhi", 0x18, 0x12, 0, 7) + bytes(8)
    constant = struct.pack("=BBhi", 0x18, 0x02, 0, 7) + bytes(8)
    # A constant's second half that looks like a load of a map is no instruction.
    decoy = struct.pack("=BBhi", 0x18, 0x02, 0, 7) + struct.pack("=BBhi", 0x18, 0x10, 0, 7)
    assert relocations(move + map_load + constant + decoy + map_load, {7: 3}) == [(12, 3), (60, 3)]


def test_missing_bcc_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr("d2bpf.runtime.compile._DIST_PACKAGES", ())
    with pytest.raises(Failure, match="apt install python3-bpfcc"):
        find_bcc()


@pytest.mark.parametrize(
    ("release", "code"),
    [
        ("6.1.0-18-amd64", (6 << 16) + (1 << 8)),
        ("5.10.300", (5 << 16) + (10 << 8) + 255),
        ("6.18-rc1", 6 << 16 | 18 << 8),
    ],
)
def test_header_tree_has_the_kernels_version(release: str, code: int) -> None:
    tree = files(release, "x86_64", 4096)
    assert tree["include/linux/version.h"].splitlines()[0] == f"#define LINUX_VERSION_CODE {code}"
    assert tree["include/asm/page.h"] == "#define PAGE_SIZE 4096UL\n"
