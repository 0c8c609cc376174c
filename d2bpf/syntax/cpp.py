"""-C: D source through the C preprocessor (options-cli.md, "-C details")."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from glob import glob

from ..diagnostics import Sink
from ..source import SourceFile, decode_source

# Headers of other systems; searched after all others.
STAND_INS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "headers")

# What keeps out of the C library's headers what D has no words for: qualifiers and functions with a body.
_FOR_HEADERS = ["-Drestrict=", "-D__signed__=signed", "-D_BITS_BYTESWAP_H", "-D_BITS_UINTN_IDENTITY_H"]

_STANDARDS = {"a": "-std=c99", "c": "-std=c99", "t": "-std=c99", "s": "-traditional-cpp"}


@dataclass(frozen=True, slots=True)
class CppSettings:
    """How to run cpp. `definitions` are further arguments, such as -DX=1 and -I/usr/include, in the
    order given. `conformance` is -X's letter. `headers` is -H: cpp prints the names of included files on the standard
    error. `api_version` is D's, (major, minor, micro); `machine` is os.uname()'s."""

    command: str = "cpp"
    definitions: Sequence[str] = ()
    conformance: str = "a"
    headers: bool = False
    api_version: tuple[int, int, int] = (2, 0, 0)
    machine: str = "x86_64"


def preprocess(source: SourceFile, settings: CppSettings, sink: Sink) -> SourceFile | None:
    """The source as cpp leaves it, with cpp's line marks in it; None when cpp failed, which is then in the sink. What
    cpp itself has to say goes to the standard error, as with dtrace."""
    command = [settings.command, *_arguments(source, settings)]
    try:
        run = subprocess.run(command, input=_input(source), stdout=subprocess.PIPE, check=False)
    except OSError:
        help = f"{settings.command} could not be run; on Debian it is in the package cpp (apt install cpp)"
        sink.error("X_CPP", "Preprocessor not found", help=help)
        return None
    if run.returncode != 0:
        sink.error("X_CPP", "Preprocessor failed to process input program", help=_missing_headers(source, settings))
        return None
    return SourceFile(source.name, decode_source(run.stdout), source.is_file)


def _missing_headers(source: SourceFile, settings: CppSettings) -> str:
    """Help that names the headers a program includes in vain."""
    own = [word[2:] for word in settings.definitions if word.startswith("-I")]
    folders = [*own, "/usr/include", *glob("/usr/include/*-linux-gnu"), STAND_INS]
    wanted = re.findall(r"^[ \t]*#[ \t]*include[ \t]*<([^>\n]+)>", source.text, re.MULTILINE)
    missing = [name for name in dict.fromkeys(wanted) if not any(os.path.exists(os.path.join(at, name)) for at in folders)]
    if not missing:
        return ""
    return f"there is no {', '.join(missing)} here: what the program needs of another system's headers must stand in the program"


def predefined(settings: CppSettings) -> list[str]:
    """The definitions that D programs may rely on."""
    major, minor, micro = settings.api_version
    names = ["__linux", "__Linux", "__unix", "__SVR4", "__SUNW_D=1", "__SUNW_D_64", f"__{_machine_name(settings)}"]
    version = major << 24 | minor << 12 | micro
    return [*(f"-D{name}" for name in names), f"-D__SUNW_D_VERSION=0x{version:08x}", "-U__GNUC__"]


def _machine_name(settings: CppSettings) -> str:
    return "amd64" if settings.machine == "x86_64" else settings.machine


def _arguments(source: SourceFile, settings: CppSettings) -> list[str]:
    standard = _STANDARDS.get(settings.conformance, _STANDARDS["a"])
    here = ["-iquote", os.path.dirname(source.name) or "."] if source.is_file else []
    shown = ["-H"] if settings.headers else []
    after = ["-idirafter", STAND_INS]
    return [standard, "-xc", *predefined(settings), *_FOR_HEADERS, *settings.definitions, *here, *after, *shown, "-"]


def _input(source: SourceFile) -> bytes:
    """What cpp reads: a mark with the script's name, and a `#!` line blanked so that lines keep their numbers."""
    text = re.sub(r"\A#![^\n]*", "", source.text)
    return f'# 1 "{_quotable_name(source)}"\n{text}'.encode("utf-8", "surrogateescape")


def _quotable_name(source: SourceFile) -> str:
    if not source.is_file or "\n" in source.name:
        return "command line"
    return source.name.replace("\\", "\\\\").replace('"', '\\"')
