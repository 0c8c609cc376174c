"""strtok(): next token of a string; its state lasts for one firing."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...ir.ops import Const, Place
from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine

SET_WORDS = 4  # 64 bits each: one for every character


def lower(b: Any, call: ast.Call) -> Text:
    """The string and the position reached in it are kept while the probe fires; a NULL goes on where the last call ended."""
    place = b.handler.scratch("strtok", b.program.window_size)
    state = b.kept("strtok_state", 8)
    text, delimiters = call.args
    if not b.is_null(text):
        begin(b, b.string(text), place, state)
    characters = ops.Address(b.handler.scratch("strtok_set", 8 * SET_WORDS))
    chosen = b.string(delimiters)
    if chosen.form == "literal":
        b.do("strtok", "delimiters", characters, *map(Const, character_set(chosen.text)))
    else:
        b.do("strtok", "add_delimiters", characters, b.text_window(chosen))
    token = ops.Address(b.window())
    return b.text_at(call, b.ask("strtok", "next_token", b.work, ops.Address(place), ops.Address(state), characters, token))  # type: ignore[no-any-return]


def begin(b: Any, text: Text, place: Place, state: Place) -> None:
    present = b.text_present(text)
    with b.block() as body:
        b.put_text(place, b.program.strsize + 1, text)
        b.emit(ops.Put(state, Const(1)))
    if present == Const(1):
        b.out.extend(body)
    else:
        b.emit(ops.If(present, body))


def character_set(characters: bytes) -> list[int]:
    words = [0] * SET_WORDS
    for c in characters:
        words[c // 64] |= 1 << c % 64
    return words


SUBROUTINE = Subroutine(
    name="strtok",
    prototype="string strtok(const char *, const char *)",
    doc="next token of a string; its state lasts for one firing",
    lower=lower,
)
