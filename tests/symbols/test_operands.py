"""Arguments of static probes: every form of operand that compilers leave in notes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from d2bpf.symbols.operands import extend, parse, split

Source = tuple[str | int | bool, ...]

# Offsets in struct pt_regs.
R15, R12, BP, BX, R8, AX, DI, SI, SP, IP = 0, 24, 32, 40, 72, 80, 112, 104, 152, 128
SYMBOLS = {"counter": 0x200, "nested.7": -16}


def x86(text: str) -> Source:
    return parse(text, "x86_64", SYMBOLS.get)[2]


def arm64(text: str) -> Source:
    return parse(text, "aarch64", SYMBOLS.get)[2]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("8@%rax", ("register", AX, 8, False)),
        ("-8@%r12", ("register", R12, 8, True)),
        ("-4@%eax", ("register", AX, 4, True)),
        ("4@%r15d", ("register", R15, 4, False)),
        ("2@%ax", ("register", AX, 2, False)),
        ("-2@%r8w", ("register", R8, 2, True)),
        ("1@%bl", ("register", BX, 1, False)),
        ("-1@%ah", ("register", AX + 1, 1, True)),
        ("1@%sil", ("register", SI, 1, False)),
        ("1@%r15b", ("register", R15, 1, False)),
        ("-4@%rdi", ("register", DI, 4, True)),
        ("8@%edi", ("register", DI, 4, False)),  # no wider than the register
        ("%rdi", ("register", DI, 8, False)),
        ("8@%rip", ("register", IP, 8, False)),
    ],
)
def test_registers_of_x86_64(text: str, source: Source) -> None:
    assert x86(text) == source


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("-4@112(%rsp)", ("user", 4, True, SP, -1, 1, 112, True)),
        ("8@-80(%rbx)", ("user", 8, False, BX, -1, 1, -80, True)),
        ("8@(%rdi)", ("user", 8, False, DI, -1, 1, 0, True)),
        ("2@0x10(%rdi)", ("user", 2, False, DI, -1, 1, 16, True)),
        ("8@8(%rbx,%rax,4)", ("user", 8, False, BX, AX, 4, 8, True)),
        ("8@(%rbx,%rax)", ("user", 8, False, BX, AX, 1, 0, True)),
        ("8@-24(,%rax,8)", ("user", 8, False, -1, AX, 8, -24, True)),
        ("4@8(%ebp)", ("user", 4, False, BP, -1, 1, 8, False)),
        ("4@counter(%rip)", ("user", 4, False, IP, -1, 1, 0x200, True)),
        ("4@counter+8(%rip)", ("user", 4, False, IP, -1, 1, 0x208, True)),
        ("-4@40+counter(%rip)", ("user", 4, True, IP, -1, 1, 0x228, True)),
        ("1@nested.7-4(%rip)", ("user", 1, False, IP, -1, 1, -20, True)),
        ("8@counter", ("user", 8, False, IP, -1, 1, 0x200, True)),
    ],
)
def test_memory_of_x86_64(text: str, source: Source) -> None:
    assert x86(text) == source


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-4@$1", 1),
        ("-4@$-1", -1),
        ("4@$-1", 0xFFFFFFFF),
        ("1@$-56", 200),
        ("-1@$200", -56),
        ("8@$0xffffffffffffffff", (1 << 64) - 1),
        ("-8@$-9223372036854775808", -(1 << 63)),
        ("2@$0", 0),
        ("-4@$010", 8),
    ],
)
def test_constants_have_the_size_and_sign_of_their_argument(text: str, value: int) -> None:
    assert x86(text) == ("constant", value)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("8@x0", ("register", 0, 8, False)),
        ("-4@w12", ("register", 96, 4, True)),
        ("8@x30", ("register", 240, 8, False)),
        ("8@sp", ("register", 248, 8, False)),
        ("-4@w1", ("register", 8, 4, True)),
        ("8@12", ("constant", 12)),
        ("-4@-3", ("constant", -3)),
        ("4@xzr", ("constant", 0)),
        ("8@[x0]", ("user", 8, False, 0, -1, 1, 0, True)),
        ("8@[sp, 16]", ("user", 8, False, 248, -1, 1, 16, True)),
        ("-4@[x29,-12]", ("user", 4, True, 232, -1, 1, -12, True)),
        ("-4@[x29, #28]", ("user", 4, True, 232, -1, 1, 28, True)),
        ("8@[x1, x2]", ("user", 8, False, 8, 16, 1, 0, True)),
        ("8@[x1, x2, lsl #3]", ("user", 8, False, 8, 16, 8, 0, True)),
        ("8@[x1, x2, lsl 3]", ("user", 8, False, 8, 16, 8, 0, True)),
        ("4@counter", ("user", 4, False, 256, -1, 1, 0x200, True)),
    ],
)
def test_operands_of_arm64(text: str, source: Source) -> None:
    assert arm64(text) == source


@pytest.mark.parametrize(
    "text",
    [
        "8f@%xmm0",
        "16@%xmm0",
        "8@%xmm0",
        "8@%fs:16",
        "8@%fs:16(%rax)",
        "8@16(%rip)",
        "8@(%rax,%rbx,3)",
        "8@(%rax,%rbx,8,1)",
        "8@counter(%rax)",
        "8@a+b(%rip)",
        "8@$counter",
        "8@missing(%rip)",
        "8@counter@GOTPCREL(%rip)",
        "8@(%al)",
        "8@()",
        "8@",
        "@%rax",
        "",
    ],
)
def test_what_cannot_be_read_says_so(text: str) -> None:
    kind, why = x86(text)
    assert kind == "unknown"
    assert isinstance(why, str)
    assert why


@pytest.mark.parametrize(
    "text", ["8@d0", "8@[x0, w1, sxtw 3]", "8@[x0, :lo12:counter]", "8@[x0], 8", "8@[", "8@[]", "8@[w0]", "8@[8, x0]"]
)
def test_what_cannot_be_read_of_arm64_says_so(text: str) -> None:
    assert arm64(text)[0] == "unknown"


def test_a_missing_symbol_is_named() -> None:
    assert x86("8@missing(%rip)") == ("unknown", "it lies at missing, which its file has no symbol of")


def test_machines_that_are_not_known() -> None:
    assert parse("8@r3", "ppc64le", SYMBOLS.get) == (8, False, ("unknown", "its operand r3 is not understood"))


def test_arguments_are_separated_by_blanks_outside_brackets() -> None:
    assert split("8@%rax -4@$1  1@8(%rsp)") == ["8@%rax", "-4@$1", "1@8(%rsp)"]
    assert split("8@[sp, 16] -4@w0 8@[x1, x2, lsl 3]") == ["8@[sp,16]", "-4@w0", "8@[x1,x2,lsl3]"]
    assert split("") == []


def test_split_arguments_of_arm64_are_read() -> None:
    assert [arm64(word) for word in split("8@[sp, 16] 8@[x1, x2, lsl 3]")] == [
        ("user", 8, False, 248, -1, 1, 16, True),
        ("user", 8, False, 8, 16, 8, 0, True),
    ]


@given(st.integers(-(1 << 63), (1 << 64) - 1), st.sampled_from([1, 2, 4, 8]), st.booleans())
def test_extend_is_what_c_does(value: int, size: int, signed: bool) -> None:
    low = (value % (1 << 64)).to_bytes(8, "little")[:size]
    assert extend(value, size, signed) == int.from_bytes(low, "little", signed=signed)


PIECES = [*"0123456789-+@$%()[],.# \tabcdersiplxwnft_", "%rax", "(%rip)", "8@", "-4@", "[sp", "0x", "\x00", "²", "é"]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join), st.sampled_from(["x86_64", "aarch64"]))
def test_any_text_is_read_or_refused(text: str, machine: str) -> None:
    for word in split(text):
        size, _, source = parse(word, machine, SYMBOLS.get)
        assert size in (1, 2, 4, 8)
        assert source[0] in ("constant", "register", "user", "unknown")


def test_a_very_long_operand_is_refused_at_once() -> None:
    assert x86("8@" + "(" * 1_000_000)[0] == "unknown"
    assert len(split("(" * 1_000_000)) == 1
