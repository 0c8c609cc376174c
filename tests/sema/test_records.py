"""The records of the built-ins: one for each name of the reference, each sound in itself (builtins.md)."""

from __future__ import annotations

import pytest

from d2bpf.builtins import registry
from d2bpf.builtins.spec import Action, Aggregating, Subroutine, Variable
from d2bpf.sema.prototypes import ANY, parse

from .stub import analyse

VARIABLES = """
    arg0 arg1 arg2 arg3 arg4 arg5 arg6 arg7 arg8 arg9 caller ucaller curthread epid errno execname gid uid id ipl pid ppid probeprov
    probemod probefunc probename stackdepth ustackdepth tid timestamp vtimestamp walltimestamp uregs
"""
SUBROUTINES = """
    strlen strjoin substr index rindex strchr strrchr strstr strtok lltostr strtoll tolower toupper basename dirname cleanpath json
    d_path ddi_pathname memstr memref alloca bcopy copyin copyinstr copyinto copyout copyoutstr msgsize msgdsize rand progenyof
    speculation htons htonl htonll ntohs ntohl ntohll getmajor getminor inet_ntoa inet_ntoa6 inet_ntop link_ntop mutex_owned
    mutex_owner mutex_type_adaptive mutex_type_spin rw_read_held rw_write_held rw_iswriter sx_shared_held sx_exclusive_held
    sx_isexclusive getf
"""
ACTIONS = """
    trace tracemem printf printa print printm stack ustack jstack sym func mod usym ufunc uaddr umod exit clear trunc normalize
    denormalize speculate commit discard setopt freopen ftruncate system raise stop panic breakpoint chill pcap
    kdebug_trace pidresume
"""
AGGREGATIONS = "count sum avg min max stddev quantize lquantize llquantize"

# Actions whose record goes to the consumer, and those that need -w (language.md section 10, builtins.md section 7).
SILENT = {"raise", "stop", "panic", "breakpoint", "chill", "speculate", "commit", "discard", "kdebug_trace", "pidresume"}
DESTRUCTIVE = (SILENT - {"speculate", "commit", "discard"}) | {"copyout", "copyoutstr", "system", "freopen"}


@pytest.mark.parametrize(
    "kind, expected",
    [("variables", VARIABLES), ("subroutines", SUBROUTINES), ("actions", ACTIONS), ("aggregations", AGGREGATIONS)],
)
def test_every_built_in_of_the_reference_has_a_record(kind: str, expected: str) -> None:
    assert set(expected.split()) <= registry.names(kind)


def test_no_name_is_of_two_kinds() -> None:
    functions = [registry.names(kind) for kind in ("subroutines", "actions", "aggregations")]
    assert sum(map(len, functions)) == len(frozenset().union(*functions))


@pytest.mark.parametrize("name", sorted(registry.names("variables")))
def test_variable(name: str) -> None:
    record = registry.variable(name)
    assert isinstance(record, Variable)
    assert record.name == name
    assert record.doc
    result = analyse(f"BEGIN {{ trace({name}{'[0]' if record.index else ''}); }}")
    assert result.errors == []


@pytest.mark.parametrize("name", sorted(registry.names("subroutines")))
def test_subroutine(name: str) -> None:
    record = registry.subroutine(name)
    assert isinstance(record, Subroutine)
    assert (record.name, record.destructive) == (name, name in DESTRUCTIVE)
    assert f"{name}(" in record.prototype
    prototype = parse(record.prototype)
    if record.capacity is not None:
        assert prototype.result == "string"
        assert 1 <= record.capacity([300] * len(prototype.params), 256) <= 300


@pytest.mark.parametrize("name", sorted(registry.names("actions")))
def test_action(name: str) -> None:
    record = registry.action(name)
    assert isinstance(record, Action)
    assert (record.name, record.records, record.destructive) == (name, name not in SILENT, name in DESTRUCTIVE)
    prototype = parse(record.prototype)
    assert prototype.result == (record.result or "void")
    assert record.formatted is None or record.formatted < len(prototype.params)


@pytest.mark.parametrize("name", sorted(registry.names("aggregations")))
def test_aggregation(name: str) -> None:
    record = registry.aggregating(name)
    assert isinstance(record, Aggregating)
    prototype = parse(record.prototype)
    assert (record.name, prototype.result) == (name, "void")
    assert set(prototype.params) <= {ANY}
    assert record.increment in (0, len(prototype.params) - 1)
    assert (record.params is None) == (record.matches == ())


@pytest.mark.parametrize(
    "call, words",
    [
        ("count()", 1),
        ("sum(1)", 2),
        ("avg(1)", 2),
        ("min(1)", 2),
        ("stddev(1)", 4),
        ("quantize(1)", 127),
        ("lquantize(1, 0, 10, 3)", 5),
        ("lquantize(1, -5, 5)", 12),
        ("llquantize(1, 10, 0, 1, 10)", 2 * 19 + 1),
    ],
)
def test_words_of_an_entry(call: str, words: int) -> None:
    result = analyse(f"BEGIN {{ @a = {call}; }}")
    assert result.errors == []
    info = result.checked.aggregations["a"]
    record = registry.aggregating(info.function)
    assert record is not None
    assert record.words(info.params) == words


def test_unknown_names_have_no_record() -> None:
    assert registry.variable("nothing") is None
    assert registry.subroutine("__init__") is None
    assert registry.action("_private") is None
