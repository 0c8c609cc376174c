"""The C helpers of string subroutines against models, over random strings, with strings of 256 and of 1024 characters."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builtins_bpf import models
from tests.builtins_bpf.rig import Rig

HEADERS = (
    *("_strings", "strchr", "strrchr", "strjoin", "substr", "_search", "_case", "_components", "cleanpath", "strtok"),
    *("lltostr", "strtoll", "_inet", "link_ntop", "memstr"),
)
FUNCTIONS = {
    "compare": "value = str_compare(w1, w2, STRSIZE + 1);",
    "chr": "text = str_chr(work, w1, x); value = text != 0;",
    "rchr": "text = str_rchr(work, w1, x); value = text != 0;",
    "join": "str_append(w1, n1, (u64)in->b); text = w1;",
    "part": "text = str_part(work, w1, n1, x, y);",
    "find_slash": "value = find_word(work, w1, (s64)(n1 - 1), '/', 0xff, x);",
    "find_aab": "value = find_word(work, w1, (s64)(n1 - 3), 0x626161, 0xffffff, x);",
    "find_abababab": "value = find_word(work, w1, (s64)(n1 - 8), 0x6261626162616261ULL, ~0ULL, x);",
    "find": "value = n2 ? find_text(work, w1, (s64)(n1 - n2), w2, n2, 0) : 0;",
    "rfind": "value = n2 ? find_text(work, w1, x, w2, n2, 1) : 0;",
    "lower": "change_case(w1, 'A'); text = w1;",
    "upper": "change_case(w1, 'a'); text = w1;",
    "base": "text = base_name(work, w1);",
    "dir": "dir_name(work, w1); text = w1;",
    "clean": "clean_path(work, w1, n1, w3, w4); text = w3;",
    "token": "s->state = x; add_delimiters((u64)s->set, w2);"
    " text = next_token(work, w1, (u64)&s->state, (u64)s->set, w3); value = s->state | (text != 0) << 16;",
    "decimal": "text = number_text(work, w3, x, 10, 20);",
    "number": "text = number_text(work, w3, x, y, 64);",
    "parse": "value = text_number(work, w1, y);",
    "parse_hex": "value = text_number(work, w1, 16);",
    "quad": "put_quad(w3, 0, (u32)x); text = w3;",
    "groups": "s->w1[0] = x; s->w1[1] = y; put_groups(work, w3, w1, 0); text = w3;",
    "groups_quad": "s->w1[0] = x; s->w1[1] = y; put_groups(work, w3, w1, 1); text = w3;",
    "ether": "put_link(w3, w1, 6); text = w3;",
    "infiniband": "put_link(w3, w1, 20); text = w3;",
    "memory": "value = memory_text(w3, (u64)&in->x, x, 'Z'); text = w3;",
}

pathlike = st.text("ab./", max_size=40).map(str.encode) | st.lists(st.sampled_from(["a", "bc", ".", "..", ""])).map(
    lambda parts: "/".join(parts).encode()[:256]
)
anything = st.binary(max_size=300).map(lambda b: b.replace(b"\0", b"x")[:256])
few = st.text("ab", max_size=256).map(str.encode)
text = anything | few | pathlike | st.sampled_from([b"a" * 256, b"/" * 256, b"." * 256, b"a/" * 128, b"../" * 85])
small = st.integers(-270, 270) | st.sampled_from([-(1 << 40), 1 << 40])
word = st.integers(-(1 << 63), (1 << 63) - 1) | st.integers(-100, 100)


@pytest.fixture(scope="module", params=[256, 1024])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    made = Rig(FUNCTIONS, HEADERS, request.param)
    yield made
    made.close()


check = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def found(pair: tuple[int, bytes]) -> bytes | None:
    return pair[1] if pair[0] else None


@check
@given(text, text)
def test_order(rig: Rig, a: bytes, b: bytes) -> None:
    value, _ = rig("compare", a, b)
    assert value == (a > b) - (a < b)
    assert rig("compare", a, a)[0] == 0


@check
@given(text, st.sampled_from(b"ab/.\0\xff"))
def test_strchr(rig: Rig, s: bytes, c: int) -> None:
    at = s.find(c) if c else len(s)
    assert found(rig("chr", s, x=c)) == (s[at:] if at >= 0 else None)
    at = s.rfind(c) if c else len(s)
    assert found(rig("rchr", s, x=c)) == (s[at:] if at >= 0 else None)


@check
@given(text, text)
def test_strjoin(rig: Rig, a: bytes, b: bytes) -> None:
    assert rig("join", a, b)[1] == (a + b)[: rig.strsize]


@check
@given(text, small, small | st.none())
def test_substr(rig: Rig, s: bytes, index: int, count: int | None) -> None:
    assert rig("part", s, x=index, y=(1 << 62) if count is None else count)[1] == models.substr(s, index, count)


@check
@given(text)
def test_find_constant(rig: Rig, s: bytes) -> None:
    for name, needle in (("find_slash", b"/"), ("find_aab", b"aab"), ("find_abababab", b"abababab")):
        assert rig(name, s, x=0)[0] == s.find(needle) + 1
        assert rig(name, s, x=1)[0] == s.rfind(needle) + 1


@check
@given(text, st.text("ab/.", min_size=1, max_size=20).map(str.encode) | few, st.data())
def test_find(rig: Rig, s: bytes, t: bytes, data: st.DataObject) -> None:
    if s and data.draw(st.booleans()):
        start = data.draw(st.integers(0, len(s) - 1))
        t = s[start : start + data.draw(st.integers(1, len(s)))]
    if not t:
        return
    assert rig("find", s, t)[0] == s.find(t) + 1
    limit = data.draw(st.integers(-1, len(s) - len(t))) if len(s) >= len(t) else -1
    assert rig("rfind", s, t, x=limit)[0] == (models.rindex(s, t, limit) + 1 if limit >= 0 else 0)


@check
@given(anything)
def test_case(rig: Rig, s: bytes) -> None:
    assert rig("lower", s)[1] == s.lower()
    assert rig("upper", s)[1] == s.upper()


@check
@given(text)
def test_paths(rig: Rig, s: bytes) -> None:
    assert rig("base", s)[1] == models.basename(s)
    assert rig("dir", s)[1] == models.dirname(s)
    assert rig("clean", s)[1] == models.cleanpath(s)


@check
@given(text, st.sampled_from([b"/", b"a", b"./", b"b./a", b"\xff\x80", b"", bytes(range(1, 256))]))
def test_strtok(rig: Rig, s: bytes, delimiters: bytes) -> None:
    tokens = []
    state = 1
    while state:
        value, token = rig("token", s, delimiters, x=state)
        state = value & 0xFFFF
        if not value >> 16:
            break
        tokens.append(token)
    assert state == 0
    assert tokens == models.strtok(s, delimiters)


@check
@given(word, st.integers(2, 36))
def test_lltostr(rig: Rig, n: int, base: int) -> None:
    assert rig("number", x=n, y=base)[1] == models.lltostr(n, base)
    assert rig("decimal", x=n)[1] == models.lltostr(n, 10)


@check
@given(
    st.tuples(
        st.text(" \t", max_size=9) | st.just(" " * 256),
        st.sampled_from(["", "-", "+", "--", "0x", "-0X", "0"]),
        st.text("0123456789abcdefzXZ -", max_size=20) | st.just("0" * 250 + "19"),
    ),
    st.integers(2, 36),
)
def test_strtoll(rig: Rig, parts: tuple[str, str, str], base: int) -> None:
    s = "".join(parts).encode()[:256]
    assert rig("parse", s, y=base)[0] == models.strtoll(s, base)
    assert rig("parse_hex", s)[0] == models.strtoll(s, 16)


@check
@given(st.binary(min_size=4, max_size=4))
def test_inet_quad(rig: Rig, address: bytes) -> None:
    (n,) = struct.unpack("=I", address)
    assert rig("quad", x=n)[1] == ".".join(map(str, address)).encode()


@check
@given(
    st.binary(min_size=16, max_size=16)
    | st.lists(st.sampled_from([b"\0\0", b"\0\0", b"\0\1", b"\x20\x01", b"\xff\xff", b"\x0a\xbc"]), min_size=8, max_size=8).map(
        b"".join
    )
    | st.binary(min_size=4, max_size=4).map(lambda b: bytes(10) + b"\xff\xff" + b)
    | st.binary(min_size=4, max_size=4).map(lambda b: bytes(12) + b)
    | st.sampled_from([bytes(16), bytes(15) + b"\1", bytes(15) + b"\2"])
)
def test_inet6(rig: Rig, address: bytes) -> None:
    x, y = struct.unpack("=qq", address)
    assert rig("groups", x=x, y=y)[1] == models.inet6(address, quad=False)
    assert rig("groups_quad", x=x, y=y)[1] == models.inet6(address, quad=True)


def test_link(rig: Rig) -> None:
    address = bytes(range(0xE5, 0xE5 + 20))
    assert rig("ether", address)[1] == address[:6].hex(":").encode()
    assert rig("infiniband", address)[1] == address.hex(":").encode()


def test_memstr(rig: Rig) -> None:
    assert rig("memory", x=8)[1] == b"\x08ZZZZZZZ"
    assert rig("memory", x=2)[1] == b"\x02Z"
    assert rig("memory", x=0)[1] == b""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_verifier_needs_a_fraction_of_its_budget(rig: Rig, name: str) -> None:
    """A clause calls several of them; the limit is a million instructions."""
    assert 0 < rig.instructions(name) < rig.strsize * 200
