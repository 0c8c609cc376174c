"""Flow indentation: output.md section 2."""

from __future__ import annotations

from tests.consumer.tape import I32, Tape

HEADER = f"CPU {'FUNCTION':<41}\n"


def line(cpu: int, text: str, rest: str = "") -> str:
    return f"{cpu:>3} {text:<41} {rest}\n"


class Calls(Tape):
    """A tape with a clause that records nothing but its firing, and one more clause that traces a number."""

    def __init__(self, **options: bool) -> None:
        super().__init__(flowindent=True, **options)
        self.first, self.second = self.record([], clause=0), self.record([{"do": "trace"}], I32, clause=1)
        self.sites: dict[str, int] = {}

    def fire(self, name: str, *, cpu: int = 1, second: int | None = None) -> None:
        if name not in self.sites:
            provider, function, probe = name.split(":")
            self.sites[name] = self.probe(10 + len(self.sites), provider, "vmlinux", function, probe)
        if second is None:
            self.play(self.first, site=self.sites[name], cpu=cpu)
        else:
            self.play(self.second, second, site=self.sites[name], cpu=cpu)


def test_the_example_of_the_reference() -> None:
    tape = Calls()
    tape.fire("syscall:read:entry")
    tape.fire("fbt:vfs_read:entry")
    tape.fire("fbt:vfs_read:entry", second=42)
    tape.fire("fbt:vfs_read:return")
    tape.fire("syscall:read:return")
    assert tape.out() == HEADER + (
        line(1, " => read")
        + line(1, "   -> vfs_read")
        + line(1, "    | vfs_read:entry", "         42")
        + line(1, "   <- vfs_read")
        + line(1, " <= read")
    )


def test_several_clauses_of_a_return() -> None:
    """The un-indent happens at the last one."""
    tape = Calls()
    tape.fire("fbt:f:entry")
    tape.fire("fbt:f:return")
    tape.fire("fbt:f:return", second=1)
    tape.fire("fbt:g:entry")
    assert tape.out() == HEADER + (line(1, " -> f") + line(1, "  | f:return") + line(1, " <- f", "          1") + line(1, " -> g"))


def test_a_return_waits_for_the_next_record_of_its_cpu() -> None:
    tape = Calls()
    tape.fire("fbt:f:entry", cpu=0)
    tape.fire("fbt:f:return", cpu=0)
    tape.fire("fbt:g:entry", cpu=1)  # says nothing about CPU 0
    tape.fire("fbt:f:return", cpu=0, second=1)
    assert tape.out() == HEADER + (
        line(0, " -> f") + line(0, "  | f:return") + line(1, "   -> g") + line(0, "   <- f", "          1")
    )


def test_a_return_at_the_end_of_a_batch_is_the_last() -> None:
    tape = Calls()
    tape.fire("fbt:f:return")
    assert tape.out() == HEADER + line(1, " <- f")
    tape.fire("fbt:f:return", second=1)
    assert tape.out() == HEADER + line(1, " <- f") + line(1, " <- f", "          1")


def test_recursion_is_no_second_clause() -> None:
    tape = Calls()
    for _ in range(2):
        tape.fire("fbt:f:entry")
        tape.fire("fbt:f:entry", second=0)
    assert [text[4:20].rstrip() for text in tape.out().splitlines()[1:]] == [" -> f", "  | f:entry", "   -> f", "    | f:entry"]


def test_names_ending_in_entry_and_return() -> None:
    tape = Calls()
    tape.fire("mysql123:dispatch:query-entry")
    tape.fire("proc::exec")
    tape.fire("mysql123:dispatch:query-return")
    tape.fire("fbt:reentry:other")
    assert tape.out() == HEADER + (
        line(1, " -> dispatch") + line(1, "  | :exec") + line(1, " <- dispatch") + line(1, "| reentry:other")
    )


def test_never_indented_below_nothing() -> None:
    tape = Calls()
    tape.fire("fbt:f:return")
    tape.fire("fbt:f:return")
    tape.fire("fbt:g:entry")
    assert tape.out() == HEADER + line(1, " <- f") * 2 + line(1, " -> g")


def test_the_indent_is_one_for_all_cpus() -> None:
    tape = Calls()
    tape.fire("fbt:f:entry", cpu=0)
    tape.fire("fbt:g:entry", cpu=7)
    assert tape.out() == HEADER + line(0, " -> f") + line(7, "   -> g")


def test_quiet_mode_keeps_header_and_prefixes() -> None:
    tape = Calls(quiet=True)
    number = tape.record([{"do": "printf", "format": "%d\n"}], I32)
    tape.play(number, 5)
    assert tape.out() == HEADER + f"  0 {'| :BEGIN':<41} 5\n"


def test_turned_off_while_a_return_waits() -> None:
    tape = Calls()
    off = tape.record([{"do": "setopt", "name": "flowindent", "value": "no"}])
    tape.fire("fbt:f:return")
    tape.play(off)
    tape.fire("fbt:f:entry")
    assert tape.out() == HEADER + line(1, " <- f") + line(0, "| :BEGIN") + (
        "CPU     ID                    FUNCTION:NAME\n  1     11                          f:entry \n"
    )
