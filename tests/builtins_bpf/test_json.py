"""json() against Python's own reader of JSON, over random documents, paths and damage."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from d2bpf.builtins.subroutines.json import ELEMENTS_AT, KEYS_AT, KEYS_SIZE, NO_KEY, element_words, machine_words, path_elements
from tests.builtins_bpf.rig import Rig

MACHINE = "".join(f"*(u64 *)(w3 + {at}) = {word}ULL; " for at, word in machine_words().items())
PATH = f"__builtin_memcpy((void *)w3 + {ELEMENTS_AT}, in->b, {KEYS_AT - ELEMENTS_AT + KEYS_SIZE}); "
BODY = MACHINE + PATH + "text = json_value(work, w1, w3, STRSIZE); value = text != 0;"

keys = st.text("abc", max_size=3).filter(bool) | st.sampled_from(["a b", 'q"x', "back\\slash", "é", "{", "]", "\t"])
scalars = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(-1e9, 1e9) | st.text('ab"\\[]{},: \n', max_size=6)
documents = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
)
layouts = st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t: ")])
check = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module", params=[1024])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    made = Rig({"json": BODY}, ("_strings", "json"), request.param)
    yield made
    made.close()


def select(rig: Rig, text: bytes, elements: list[bytes | int]) -> bytes | None:
    words, names = element_words(elements)
    path = struct.pack("=16Q", *words, *(0,) * (16 - len(words))) + names.ljust(NO_KEY, b'"') + b'"'
    found, value = rig("json", text, path)
    return value if found else None


def paths(document: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """(path, value) of everything within a document."""
    items = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    for step, value in items:
        yield (*at, step), value
        yield from paths(value, (*at, step))


def as_elements(path: tuple[Any, ...]) -> list[bytes | int]:
    return [json.dumps(step)[1:-1].encode() if isinstance(step, str) else step for step in path]


def text_of(value: Any, source: bytes) -> bytes:
    """How a value stands in the result: strings without quotes, all else as written."""
    return source[1:-1] if isinstance(value, str) else source


@check
@given(documents, layouts)
def test_everything_in_a_document_is_found(rig: Rig, document: Any, layout: tuple[str, str]) -> None:
    text = json.dumps(document, separators=layout).encode()
    if len(text) > 256:
        return
    for path, value in paths(document):
        if len(path) <= 16:
            expected = text_of(value, json.dumps(value, separators=layout).encode())
            assert select(rig, text, as_elements(path)) == expected, path


@check
@given(documents, st.lists(keys | st.integers(0, 5), min_size=1, max_size=4))
def test_what_is_not_there_is_not_found(rig: Rig, document: Any, path: list[Any]) -> None:
    text = json.dumps(document).encode()[:256]
    if tuple(path) not in dict(paths(document)):
        assert select(rig, text, as_elements(tuple(path))) is None


@check
@given(documents.filter(lambda d: isinstance(d, (dict, list)) and d), st.data())
def test_what_is_cut_off_or_spoilt_before_it_is_not_found(rig: Rig, document: Any, data: st.DataObject) -> None:
    text = json.dumps(document).encode()
    path, _ = data.draw(st.sampled_from(list(paths(document))))
    elements = as_elements(path)
    whole = select(rig, text[:256], elements)
    cut = text[: data.draw(st.integers(0, min(len(text), 256)))]
    part = select(rig, cut, elements)
    assert part is None or part == whole
    at = data.draw(st.integers(0, len(cut)))
    spoilt = cut[:at] + data.draw(st.sampled_from([b"{", b"}", b"[", b"]", b",", b":", b'"'])) + cut[at:]
    try:
        JSONDecoder().raw_decode(spoilt.decode())
    except (JSONDecodeError, UnicodeDecodeError):
        select(rig, spoilt[:256], elements)  # anything, but it ends


@pytest.mark.parametrize(
    ("path", "elements"),
    [
        (b"a", [b"a"]),
        (b"a.b[2].c", [b"a", b"b", 2, b"c"]),
        (b"[0]", [0]),
        (b"[0][1].x y", [0, 1, b"x y"]),
        (b"", None),
        (b"a..b", None),
        (b".a", None),
        (b"a.", None),
        (b"a[x]", None),
        (b"a[1", None),
        (b"a[]", None),
        (b"a.[1]", None),
        (b".".join([b"a"] * 17), None),
        (b"a" * 256, None),
    ],
)
def test_path(path: bytes, elements: list[bytes | int] | None) -> None:
    assert path_elements(path) == elements


def test_verifier(rig: Rig) -> None:
    assert rig.instructions("json") < rig.strsize * 400
