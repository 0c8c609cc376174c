"""A PostgreSQL server of the tests' own: private data, private socket, no network, no work that nobody asked for."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.harness import kernel

PATIENCE = 60.0  # seconds
# What would make transactions by itself; and fsync, which only costs time.
QUIET = ("autovacuum=off", "max_logical_replication_workers=0", "fsync=off", "listen_addresses=", "jit=off")


def programs() -> Path | None:
    """The folder of the newest server's programs; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


class Server:
    """`with Server() as server:` a server that runs as the user postgres and ends with the block."""

    def __enter__(self) -> Server:
        bin = programs()
        assert bin is not None
        self.bin = bin
        self.folder = Path(tempfile.mkdtemp(prefix="d2bpf-postgresql-"))
        user = pwd.getpwnam("postgres")
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        self.options: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": self.folder}
        self._as_user = {**self.options, "stdin": subprocess.DEVNULL}
        data = self.folder / "data"
        try:
            self._run("initdb", "-D", data, "-A", "trust", "--no-sync", "--locale=C", "-E", "UTF8")
            self._start(data)
        except BaseException:
            shutil.rmtree(self.folder)
            raise
        return self

    def _start(self, data: Path) -> None:
        settings = [word for setting in QUIET for word in ("-c", setting)]
        ends_with_us = ("setpriv", "--pdeathsig", "INT")
        argv = [str(word) for word in (*ends_with_us, self.bin / "postgres", "-D", data, "-k", self.folder, *settings)]
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(argv, stdout=log, stderr=log, **self._as_user)
        self.pid = self._process.pid
        kernel.wait_until(lambda: self._is_ready() or self._process.poll() is not None, PATIENCE)
        if not self._is_ready():
            self._process.kill()
            self._process.wait()
            raise AssertionError((self.folder / "log").read_text())

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.send_signal(signal.SIGQUIT if kind else signal.SIGINT)  # at once; without waiting for clients
        self._process.wait(PATIENCE)
        shutil.rmtree(self.folder)

    def _run(self, program: str, *arguments: object) -> str:
        words = [str(self.bin / program), *map(str, arguments)]
        done = subprocess.run(words, check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **self._as_user)
        return str(done.stdout)

    def _is_ready(self) -> bool:
        asked = subprocess.run([self.bin / "pg_isready", "-q", "-h", self.folder], check=False, **self._as_user)
        return bool(asked.returncode == 0)


class Client:
    """`with Client(server) as client:` psql on one connection; `pid` is the server process that serves it."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def __enter__(self) -> Client:
        server = self._server
        self._process = subprocess.Popen(
            [server.bin / "psql", "-h", server.folder, "-U", "postgres", "-X", "-q", "-A", "-t", "postgres"],
            text=True,
            stdout=subprocess.PIPE,
            stdin=subprocess.PIPE,
            **server.options,
        )
        self.pid = int(self.ask("SELECT pg_backend_pid();")[0])
        return self

    def ask(self, *statements: str) -> list[str]:
        """Send statements, one by one; the lines of their results, once all are done."""
        assert self._process.stdin is not None and self._process.stdout is not None
        for statement in statements:
            self._process.stdin.write(statement + "\n")
        self._process.stdin.write("\\echo done\n")
        self._process.stdin.flush()
        return [line.rstrip("\n") for line in iter(self._process.stdout.readline, "done\n")]

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind:
            self._process.kill()
        self._process.communicate(timeout=PATIENCE)  # the end of its input ends it


STATEMENTS = ("SELECT 1;", "SELECT pg_sleep(0.2);", "SELECT 'last';")


def main(argv: list[str]) -> int:
    """Run a command while there is a server. Once it has printed its first line, the server gets STATEMENTS, and the command an
    interrupt. Of a translation nothing is asked, and it is let end by itself."""
    with Server() as server, Client(server) as client, subprocess.Popen(argv, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        if "--emit" not in argv:
            client.ask(*STATEMENTS)
            process.send_signal(signal.SIGINT)
        sys.stdout.buffer.write(first + process.stdout.read())
    return process.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
