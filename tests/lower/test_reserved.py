"""The names that C helpers use are kept from D names, and D names from local variables."""

from __future__ import annotations

import re
from pathlib import Path

import d2bpf
from d2bpf.lower.reserved import HELPERS, MACROS
from d2bpf.lower.storage import C_WORDS, RESERVED

HEADERS = sorted(Path(d2bpf.__file__).parent.rglob("*.bpf.h"))
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
FUNCTION = re.compile(r"^static inline [\w ]*?\**(\w+)\(", re.MULTILINE)
ENUMERATION = re.compile(r"^enum \w* ?\{([^}]*)\}", re.MULTILINE)
MACRO = re.compile(r"^#define (\w+)", re.MULTILINE)
LOOKED_UP = re.compile(r"\b(\w+)\.(?:lookup|insert|update|delete|call|ringbuf_\w+)\(")


def defined() -> tuple[set[str], set[str]]:
    """(macros, other names) of all headers."""
    macros, names = set[str](), set[str]()
    for header in HEADERS:
        text = COMMENT.sub("", header.read_text())
        macros.update(MACRO.findall(text))
        names.update(FUNCTION.findall(text), LOOKED_UP.findall(text))
        for constants in ENUMERATION.findall(text):
            names.update(re.findall(r"\b([A-Za-z_]\w*)\b(?=[^,]*(?:,|$))", constants))
    return macros, names


def test_every_name_of_the_helpers_is_reserved() -> None:
    macros, names = defined()
    assert len(HEADERS) > 20
    assert macros - C_WORDS == set()
    assert names - RESERVED == set()


def test_nothing_is_reserved_for_nothing() -> None:
    macros, names = defined()
    constants = {"ALLOCA_SIZE", "ERROR_SITE", "RECORD_MASK", "STRMASK", "STRSIZE"}  # which the compiler defines
    assert MACROS - macros == constants
    assert HELPERS - names - macros == {"probe_names"}
