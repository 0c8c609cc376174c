"""The table of options, and the texts that set them (options-cli.md section 6)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from d2bpf.options import (
    BAD_NAME,
    BAD_VALUE,
    COMMAND,
    ENVIRONMENT,
    NOT_ACTIVE,
    NOT_FROM_D,
    OPTIONS,
    PRAGMA,
    SETOPT,
    TOO_NEW,
    defaults,
    set_option,
)

SECOND = 10**9


def value(name: str, text: str | None) -> Any:
    """What an option is after being set so; the error text if it is refused."""
    options: dict[str, Any] = {}
    problem = set_option(options, name, text, COMMAND)
    return problem if problem else options[name]


def test_defaults_are_plain_data() -> None:
    assert json.loads(json.dumps(defaults())) == defaults()
    assert defaults().keys() == OPTIONS.keys()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bufsize", 4 << 20),
        ("aggsize", 4 << 20),
        ("specsize", 4 << 20),
        ("dynvarsize", 1 << 20),
        ("strsize", 256),
        ("scratchsize", 256),
        ("pcapsize", 1514),
        ("printsize", 8192),
        ("stackframes", 20),
        ("ustackframes", 100),
        ("jstackframes", 50),
        ("jstackstrsize", 512),
        ("maxframes", 127),
        ("nspec", 1),
        ("switchrate", 0),
        ("aggrate", 0),
        ("statusrate", SECOND),
        ("cleanrate", SECOND // 101),
        ("stackindent", 14),
        ("pgmax", 8),
        ("bufpolicy", "switch"),
        ("bufresize", "auto"),
        ("evaltime", "postinit"),
        ("quiet", False),
        ("destructive", False),
        ("flowindent", False),
        ("cpu", None),
        ("cpppath", "cpp"),
        ("libdir", []),
        ("cppargs", []),
    ],
)
def test_defaults(name: str, expected: object) -> None:
    assert defaults()[name] == expected


def test_lists_are_not_shared() -> None:
    defaults()["cppargs"].append("X")
    assert defaults()["cppargs"] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4096", 4096),
        ("16k", 16 << 10),
        ("16K", 16 << 10),
        ("4m", 4 << 20),
        ("1g", 1 << 30),
        ("2T", 2 << 40),
        ("0", 0),
        ("0x10", 16),
        ("010", 8),
        ("0x1k", 1 << 10),
        ("", BAD_VALUE),
        (None, BAD_VALUE),
        ("-1", BAD_VALUE),
        ("k", BAD_VALUE),
        ("4mb", BAD_VALUE),
        ("4 m", BAD_VALUE),
        ("1_000", BAD_VALUE),
        ("1.5m", BAD_VALUE),
        ("12a", BAD_VALUE),
        ("99999999t", BAD_VALUE),
    ],
)
def test_sizes(text: str | None, expected: object) -> None:
    assert value("bufsize", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10hz", SECOND // 10),
        ("10Hz", SECOND // 10),
        ("0hz", 0),
        ("3hz", SECOND // 3),
        ("10", 10),
        ("5ns", 5),
        ("5nsec", 5),
        ("5us", 5_000),
        ("5usec", 5_000),
        ("5ms", 5_000_000),
        ("5MSEC", 5_000_000),
        ("5s", 5 * SECOND),
        ("5sec", 5 * SECOND),
        ("2m", 120 * SECOND),
        ("2min", 120 * SECOND),
        ("1h", 3600 * SECOND),
        ("1hour", 3600 * SECOND),
        ("1d", 86400 * SECOND),
        ("1day", 86400 * SECOND),
        ("08s", 8 * SECOND),
        ("0", 0),
        ("", BAD_VALUE),
        (None, BAD_VALUE),
        ("hz", BAD_VALUE),
        ("-1s", BAD_VALUE),
        ("1.5s", BAD_VALUE),
        ("5days", BAD_VALUE),
        ("5 s", BAD_VALUE),
    ],
)
def test_rates(text: str | None, expected: object) -> None:
    assert value("switchrate", text) == expected


@pytest.mark.parametrize("text", [None, "", "yes", "ENABLE", "enabled", "true", "On", "set", "1", "0x2"])
def test_flags_set(text: str | None) -> None:
    assert value("quiet", text) is True


@pytest.mark.parametrize("text", ["no", "Disable", "disabled", "false", "off", "unset", "0", "00"])
def test_flags_unset(text: str) -> None:
    assert value("quiet", text) is False


@pytest.mark.parametrize("text", ["maybe", "-1", "1k", "y"])
def test_flags_refused(text: str) -> None:
    assert value("quiet", text) == BAD_VALUE


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("stackframes", "0x20", 32),
        ("nspec", "010", 8),
        ("nspec", "4k", BAD_VALUE),
        ("aggsortpos", "-1", BAD_VALUE),
        ("cpu", "3", 3),
        ("cpu", "all", None),
        ("cpu", "x", BAD_VALUE),
        ("bufpolicy", "ring", "ring"),
        ("bufpolicy", "RING", BAD_VALUE),
        ("bufpolicy", None, BAD_VALUE),
        ("bufresize", "manual", "manual"),
        ("encoding", "utf8", "utf8"),
        ("encoding", "latin1", BAD_VALUE),
        ("evaltime", "preinit", "preinit"),
        ("late", "static", "static"),
        ("version", "1.13", "1.13"),
        ("strsize", "1m", 1 << 20),
        ("strsize", "1048577", BAD_VALUE),
        ("version", "2.0.0", "2.0.0"),
        ("amin", "Evolving/Stable/Common", "Evolving/Stable/Common"),
        ("amin", "Evolving/Stable", BAD_VALUE),
        ("amin", "evolving/stable/common", BAD_VALUE),
        ("amin", "Evolving/Stable/Stable", BAD_VALUE),
        ("version", "2.0.1", TOO_NEW),
        ("version", "3.0", TOO_NEW),
        ("version", "1", BAD_VALUE),
        ("version", "1.x", BAD_VALUE),
        ("version", "", BAD_VALUE),
        ("printsize", "64k", 65536),
        ("printsize", "65537", BAD_VALUE),
        ("pcapsize", "65535", 65535),
        ("pcapsize", "64k", BAD_VALUE),
        ("nosuch", "1", BAD_NAME),
        ("Quiet", None, BAD_NAME),
        ("", None, BAD_NAME),
    ],
)
def test_other_kinds(name: str, text: str | None, expected: object) -> None:
    assert value(name, text) == expected


def test_lists_gather() -> None:
    options = defaults()
    for text in ("A", "B=2"):
        assert set_option(options, "setenv", text, COMMAND) is None
    assert options["setenv"] == ["A", "B=2"]


def test_what_is_for_cpp_keeps_its_order() -> None:
    options = defaults()
    given = [("define", 'A="b c"'), ("undef", "A"), ("cppargs", "-DB -isystem x"), ("incdir", "/a b"), ("define", "A")]
    for name, text in given:
        assert set_option(options, name, text, COMMAND) is None
    assert options["cppargs"] == ['-DA="b c"', "-UA", "-DB", "-isystem", "x", "-I/a b", "-DA"]


def test_internals_are_accepted_and_ignored() -> None:
    options: dict[str, Any] = {}
    for name in ("core", "linkmode", "syslibdir", "lazyload", "ctypes", "preallocate"):
        assert set_option(options, name, "anything", COMMAND) is None
    assert options == {}


@pytest.mark.parametrize(
    "name",
    ["cppargs", "cpphdrs", "cpppath", "define", "undef", "incdir", "ldpath", "ctfpath", "modpath", "procfspath", "stdc", "lockmem"],
)
def test_not_from_a_program(name: str) -> None:
    assert set_option({}, name, "1", PRAGMA) == NOT_FROM_D
    assert set_option({}, name, "1", ENVIRONMENT) is None


@pytest.mark.parametrize("name", ["quiet", "bufsize", "defaultargs", "zdefs", "strsize", "aggsortrev"])
def test_from_a_program(name: str) -> None:
    assert set_option({}, name, "1", PRAGMA) is None


DYNAMIC = [
    "agghist",
    "aggpack",
    "aggzoom",
    "aggrate",
    "aggsortkey",
    "aggsortkeypos",
    "aggsortpos",
    "aggsortrev",
    "flowindent",
    "printsize",
    "quiet",
    "quietresize",
    "rawbytes",
    "stackindent",
    "switchrate",
]


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_setopt_changes_dynamic_options_only(name: str) -> None:
    options: dict[str, Any] = {}
    problem = set_option(options, name, "1", SETOPT)
    if name in DYNAMIC:
        assert problem is None and name in options
    else:
        assert problem == NOT_ACTIVE and options == {}
    assert (OPTIONS[name].when == "dynamic") == (name in DYNAMIC)


def test_a_refused_value_changes_nothing() -> None:
    options = defaults()
    assert set_option(options, "bufsize", "x", COMMAND) == BAD_VALUE
    assert options == defaults()


@settings(deadline=None)
@given(st.sampled_from(sorted(OPTIONS)), st.text(max_size=8) | st.none())
def test_any_text_is_a_value_or_refused(name: str, text: str | None) -> None:
    options: dict[str, Any] = {}
    problem = set_option(options, name, text, COMMAND)
    assert problem in (None, BAD_VALUE)
    assert json.loads(json.dumps(options)) == options
