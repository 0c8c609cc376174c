"""Expected output: exact text, except for what placeholders leave open.

<N>  <INT>  <HEX>  <TEXT>   an unsigned number, a signed one, hexadecimal digits, any characters (at least one)
<N:16>  <TEXT:-50>          the same in a column of that width: right-justified, or left-justified when negative
<name=N:16>  ... <name>     the same again later on: <name> stands for what <name=...> matched (TEXT: one word)
<...>                       alone on a line: any lines, or none
/regular expression/        alone on a line: a whole line (a line that is literally so matches too)
"""

from __future__ import annotations

import difflib
import re

# Per kind: what its text consists of.
KINDS = {"N": r"\d", "INT": r"-?\d", "HEX": "[0-9a-f]", "TEXT": r"[^\n]"}
PLACEHOLDER = re.compile(r"<(?:(?P<name>[a-z]\w*)=)?(?P<kind>N|INT|HEX|TEXT)(?::(?P<width>-?\d+))?>|<(?P<again>[a-z]\w*)>")
ANY_LINES = "<...>"
SHOWN = 60  # lines of a difference at most


def difference(expected: str, actual: str, any_order: bool = False) -> str:
    """Nothing when `actual` is as expected; else a readable difference, line ends shown as `$`."""
    if any_order:
        same = _matches_in_any_order(expected.splitlines(), actual.splitlines())
    else:
        same = re.fullmatch(_pattern(expected), actual) is not None
    return "" if same else _explain(expected, actual)


def _pattern(expected: str) -> str:
    names: set[str] = set()
    return "".join(_line(line, names) for line in expected.splitlines(keepends=True))


def _line(line: str, names: set[str]) -> str:
    text = line.removesuffix("\n")
    end = re.escape(line[len(text) :])
    if text == ANY_LINES:
        return r"(?:[^\n]*\n)*?"
    if len(text) > 2 and text[0] == text[-1] == "/":
        return f"(?:{text[1:-1]}|{re.escape(text)}){end}"
    pattern, at = "", 0
    for match in PLACEHOLDER.finditer(text):
        field = _field(match, names)
        if field:
            pattern += re.escape(text[at : match.start()]) + field
            at = match.end()
    return pattern + re.escape(text[at:]) + end


def _field(match: re.Match[str], names: set[str]) -> str:
    """A placeholder's pattern; "" for text that only looks like one."""
    again, name, kind = match["again"], match["name"], match["kind"]
    if again:
        return f"(?P={again})" if again in names else ""
    if name:
        names.add(name)
    one = KINDS[kind] if not (name and kind == "TEXT") else r"\S"
    if not match["width"]:
        body = one + ("+?" if one == KINDS["TEXT"] else "+")
        return f"(?P<{name}>{body})" if name else body
    column = _column(one, int(match["width"]))
    return f"(?= *(?P<{name}>{one}+)){column}" if name else column  # a lookahead may capture, an alternative may not


def _column(one: str, width: int) -> str:
    """`one` repeated, padded with blanks to `width` characters (right-justified when positive), or longer than that."""
    size = abs(width)
    choices = []
    for blanks in range(size):
        body = _exactly(one, size - blanks)
        choices.append(f"{body} {{{blanks}}}" if width < 0 else f" {{{blanks}}}{body}")
    return f"(?:{'|'.join(choices)}|{one}{{{size + 1},}})"


def _exactly(one: str, count: int) -> str:
    if one == KINDS["INT"]:
        return rf"(?:\d{{{count}}}|-\d{{{count - 1}}})" if count > 1 else r"\d"
    if one == KINDS["TEXT"]:
        return rf"\S[^\n]{{{count - 2}}}\S" if count > 1 else r"\S"
    return f"{one}{{{count}}}"


def _matches_in_any_order(expected: list[str], actual: list[str]) -> bool:
    if len(expected) != len(actual):
        return False
    left = list(actual)
    for line in sorted(expected, key=lambda line: PLACEHOLDER.search(line) is not None):  # exact lines first
        found = next((i for i, text in enumerate(left) if re.fullmatch(_line(line, set()), text)), None)
        if found is None:
            return False
        del left[found]
    return True


def _explain(expected: str, actual: str) -> str:
    """A unified diff in which lines that match a pattern are shown as that pattern, and so as equal."""
    wanted, got = expected.splitlines(), actual.splitlines()
    shown = []
    for index, text in enumerate(got):
        candidates = [*wanted[index : index + 1], *wanted]
        shown.append(next((w for w in candidates if w != ANY_LINES and re.fullmatch(_line(w, set()), text)), text))
    ends = [w + "$" for w in wanted], [s + "$" for s in shown]
    lines = list(difflib.unified_diff(*ends, "expected", "actual", lineterm=""))
    if len(lines) > SHOWN:
        lines[SHOWN // 2 : -SHOWN // 2] = [f"... {len(lines) - SHOWN} lines ..."]
    text = "\n".join(lines)
    if actual and not actual.endswith("\n"):
        text += "\n(the last line has no newline)"
    return text or f"each line is as expected, but not their order or their repeated fields:\n{actual}"
