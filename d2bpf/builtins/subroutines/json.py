"""json(): the value a path such as a.b[2].c selects in JSON text, or NULL."""

from __future__ import annotations

import struct
from string import ascii_letters, digits
from typing import Any

from ...ir import ops
from ...ir.ops import Const, Place
from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine

# Classes of characters. All others may stand in strings only.
CLASSES = ("other", " \t\n\r", '"', "\\", "{", "[", "}", "]", ":", ",", "+-." + ascii_letters + digits, "\0")
OTHER, BLANK, QUOTE, BACKSLASH, OBJECT, ARRAY, OBJECT_END, ARRAY_END, COLON, COMMA, WORD, END = range(len(CLASSES))

# The modes of json.bpf.h, OVER being that of malformed text and of an end; and the turns by which containers come and go.
VALUE, FIRST_VALUE, FIRST_KEY, NEXT_KEY, KEY, KEY_ESCAPE, AT_COLON, STRING, STRING_ESCAPE, BARE, AFTER = range(11)
OVER = 15
OPENS, CLOSES, NEXT = range(16, 19)
CLOSING = dict.fromkeys((OBJECT_END, ARRAY_END), CLOSES)
BEGINNING = {BLANK: VALUE, QUOTE: STRING, OBJECT: OPENS, ARRAY: OPENS, WORD: BARE}
TURNS: tuple[dict[int, int], ...] = (
    BEGINNING,
    {**BEGINNING, BLANK: FIRST_VALUE, **CLOSING},
    {BLANK: FIRST_KEY, QUOTE: KEY, **CLOSING},
    {BLANK: NEXT_KEY, QUOTE: KEY},
    {**dict.fromkeys(range(END), KEY), QUOTE: AT_COLON, BACKSLASH: KEY_ESCAPE},
    dict.fromkeys(range(END), KEY),
    {BLANK: AT_COLON, COLON: VALUE},
    {**dict.fromkeys(range(END), STRING), QUOTE: AFTER, BACKSLASH: STRING_ESCAPE},
    dict.fromkeys(range(END), STRING),
    {WORD: BARE, BLANK: AFTER, COMMA: NEXT, **CLOSING},
    {BLANK: AFTER, COMMA: NEXT, **CLOSING},
)
MOST_ELEMENTS, KEYS_SIZE = 16, 256
# struct json of json.bpf.h.
ELEMENTS_AT = 128 + 2 * 16 * 16
KEYS_AT = ELEMENTS_AT + 8 * MOST_ELEMENTS
SIZE = KEYS_AT + KEYS_SIZE + 8 * 10
NO_KEY = KEYS_SIZE - 1  # where a quote stands
BY_INDEX, LAST = 1 << 40, 1 << 63


def lower(b: Any, call: ast.Call) -> Text:
    path = b.string(call.args[1])
    if path.form != "literal":
        raise b.refuse("json( ) needs a path that is a string constant")
    elements = path_elements(path.text)
    if elements is None:
        raise b.refuse(f'json( ) cannot follow the path "{path.text.decode("latin-1")}"')
    text = b.string(call.args[0])
    most = min(text.capacity - 1, b.program.strsize)
    place, _ = b.own_text(text)
    machine = b.slot(SIZE)
    for at, word in machine_words().items():
        b.emit(ops.Put(machine.part(at), Const(word)))
    put_elements(b, elements, machine.part(ELEMENTS_AT), machine.part(KEYS_AT))
    places = map(ops.Address, (place, machine))
    return b.text_at(call, b.ask("json", "json_value", b.work, *places, Const(most)))  # type: ignore[no-any-return]


def path_elements(path: bytes) -> list[bytes | int] | None:
    """Keys and indices of a path, or None if it is none, or too long for the memory it gets."""
    elements: list[bytes | int] = []
    for i, part in enumerate(path.split(b".")):
        key, *indices = part.split(b"[")
        if key:
            elements.append(key)
        elif i or not indices:
            return None
        for index in indices:
            if not index.endswith(b"]") or not index[:-1].isdigit() or len(index) > 9:
                return None
            elements.append(int(index[:-1]))
    size = sum(len(e) + 1 for e in elements if isinstance(e, bytes))
    return elements if len(elements) <= MOST_ELEMENTS and size <= NO_KEY else None


def put_elements(b: Any, elements: list[bytes | int], wanted: Place, keys: Place) -> None:
    words, names = element_words(elements)
    for i, word in enumerate(words):
        b.emit(ops.Put(wanted.part(8 * i), Const(word)))
    b.emit(ops.Literal(keys, names))
    b.emit(ops.Put(keys.part(NO_KEY), Const(ord('"')), 1))


def element_words(elements: list[bytes | int]) -> tuple[list[int], bytes]:
    """Elements as the machine has them, and the keys, with a NUL behind each."""
    words, names = [], b""
    for element in elements:
        words.append(BY_INDEX | element << 8 | NO_KEY if isinstance(element, int) else len(names))
        names += element + b"\0" if isinstance(element, bytes) else b""
    words[-1] |= LAST
    return words, names


def machine_words() -> dict[int, int]:
    """The two tables: class by character, then deeds by mode and class. {byte offset: word}"""
    classes = bytes(next((n for n, of in enumerate(CLASSES) if n and chr(c) in of), OTHER) for c in range(128))
    deeds = b"".join(struct.pack("<H", deed(mode, kind)) for mode in range(16) for kind in range(16))
    return {8 * i: word for i, (word,) in enumerate(struct.iter_unpack("<Q", classes + deeds))}


def deed(mode: int, kind: int) -> int:
    """What a character of a class does in a mode: the next mode, and a bit each of enum json_deed."""
    turn = TURNS[mode].get(kind, OVER) if mode < len(TURNS) else OVER
    after = {OPENS: FIRST_VALUE if kind == ARRAY else FIRST_KEY, CLOSES: AFTER, NEXT: NEXT_KEY}.get(turn, turn)
    begins = mode in (VALUE, FIRST_VALUE) and turn in (STRING, BARE, OPENS)
    ends = (mode == BARE and turn in (NEXT, CLOSES)) or (mode in (BARE, STRING) and turn == AFTER)
    bits = (
        *(turn == OPENS, turn == CLOSES, turn == NEXT, kind in (ARRAY, ARRAY_END), begins, turn == STRING, ends),
        *(turn == KEY and mode in (FIRST_KEY, NEXT_KEY), mode == KEY and turn == AT_COLON),
    )
    return after + sum(bit << 4 + n for n, bit in enumerate(bits))


SUBROUTINE = Subroutine(
    name="json",
    prototype="string json(const char *, const char *)",
    doc="the value a path such as a.b[2].c selects in JSON text, or NULL",
    platforms="SF",
    capacity=lambda caps, strsize: caps[0],
    fidelity="approximate",
    note="the path must be a constant; words without quotes are not checked to be numbers, true, false or null",
    lower=lower,
)
