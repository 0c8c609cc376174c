"""C++ names, and names that only look like them."""

from __future__ import annotations

import pytest

from d2bpf.symbols import demangle as module
from d2bpf.symbols.demangle import demangle


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("_ZNSt6vectorIiE5clearEv", "std::vector<int>::clear()"),
        (
            "_Z16dispatch_command19enum_server_commandP3THDPcjb",
            "dispatch_command(enum_server_command, THD*, char*, unsigned int, bool)",
        ),
        ("_ZN12_GLOBAL__N_13runEv", "(anonymous namespace)::run()"),
        ("main", "main"),
        ("", ""),
        ("_Z", "_Z"),
        ("_Znonsense", "_Znonsense"),
        ("_ZNSt6vectorIiE5clearEv.cold", "std::vector<int>::clear() [clone .cold]"),
    ],
)
def test_demangle(name: str, plain: str) -> None:
    assert demangle(name) == plain
    assert demangle(name) == plain, "the second time from memory"


def test_agrees_with_cxxfilt() -> None:
    cxxfilt = pytest.importorskip("cxxfilt")
    for name in ("_ZSt4cout", "_ZN3foo3barIiSt6vectorIdSaIdEEEEvT_RKT0_", "_ZZ4mainENKUlvE_clEv"):
        assert demangle(name) == cxxfilt.demangle(name)


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIBRARY", "libnothing.so.0")
    monkeypatch.setattr(module, "_demangle", [])
    monkeypatch.setattr(module, "_known", {})
    assert demangle("_ZSt4cout") == "_ZSt4cout"
