"""Java's methods by the virtual machine's own static probes, in a program that calls each a known number of times."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.harness.run import SYSTEM_PYTHON, command

pytestmark = pytest.mark.needs("root", "uprobes", "command:javac")

SOURCE = """
public class Known {
    static int sum;
    static void alpha(int i) { sum += i; }
    static int beta(String text) { return text.length() + sum; }
    static class Inner { long gamma(long n) { return n < 2 ? 1 : n * gamma(n - 1); } }
    public static void main(String[] arguments) throws java.io.IOException {
        System.out.println("ready");
        System.in.read();
        for (int i = 0; i < 1000; i++) alpha(i);
        for (int i = 0; i < 50; i++) beta("x");
        new Inner().gamma(20);
    }
}
"""
# Texts of the virtual machine have a length instead of a NUL.
COUNTS = r"""
hotspot$target:::method-entry
{
	this->class = (char *)copyin(arg1, arg2 + 1);
	this->class[arg2] = '\0';
	this->method = (char *)copyin(arg3, arg4 + 1);
	this->method[arg4] = '\0';
	@[stringof(this->class), stringof(this->method)] = count();
}
hotspot$target:::method-return { @returned = count(); }
"""
CALLS = {("Known", "alpha"): 1000, ("Known", "beta"): 50, ("Known$Inner", "<init>"): 1, ("Known$Inner", "gamma"): 20}
RUN = "java -Xshare:auto -XX:+UseSerialGC -XX:+ExtendedDTraceProbes -cp {} Known"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("java")
    (folder / "Known.java").write_text(SOURCE)
    subprocess.run(["javac", "Known.java"], cwd=folder, check=True)
    return folder


def calls(printed: str) -> dict[tuple[str, str], int]:
    rows = [line.split() for line in printed.splitlines()]
    return {(words[0], words[1]): int(words[2]) for words in rows if len(words) == 3 and words[0].startswith("Known")}


def test_methods_of_a_running_program(folder: Path) -> None:
    with subprocess.Popen(RUN.format(folder).split(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as java:
        assert java.stdin is not None and java.stdout is not None
        assert java.stdout.readline() == b"ready\n"
        argv = [command(), "-q", "-p", str(java.pid), "-n", 'BEGIN { printf("go\\n"); }' + COUNTS]
        with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as tracing:
            assert tracing.stdout is not None
            assert tracing.stdout.readline() == "go\n"
            java.stdin.write(b"\n")
            java.stdin.close()
            assert java.wait(60) == 0
            printed, complaints = tracing.communicate(timeout=60)
    assert complaints == ""
    assert calls(printed) == CALLS


def test_methods_from_the_start_of_a_program(folder: Path) -> None:
    """The launcher loads the virtual machine only when it runs."""
    outcome = subprocess.run(
        [command(), "-q", "-n", COUNTS, "-c", RUN.format(folder)],
        input="\n", capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert calls(outcome.stdout) == {**CALLS, ("Known", "main"): 1}


def test_methods_by_an_emitted_program(folder: Path) -> None:
    emitted = folder / "emitted.py"
    text = subprocess.run(
        [command(), "--emit", "-q", "-n", COUNTS, "-c", RUN.format(folder)], capture_output=True, check=True, timeout=120
    ).stdout
    emitted.write_bytes(text)
    outcome = subprocess.run(
        [SYSTEM_PYTHON, emitted, "-c", RUN.format(folder)],
        input="\n", capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert calls(outcome.stdout) == {**CALLS, ("Known", "main"): 1}
