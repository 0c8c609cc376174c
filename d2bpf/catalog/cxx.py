"""The forms in which a function field may name a C++ function.

Of `int shop::twice<int>(int)`, as the demangler writes it, these are

    int shop::twice<int>(int)     the full name
    int shop::twice<int>          without parameters
    shop::twice<int>              without the type that it returns, which the names of templates begin with
    shop::twice                   without arguments of templates: all that are made of one

A part that the compiler has split off a function, `f(int) [clone .cold]`, answers to its full name alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPENING, _CLOSING = "(<[{", ")>]}"
_OPERATOR = re.compile(r"(?<![\w$])operator(?![\w$])")
_SYMBOL = re.compile(r"\(\)|\[\]|->\*?|<=>|<<=|>>=|<<|>>|<=|>=|&&|\|\||\+\+|--|[-+*/%^&|=!<>]=?|~|,|\"\"")
_ARROW = re.compile("->")
_WORD = re.compile(r"[A-Za-z0-9_]+")
_CLASS = re.compile(r"\[!?\]?[^\]]*\]|\\")


def forms(shown: str) -> tuple[str, ...]:
    """The forms of a demangled name, the full one first; of any other name that one."""
    if "(" not in shown or "[clone " in shown:
        return (shown,)
    head, _, parameters = shown.partition("(")
    if head and "(" not in parameters and " " not in head and "<" not in head and not head.endswith("operator"):
        return shown, head  # most names; others are looked at letter by letter
    bare = without_parameters(shown)
    qualified = without_result(bare)
    return tuple(dict.fromkeys((shown, bare, qualified, without_arguments(qualified))))


def without_parameters(shown: str) -> str:
    """The name up to its list of parameters, which is the last group in parentheses."""
    end = shown.rfind(")")
    if "::" in shown[end:] or "[" in shown[end:]:  # something inside a function: f(int)::name
        return shown
    depth = 0
    for at in range(end, -1, -1):
        depth += (shown[at] == ")") - (shown[at] == "(")
        if depth == 0:
            head = shown[:at]
            return shown if head.endswith("operator") or not head else head
    return shown


def without_result(name: str) -> str:
    """The name without what stands before its last blank that is outside all brackets; blanks of operators belong to them."""
    blanks = [at for at, depth in _scan(name) if depth == 0 and name[at] == " "]
    return name[blanks[-1] + 1 :] if blanks else name


def without_arguments(name: str) -> str:
    """The name without groups in angle brackets."""
    kept, angles, end = "", 0, 0
    for at, _ in _scan(name):
        end = at + 1
        angles += name[at] == "<"
        kept += "" if angles else name[at]
        angles -= name[at] == ">"
    operator = name[end:]
    sign = _SYMBOL.match(operator, len("operator"))
    if sign and operator[sign.end() :].lstrip().startswith("<"):
        operator = operator[: sign.end()]
    return kept + operator


def _scan(name: str) -> Iterator[tuple[int, int]]:
    """(position, how many brackets are open behind it) of the characters up to the word `operator` outside brackets. The signs of
    operators inside brackets are passed over: they are no brackets."""
    depth = at = 0
    while at < len(name):
        operator = _OPERATOR.match(name, at) if name[at] == "o" else None
        if operator and depth == 0:
            return
        sign = _SYMBOL.match(name, operator.end()) if operator else _ARROW.match(name, at)
        if sign:
            at = sign.end()
            continue
        depth += (name[at] in _OPENING) - (name[at] in _CLOSING)
        yield at, depth
        at += 1


def words(pattern: str) -> list[str]:
    """The identifiers, or pieces of some, that every name has which a pattern covers."""
    plain = _CLASS.sub("*", pattern)
    return [word for word in _WORD.findall(plain) if not word[0].isdigit()]
