"""Stacks and symbols: output.md section 6."""

from __future__ import annotations

from typing import Any

import pytest

from tests.consumer.tape import Field, Tape, stack, sym, ustack

KERNEL = {
    0x10: ("vmlinux", "vfs_read", 0),
    0x2F: ("vmlinux", "vfs_read", 0x1F),
    0x40: ("ext4", "", 0),
    0x50: ("bpf", "bpf_prog_3917b883c94dfe09_a", 9),
    0x51: ("vmlinux", "bpf_trace_run2", 9),
    0x52: ("vmlinux", "__bpf_trace_sys_enter", 9),
}
USER = {
    0x10: ("/usr/lib/libc.so.6", "read", 0x1F),
    0x20: ("bash", "", 0x20),
    0x30: ("bash", "main", 0),
}


def made(**options: Any) -> Tape:
    tape = Tape(quiet=True, **options)
    tape.symbols.names = {(None, address): name for address, name in KERNEL.items()}
    tape.symbols.names |= {(42, address): name for address, name in USER.items()}
    tape.symbols.files = {(42, 0x10): ("/usr/lib/libc.so.6", 0xABC)}
    return tape


def printed(do: str, one: Field, value: Any, **options: Any) -> str:
    tape = made(**options)
    tape.play(tape.record([{"do": do}], one), value)
    return tape.out()


def test_kernel_frames() -> None:
    expected = "\n" + "".join(
        f"{'':14}{frame}\n" for frame in ("vmlinux`vfs_read", "vmlinux`vfs_read+0x1f", "ext4`0x40", "0xffffffff81234567")
    )
    frames = [0x10, 0x2F, 0x40, 0xFFFFFFFF81234567]
    for do in ("stack", "trace"):
        assert printed(do, stack(4), frames) == expected
        assert printed(do, stack(9), frames) == expected


def test_stackindent() -> None:
    assert printed("stack", stack(1), [0x10], stackindent=2) == "\n  vmlinux`vfs_read\n"
    assert printed("stack", stack(1), [0x10], stackindent=0) == "\nvmlinux`vfs_read\n"


@pytest.mark.parametrize(
    ("frames", "depth", "expected"),
    [
        ([0x50, 0x51, 0x52, 0x10, 0x2F], 20, [0x10, 0x2F]),
        ([0x50, 0x51, 0x10, 0x2F], 1, [0x10]),
        ([0x50, 0x99, 0x10, 0x2F], 20, [0x10, 0x2F]),  # a trampoline has no name
        ([0x99, 0x50, 0x10], 20, [0x10]),
        ([0x99, 0x98, 0x10], 20, [0x99, 0x98, 0x10]),  # an unknown address alone is nobody's machinery
        ([0x10, 0x50, 0x2F], 20, [0x10, 0x50, 0x2F]),  # nor is what the stack has further down
        ([0x50, 0x51], 20, []),
        ([0x10, 0x2F, 0x40], 2, [0x10, 0x2F]),
    ],
)
def test_frames_of_the_tracing_itself_are_not_shown(frames: list[int], depth: int, expected: list[int]) -> None:
    assert printed("stack", stack(depth, room=6), frames) == printed("stack", stack(max(1, len(expected))), expected)


def test_stacks_that_differ_in_the_machinery_only_are_one_key() -> None:
    tape = made()
    tape.aggregation("a", "count", stack(2, room=6))
    tape.update("a", [[0x50, 0x51, 0x10]], 2)
    tape.update("a", [[0x50, 0x10]], 3)
    assert tape.shown("a") == f"\n{'':14}vmlinux`vfs_read\n {5:16}\n"


def test_user_frames() -> None:
    frames = [0x10, 0x20, 0x30, 0x99]
    assert printed("ustack", ustack(5), [42, frames]) == "\n" + "".join(
        f"{'':14}{frame}\n" for frame in ("libc.so.6`read+0x1f", "bash`0x20", "bash`main", "0x99")
    )


def test_user_frames_of_a_process_that_is_gone() -> None:
    assert printed("ustack", ustack(2), [43, [0x10]]) == f"\n{'':14}0x10\n"


def test_user_stack_of_a_kernel_thread() -> None:
    assert printed("ustack", ustack(2), [2, []]) == "\n"


def test_noresolve() -> None:
    assert printed("ustack", ustack(2), [42, [0x10, 0x20]], noresolve=True) == (f"\n{'':14}libc.so.6:0xabc\n{'':14}0x20\n")
    assert printed("stack", stack(1), [0x10], noresolve=True) == f"\n{'':14}vmlinux`vfs_read\n"


@pytest.mark.parametrize(
    ("what", "value", "expected"),
    [
        ("sym", 0x2F, "vmlinux`vfs_read"),
        ("func", 0x10, "vmlinux`vfs_read"),
        ("mod", 0x2F, "vmlinux"),
        ("mod", 0x40, "ext4"),
        ("sym", 0x40, "ext4`0x40"),
        ("sym", 0x99, "0x99"),
        ("mod", 0x99, "0x99"),
        ("usym", [42, 0x10], "libc.so.6`read"),
        ("ufunc", [42, 0x10], "libc.so.6`read"),
        ("uaddr", [42, 0x10], "libc.so.6`read+0x1f"),
        ("uaddr", [42, 0x30], "bash`main"),
        ("umod", [42, 0x10], "libc.so.6"),
        ("usym", [42, 0x20], "bash`0x20"),
        ("umod", [43, 0x20], "0x20"),
    ],
)
def test_symbol_actions(what: str, value: Any, expected: str) -> None:
    assert printed("sym", sym(what), value) == f"  {expected:<50}"


def test_without_kernel_symbols() -> None:
    tape = made()

    def resolve(*where: int) -> None:
        raise OSError(2, "No such file or directory")

    tape.symbols.resolve = resolve  # type: ignore[method-assign]
    tape.play(tape.record([{"do": "stack"}], stack(1)), [0x10])
    assert tape.out() == f"\n{'':14}0x10\n"


def test_processes_are_looked_at_anew_for_each_batch() -> None:
    tape = made()
    number = tape.record([{"do": "sym"}], sym("usym"))
    tape.consumer.flush()
    assert tape.symbols.refreshed == 0  # nobody has asked
    tape.play(number, [42, 0x10])
    tape.consumer.flush()
    tape.consumer.flush()
    assert tape.symbols.refreshed == 1


def test_names_are_utf8() -> None:
    tape = made()
    tape.symbols.names[42, 0x70] = ("prog", "größe", 0)
    tape.play(tape.record([{"do": "sym"}], sym("usym")), [42, 0x70])
    tape.consumer.flush()
    assert tape.stdout.getvalue().rstrip() == "  prog`größe".encode()
