"""json(): the value a path such as a.b[2].c selects in JSON text, or NULL."""

from __future__ import annotations

from string import ascii_letters, digits
from typing import Any

from ...ir import ops
from ...ir.ops import Const, Place
from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine

# Classes of characters. All others may stand in strings only.
CLASSES = ("other", " \t\n\r", '"', "\\", "{[", "}]", ":", ",", "+-." + ascii_letters + digits, "\0")
OTHER, BLANK, QUOTE, BACKSLASH, OPEN, CLOSE, COLON, COMMA, WORD, END = range(len(CLASSES))

# The modes of json.bpf.h, OVER being that of malformed text and of an end; and the turns that are decided there.
VALUE, FIRST_VALUE, FIRST_KEY, NEXT_KEY, KEY, KEY_ESCAPE, AT_COLON, STRING, STRING_ESCAPE, BARE, AFTER, OVER = range(12)
OPENS, CLOSES, NEXT = range(OVER + 1, OVER + 4)
BEGINNING = {BLANK: VALUE, QUOTE: STRING, OPEN: OPENS, WORD: BARE}
TURNS: tuple[dict[int, int], ...] = (
    BEGINNING,
    {**BEGINNING, BLANK: FIRST_VALUE, CLOSE: CLOSES},
    {BLANK: FIRST_KEY, QUOTE: KEY, CLOSE: CLOSES},
    {BLANK: NEXT_KEY, QUOTE: KEY},
    {**dict.fromkeys(range(END), KEY), QUOTE: AT_COLON, BACKSLASH: KEY_ESCAPE},
    dict.fromkeys(range(END), KEY),
    {BLANK: AT_COLON, COLON: VALUE},
    {**dict.fromkeys(range(END), STRING), QUOTE: AFTER, BACKSLASH: STRING_ESCAPE},
    dict.fromkeys(range(END), STRING),
    {WORD: BARE, BLANK: AFTER, COMMA: NEXT, CLOSE: CLOSES},
    {BLANK: AFTER, COMMA: NEXT, CLOSE: CLOSES},
    {},
)
MODES_AT = 64  # where the table of modes begins, after eight words of classes
MACHINE_SIZE = MODES_AT + 8 * 16
MOST_ELEMENTS, KEYS_SIZE = 16, 256
BY_INDEX = 1 << 63


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
    machine, state = b.slot(MACHINE_SIZE), b.slot(8 * 16)
    wanted, keys = b.slot(8 * MOST_ELEMENTS), b.slot(KEYS_SIZE)
    for at, word in machine_words().items():
        b.emit(ops.Put(offset(machine, at), Const(word)))
    put_elements(b, elements, wanted, keys)
    places = map(ops.Address, (place, machine, state, wanted, keys))
    return b.text_at(call, b.ask("json", "json_value", b.work, *places, Const(len(elements)), Const(most)))  # type: ignore[no-any-return]


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
    return elements if len(elements) <= MOST_ELEMENTS and size <= KEYS_SIZE else None


def put_elements(b: Any, elements: list[bytes | int], wanted: Place, keys: Place) -> None:
    at = 0
    for i, element in enumerate(elements):
        word = BY_INDEX | element if isinstance(element, int) else at
        b.emit(ops.Put(offset(wanted, 8 * i), Const(word)))
        if isinstance(element, bytes):
            b.emit(ops.Literal(offset(keys, at), element))
            at += len(element) + 1


def machine_words() -> dict[int, int]:
    """The two tables, four bits an entry: class by character, then by mode what a class leads to. {byte offset: word}"""
    classes = [next((n for n, of in enumerate(CLASSES) if n and chr(c) in of), OTHER) for c in range(128)]
    rows = [[row.get(n, OVER) for n in range(16)] for row in TURNS]
    words = {c // 2: nibbles(classes[c : c + 16]) for c in range(0, 128, 16)}
    return words | {MODES_AT + 8 * mode: nibbles(row) for mode, row in enumerate(rows)}


def nibbles(entries: list[int]) -> int:
    return sum(entry << 4 * i for i, entry in enumerate(entries))


def offset(place: Place, at: int) -> Place:
    return Place(place.base, place.name, at)


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
