"""Tracepoint formats as text, and the tracepoints of this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from d2bpf.target.tracefs import Format, Tracefs, TracefsError, parse_format, tracepoint_id

COMMON = """\
\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

"""


def format_of(*fields: str) -> Format:
    lines = "".join(f"\tfield:{field};\toffset:8;\tsize:4;\tsigned:1;\n" for field in fields)
    return parse_format(f'name: it\nID: 42\nformat:\n{COMMON}{lines}\nprint fmt: "field:%s; %d", REC->field')


@pytest.mark.parametrize(
    ("declaration", "name", "type", "location", "is_array"),
    [
        ("pid_t pid", "pid", "pid_t", "", False),
        ("char comm[16]", "comm", "char[16]", "", True),
        ("const char * filename", "filename", "const char *", "", False),
        ("void *ptr", "ptr", "void *", "", False),
        ("const char *const * argv", "argv", "const char *const *", "", False),
        ("unsigned long args[6]", "args", "unsigned long[6]", "", True),
        ("u8 table[2][3]", "table", "u8[2][3]", "", True),
        ("struct list_head head", "head", "struct list_head", "", False),
        ("__data_loc char[] name", "name", "char[]", "data", True),
        ("__rel_loc u8[] buf", "buf", "u8[]", "relative", True),
        ("__data_location x", "x", "__data_location", "", False),
    ],
)
def test_field(declaration: str, name: str, type: str, location: str, is_array: bool) -> None:
    (field,) = format_of(declaration).fields
    assert (field.name, field.type, field.location, field.is_array) == (name, type, location, is_array)
    assert (field.offset, field.size, field.signed) == (8, 4, True)


def test_format_has_name_id_and_its_own_fields() -> None:
    found = format_of("int a", "int b")
    assert (found.name, found.id) == ("it", 42)
    assert [field.name for field in found.fields] == ["a", "b"]


@pytest.mark.parametrize("declaration", ["", "pid", "int ", "int []", "(*)(int)"])
def test_what_is_no_declaration(declaration: str) -> None:
    with pytest.raises(TracefsError, match="cannot understand the format of tracepoint it"):
        format_of(declaration)


@settings(deadline=None)
@given(st.text(alphabet="name:ID field\t;offset123[]*_\n", max_size=200))
def test_noise_is_parsed_or_refused(text: str) -> None:
    try:
        parse_format(text)
    except TracefsError:
        pass


# ---- this machine ----


@pytest.fixture
def tracefs() -> Iterator[Tracefs]:
    try:
        opened = Tracefs.open()
    except TracefsError as error:
        pytest.skip(str(error))
    yield opened
    opened.close()


def test_every_format_of_this_kernel_is_understood(tracefs: Tracefs) -> None:
    pairs = tracefs.tracepoints()
    assert ("sched", "sched_switch") in pairs
    for group, event in pairs:
        text = tracefs.format_text(group, event)
        assert text is not None
        found = parse_format(text)
        assert found.name == event
        assert found.id == tracefs.tracepoint_id(group, event)
        assert len(found.fields) == text.count("\tfield:") - text.count(" common_")


def test_sched_switch(tracefs: Tracefs) -> None:
    text = tracefs.format_text("sched", "sched_switch")
    assert text is not None
    fields = {field.name: field for field in parse_format(text).fields}
    assert list(fields)[:2] == ["prev_comm", "prev_pid"]
    comm, pid = fields["prev_comm"], fields["prev_pid"]
    assert (comm.type, comm.size, comm.offset) == ("char[16]", 16, 8)
    assert (pid.type, pid.size, pid.signed) == ("pid_t", 4, True)


@pytest.mark.parametrize(("group", "event"), [("sched", "nothing"), ("", ""), ("..", "x"), ("sched/..", "x"), ("a\0", "b")])
def test_tracepoint_that_is_not_there(tracefs: Tracefs, group: str, event: str) -> None:
    assert tracefs.format_text(group, event) is None
    assert tracefs.tracepoint_id(group, event) is None


def test_nothing_stays_behind(tracefs: Tracefs) -> None:
    """Neither a mount nor a descriptor, seen from this process, which would see both."""
    mounts, descriptors = Path("/proc/self/mountinfo").read_text(), len(os.listdir("/proc/self/fd"))
    assert tracepoint_id("sched", "sched_switch") == tracefs.tracepoint_id("sched", "sched_switch")
    assert Path("/proc/self/mountinfo").read_text() == mounts
    assert len(os.listdir("/proc/self/fd")) == descriptors


def test_no_tracefs_and_no_right_to_mount_one(monkeypatch: pytest.MonkeyPatch) -> None:
    import d2bpf.target.tracefs as module

    def refuse() -> int:
        raise TracefsError("tracefs is not mounted where it can be read, and cannot be: Operation not permitted")

    monkeypatch.setattr(module, "_mount_points", lambda: ["/nonexistent"])
    monkeypatch.setattr(module, "_mount_detached", refuse)
    with pytest.raises(TracefsError, match="Operation not permitted"):
        tracepoint_id("sched", "sched_switch")
