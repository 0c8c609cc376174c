"""From characters to the tokens of an expression, a clause body or a declaration (language.md section 3).

The lexer knows what in D only context can tell: whether a name is a type, whether `/` ends a predicate, and that
after `.` and `->` any word is a member. A mistake becomes an ERROR token, so that the parser reports it only when the
text before it is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from ..source import SourceFile
from .env import ParseEnv
from .macros import expand
from .tokens import (
    BUILTIN_TYPEDEFS,
    KEYWORDS,
    PUNCTUATORS,
    Problem,
    Token,
    character,
    integer,
    unescape,
    words,
)

# A module name in module`symbol; the bound keeps the look for a backquote from costing more than it is worth.
_MODULE = r"(?:[A-Za-z0-9_][\w.]{0,63}+)?"

_FLOAT = r"(?:\d+\.\d*|\.\d+)(?:[eE][-+]?\d+)?[fFlL]?|\d+[eE][-+]?\d+[fFlL]?|\d+[fF]"


@cache
def _master() -> re.Pattern[str]:
    """One pattern for all tokens; the name of the group that matched says which."""
    punctuators = "|".join(re.escape(text) for text in sorted(PUNCTUATORS, key=len, reverse=True))
    return re.compile(
        r"[ \t\r\f\v]*(?:"
        r"(?P<newline>\n)"
        rf"|(?P<scoped>{_MODULE}`+[A-Za-z_]\w*)"
        r"|(?P<word>[A-Za-z_]\w*)"
        r"|(?P<comment>/\*)"
        rf"|(?P<float>(?!0[xX]){_FLOAT})"
        r"|(?P<integer>(?:0[xX][0-9a-fA-F]+|\d+)[uU]?[lL]{0,2})"
        rf"|(?P<punctuator>{punctuators})"
        r'|(?P<string>"(?:[^"\\\n]|\\[^\n])*")'
        r"|(?P<character>'(?:[^'\\\n]|\\[^\n])*')"
        r"|(?P<aggregation>@(?:[A-Za-z_]\w*)?)"
        r"|(?P<macro>\$\$?(?:\d+|[A-Za-z_]\w*))"
        r"|(?P<continuation>\\\r?\n)"
        r"|(?P<unknown>.)"
        r"|(?P<end>\Z)"
        r")",
        re.ASCII | re.DOTALL,
    )


@cache
def _type_follows() -> re.Pattern[str]:
    """What comes after the type name of a cast or sizeof: `)`, stars, an abstract array or function."""
    return re.compile(r"[\s*]*(?:[)(\[]|const\b|volatile\b)")


@cache
def _blanks() -> re.Pattern[str]:
    """Blanks, comments and control lines."""
    return re.compile(r"(?:[ \t\r\f\v\n]|\\\r?\n|/\*.*?\*/|(?m:^)[ \t]*#[^\n]*)*+", re.DOTALL)


Control = Callable[[int], int]


class LexFailure(Exception):
    """Blanks between items that hold a mistake: the ERROR token that says which."""

    def __init__(self, token: Token) -> None:
        super().__init__(token)
        self.token = token


class Lexer:
    """Reads `source` from `position` on.

    `on_control(offset of #)` handles a control line and returns the offset of its end. `declaring` says that a
    declaration is being read, where a name can be a type at each place that may start one; otherwise types stand only
    in casts and the like. `in_predicate` makes `/` look whether it closes the predicate. `braces` and `parens` count
    what is open.
    """

    def __init__(self, source: SourceFile, env: ParseEnv, on_control: Control) -> None:
        self.source = source
        self.text = source.text
        self.env = env
        self.position = 0
        self.declaring = False
        self.in_predicate = False
        self.braces = 0
        self.parens = 0
        self._on_control = on_control
        self._match = _master().match
        self._type_seen = False
        self._before = self._last = ""  # types of the last two tokens
        if self.text.lstrip(" \t")[:1] == "#":
            self.position = self._control(0)

    def begin(self, *, declaring: bool) -> None:
        """Forget what came before: a new item starts here."""
        self.declaring = declaring
        self.in_predicate = False
        self.braces = self.parens = 0
        self._type_seen = False
        self._before = self._last = ""

    # ------------------------------------------------------------ blanks

    def skip_blanks(self) -> None:
        """Go to the next character that means something. Raises LexFailure at a wrong comment."""
        while True:
            match = self._match(self.text, self.position)
            assert match is not None  # the pattern matches anything
            kind = match.lastgroup
            if kind == "newline":
                self._newline(match.end())
            elif kind == "comment":
                problem = self._comment(match.start(kind))
                if problem:
                    raise LexFailure(problem)
            elif kind == "continuation":
                self.position = match.end()
            else:
                self.position = match.start(kind or 0)
                return

    def _newline(self, position: int) -> None:
        self.position = position
        if self.text[position : position + 1] in ("#", " ", "\t"):
            self.position = self._control(position)

    def _control(self, position: int) -> int:
        """The end of the line at `position` if it is a control line, else `position`."""
        text, at = self.text, position
        while text[at : at + 1] in (" ", "\t"):
            at += 1
        return self._on_control(at) if text[at : at + 1] == "#" else position

    def _comment(self, start: int) -> Token | None:
        """Skip the comment at `start`; an ERROR token when it is nested or never ends."""
        end = self.text.find("*/", start + 2)
        nested = self.text.find("/*", start + 2, end if end >= 0 else len(self.text))
        if nested >= 0:
            self.position = end + 2 if end >= 0 else len(self.text)
            return self._error("D_SYNTAX", "/* encountered inside a comment", nested, nested + 2, near=True)
        if end < 0:
            self.position = len(self.text)
            help = f"the comment starts at line {self.source.where(start)[1]}"
            message = "end-of-file encountered before matching */"
            return self._error("D_SYNTAX", message, self.position, self.position, near=True, help=help)
        self.position = end + 2
        return None

    # ------------------------------------------------------------ tokens

    def next(self) -> Token | None:
        """The next token, None at the end of the text."""
        while True:
            match = self._match(self.text, self.position)
            assert match is not None  # the pattern matches anything
            kind = match.lastgroup or ""
            start, end = match.span(kind)
            self.position = end
            if kind == "newline":
                self._newline(end)
                continue
            if kind == "continuation":
                continue
            if kind == "end":
                return None
            if kind == "comment":
                token = self._comment(start)
                if token is None:
                    continue
            else:
                token = self._READERS[kind](self, match.group(kind), start, end)
            self._before, self._last = self._last, token.type
            return token

    def _token(self, type: str, data: object, start: int, end: int) -> Token:
        return Token(type, data, self.source, start, end)

    def _error(self, code: str, message: str, start: int, end: int, *, near: bool = False, help: str = "") -> Token:
        return self._problem(Problem(code, message, near, help), start, end)

    def _problem(self, problem: Problem, start: int, end: int) -> Token:
        return Token("ERROR", problem, self.source, start, end)

    def _word(self, text: str, start: int, end: int) -> Token:
        if self._last in _BEFORE_ANY_WORD:
            return self._token("IDENT", text, start, end)
        keyword = KEYWORDS.get(text)
        if keyword:
            if keyword in _TYPE_KEYWORDS:
                self._type_seen = True
            return self._token(keyword, text, start, end)
        if text == "userland":
            return self._error("X_USERLAND", "user-land types are not known here", start, end)
        if self._last not in _BEFORE_TAG and self._in_type_position(end) and self.knows_type(text):
            self._type_seen = True
            return self._token("TYPENAME", (text, ""), start, end)
        return self._token("IDENT", text, start, end)

    def _scoped(self, text: str, start: int, end: int) -> Token:
        """module`name, `name (module ""), and illumos' ``name for a symbol of the process."""
        module, _, name = text.partition("`")
        if name.startswith("`"):
            return self._error("X_USERLAND", f"user-land symbol {text} is not known here", start, end)
        if self._last not in _BEFORE_TAG and self._in_type_position(end) and self.knows_type(name, module):
            self._type_seen = True
            return self._token("TYPENAME", (name, module), start, end)
        return self._token("SCOPED", (name, module), start, end)

    def knows_type(self, name: str, module: str = "") -> bool:
        """Whether a name is a typedef: of D itself, of earlier D source, or of the kernel."""
        if not module and (name in BUILTIN_TYPEDEFS or name in self.env.typedefs):
            return True
        return self.env.is_type(name, module)

    def _in_type_position(self, end: int) -> bool:
        """Whether a type name may stand here. After a type specifier a name is what is declared, even if a type."""
        if self._last == "QUALIFIER" and not self._type_seen:
            return True
        if self.declaring:
            return not self._type_seen
        if self._last == "LT":
            return self._before == "XLATE"
        if self._last != "LPAREN" or self._before == "IDENT":
            return False
        return self._before in _TYPE_OPERATORS or _type_follows().match(self.text, end) is not None

    def _integer(self, text: str, start: int, end: int) -> Token:
        value = integer(text)
        return self._problem(value, start, end) if isinstance(value, Problem) else self._token("INT", value, start, end)

    def _float(self, text: str, start: int, end: int) -> Token:
        return self._error("D_SYNTAX", "floating-point constants are not permitted", start, end, near=True)

    def _string(self, text: str, start: int, end: int) -> Token:
        return self._token("STRING", unescape(text[1:-1]), start, end)

    def _character(self, text: str, start: int, end: int) -> Token:
        value = character(text[1:-1])
        return self._problem(value, start, end) if isinstance(value, Problem) else self._token("INT", value, start, end)

    def _aggregation(self, text: str, start: int, end: int) -> Token:
        return self._token("AGGREGATION", text[1:] or "_", start, end)

    def _macro(self, text: str, start: int, end: int) -> Token:
        expansion = expand(text, self.env.macros)
        if isinstance(expansion, Problem):
            return self._problem(expansion, start, end)
        if expansion.kind == "WORD":
            word = str(expansion.data)
            return (self._scoped if "`" in word else self._word)(word, start, end)
        return self._token(expansion.kind, expansion.data, start, end)

    def _unknown(self, text: str, start: int, end: int) -> Token:
        if text in "\"'":
            return self._unclosed(text, start)
        return self._token("UNKNOWN", text, start, end)

    def _unclosed(self, quote: str, start: int) -> Token:
        line_end = self.text.find("\n", start)
        self.position = line_end if line_end >= 0 else len(self.text)
        what = "string" if quote == '"' else "character"
        if line_end < 0:
            help = f"the {what} constant is not closed"
            return self._error("D_SYNTAX", "syntax error", start, start + 1, near=True, help=help)
        message = f"newline encountered in {what} literal"
        return self._error("D_STR_NL" if quote == '"' else "D_CHR_NL", message, start, line_end)

    def _punctuator(self, text: str, start: int, end: int) -> Token:
        type = PUNCTUATORS[text]
        if type == "SLASH" and self.in_predicate and self._closes_predicate(end):
            if self.parens > 0:
                return self._error("D_SYNTAX", "closing ) expected in predicate before /", start, end)
            return self._token("PREDICATE_END", text, start, end)
        if type in _EFFECTS:
            self._track(type)
        return self._token(type, text, start, end)

    def _track(self, type: str) -> None:
        """Count braces and parentheses, and note where the next type may start."""
        if type == "LBRACE":
            self.braces += 1
            self._type_seen = False
        elif type == "RBRACE":
            self.braces -= 1
            self._type_seen = True  # `struct { ... } name`
        elif type in ("LPAREN", "LBRACKET"):
            self.parens += 1
            # `int (*name)`: what follows is still the declarator.
            self._type_seen = self._type_seen and self.text[self.position : self.position + 1] == "*"
        elif type in ("RPAREN", "RBRACKET"):
            self.parens -= 1
            self._type_seen = True
        elif type == "COMMA":
            self._type_seen = self._type_seen and self.parens == 0
        else:
            self._type_seen = False

    def _closes_predicate(self, position: int) -> bool:
        """Whether a slash closes the predicate: blanks aside, `{`, `;`, `/` or the end comes next."""
        match = _blanks().match(self.text, position)
        after = match.end() if match else position
        return self.text[after : after + 1] in ("{", ";", "/", "")

    _READERS: dict[str, Callable[[Lexer, str, int, int], Token]] = {
        "word": _word,
        "scoped": _scoped,
        "integer": _integer,
        "float": _float,
        "string": _string,
        "character": _character,
        "aggregation": _aggregation,
        "macro": _macro,
        "punctuator": _punctuator,
        "unknown": _unknown,
    }


_BEFORE_ANY_WORD = words("DOT ARROW PROBE")
_BEFORE_TAG = words("STRUCT UNION ENUM")
_TYPE_KEYWORDS = words("TYPE_WORD STRUCT UNION ENUM")
_TYPE_OPERATORS = words("SIZEOF OFFSETOF")
_EFFECTS = words("LBRACE RBRACE LPAREN RPAREN LBRACKET RBRACKET COMMA SEMICOLON LT")
