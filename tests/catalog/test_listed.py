"""What is listed can be enabled: on this kernel, and on one whose type information is hidden."""

from __future__ import annotations

import pytest

from d2bpf.catalog.match import Catalog
from d2bpf.compiler import Request, compile_programs
from d2bpf.diagnostics import Sink
from d2bpf.options import defaults
from d2bpf.source import SourceFile
from d2bpf.syntax import MacroEnv
from d2bpf.target import host
from d2bpf.target.facts import Target

OTHERS = ("syscall", "sdt", "rawtp", "fbt", "rawfbt", "pid", "usdt")  # their probes are the kernel's or programs'


def enabled(target: Target) -> tuple[int, list[str]]:
    """How many probes there are, and the errors of programs with one of them each."""
    catalog, errors, count = Catalog(target, [], None), [], 0
    for provider in sorted(set(catalog.names()) - set(OTHERS)):
        for probe in catalog.provider(provider).all():
            if not probe.sites:
                continue  # it is not listed
            text = f"{probe.provider}:{probe.module}:{probe.function}:{probe.name} {{ @ = count(); }}"
            sink = Sink()
            request = Request([("n", text, SourceFile("program", text))], defaults(), MacroEnv())
            compile_programs(request, target, sink, catalog=catalog)
            errors += [f"{text}: {error.message}" for error in sink.errors]
            count += 1
    return count, errors


def test_here() -> None:
    count, errors = enabled(host.host_target())
    assert errors == []
    assert count > 100


def test_without_type_information(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "VMLINUX", "/nowhere")
    target = host.host_target()
    assert target.types.are_missing
    count, errors = enabled(target)
    assert errors == []
    assert count > 20
