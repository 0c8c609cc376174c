"""A MariaDB server of the tests' own: private data, private socket, no network."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType

from tests.harness import kernel

PATIENCE = 60.0  # seconds
PROGRAM = Path("/usr/sbin/mariadbd")


class Server:
    """`with Server() as server:` a server that runs as root and ends with the block; `pid` is its process."""

    def __enter__(self) -> Server:
        self.folder = Path(tempfile.mkdtemp(prefix="d2bpf-mariadb-"))
        data, self._socket = self.folder / "data", self.folder / "socket"
        common = ["--no-defaults", f"--datadir={data}", "--user=root"]
        try:
            self._run("mariadb-install-db", *common, "--auth-root-authentication-method=normal", "--skip-test-db")
            self._start([str(PROGRAM), *common, f"--socket={self._socket}", "--skip-networking", "--innodb-buffer-pool-size=8M"])
        except BaseException:
            shutil.rmtree(self.folder)
            raise
        return self

    def _start(self, argv: list[str]) -> None:
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder)
        self.pid = self._process.pid
        kernel.wait_until(lambda: self._is_ready() or self._process.poll() is not None, PATIENCE)
        if not self._is_ready():
            self._process.kill()
            self._process.wait()
            raise AssertionError((self.folder / "log").read_text())

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
        shutil.rmtree(self.folder)

    def ask(self, *statements: str) -> str:
        """What the client prints of statements, sent one by one on a connection of their own."""
        words = ["--no-defaults", f"--socket={self._socket}", "--user=root", "--batch", "--skip-column-names"]
        return self._run("mariadb", *words, text=";\n".join(statements))

    def _run(self, *argv: str, text: str = "") -> str:
        return subprocess.run(argv, check=True, text=True, input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout

    def _is_ready(self) -> bool:
        words = ["mariadb-admin", "--no-defaults", f"--socket={self._socket}", "--user=root", "--silent", "ping"]
        return subprocess.run(words, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
