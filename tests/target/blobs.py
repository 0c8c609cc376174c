"""Small BTF blobs for tests: written by hand, or by gcc from C text."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from d2bpf.target import btf


class Writer:
    """Collects type records; `add` gives each its id. With `base` the blob is that of a module."""

    def __init__(self, base: Writer | None = None) -> None:
        self.base = base
        self.types = 0
        self.records = b""
        self.strings = b"" if base else b"\0"
        self.first_id: int = base.first_id + base.types if base else 1
        self.first_text: int = base.first_text + len(base.strings) if base else 0

    def text(self, name: str) -> int:
        """Offset of a string, each stored once, here or in the base."""
        if not name:
            return 0
        if self.base and b"\0" + name.encode() + b"\0" in self.base.strings:
            return self.base.text(name)
        whole = name.encode() + b"\0"
        at = (b"\0" + self.strings).find(b"\0" + whole)
        if at < 0:
            at = len(self.strings)
            self.strings += whole
        return at + self.first_text

    def add(self, kind: int, name: str = "", third: int = 0, *words: int, vlen: int = 0, flag: bool = False) -> int:
        info = kind << 24 | vlen | flag << 31
        signed = [word - (1 << 32) if word >> 31 else word for word in words]
        self.records += struct.pack(f"=III{len(words)}i", self.text(name), info, third, *signed)
        self.types += 1
        return self.first_id + self.types - 1

    def integer(self, name: str, size: int, encoding: int = 0) -> int:
        return self.add(btf.INT, name, size, encoding << 24 | size * 8)

    def struct(
        self, name: str, size: int, members: list[tuple[str, int, int, int]], kind: int = btf.STRUCT, flag: bool = True
    ) -> int:
        """Members are (name, type id, offset in bits, width)."""
        words = [word for own, of, at, width in members for word in (self.text(own), of, width << 24 | at)]
        return self.add(kind, name, size, *words, vlen=len(members), flag=flag)

    def prototype(self, returns: int, params: list[tuple[str, int]]) -> int:
        words = [word for name, of in params for word in (self.text(name), of)]
        return self.add(btf.FUNC_PROTO, "", returns, *words, vlen=len(params))

    def enum(self, name: str, values: list[tuple[str, int]], signed: bool = False) -> int:
        words = [word for own, value in values for word in (self.text(own), value & 0xFFFFFFFF)]
        return self.add(btf.ENUM, name, 4, *words, vlen=len(values), flag=signed)

    def blob(self) -> bytes:
        head = btf.HEADER.pack(btf.MAGIC, 1, 0, btf.HEADER.size, 0, len(self.records), len(self.records), len(self.strings))
        return head + self.records + self.strings


def compile_object(source: str, folder: Path, *flags: str, name: str = "it") -> Path:
    """An object file that gcc makes of C text, with whatever it is asked to put in."""
    if not shutil.which("gcc"):
        pytest.skip("gcc is not installed")
    text = folder / f"{name}.c"
    text.write_text(source)
    result = folder / f"{name}.o"
    subprocess.run(["gcc", "-c", *flags, "-o", result, text], check=True)
    return result


def compile_btf(source: str, folder: Path) -> bytes:
    """The BTF that gcc (12 or later) writes for C text."""
    compiled = compile_object(source, folder, "-gbtf")
    result = folder / "it.btf"
    subprocess.run(["objcopy", "--dump-section", f".BTF={result}", compiled], check=True)
    return result.read_bytes()
