"""Cuts a program into its top-level items and parses them one by one (language.md sections 1 and 2).

Outside of items libdtrace's words are probe descriptions, inside they are D's tokens; which item begins is settled by
its first word. One item is one call of the parser, so the typedefs of an item are known when the next one is read, and
a wrong item does not hide the mistakes of those behind it.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from functools import cache

from ..diagnostics import Diagnostic, Sink
from ..source import SourceFile, Span
from . import ast, hints
from ._ply import Unexpected
from .control import ControlLines
from .declarators import Reject, typedef_names
from .env import ParseEnv
from .grammar import ITEM_CLAUSE, ITEM_DECLARATION, ITEM_TYPE, parser
from .lexer import Lexer, LexFailure
from .probedesc import description_word, is_only_description, parse_description
from .tokens import KEYWORDS, Problem, Token, words

_DECLARATION_KEYWORDS = words("TYPE_WORD QUALIFIER STORAGE ENUM INLINE PROVIDER SELF STRUCT THIS TRANSLATOR UNION")


# Levels of nesting in one item. Passes over the tree are recursive, so what they see must be bounded.
MAX_DEPTH = 256

Tokens = Generator[Token, None, None]


@cache
def _leading_name() -> re.Pattern[str]:
    """The name that an outer word starts with: `uint_t` of `uint_t*`, with the module of a scoped type."""
    return re.compile(r"(?:([A-Za-z_][\w.]*)`)?([A-Za-z_]\w*)", re.ASCII)


@cache
def _description_follows() -> re.Pattern[str]:
    """What stands behind a description and never behind a type: a predicate, actions, a comma, the end."""
    return re.compile(r"\s*(?:[{,]|/(?!\*)|\Z)")


@cache
def _item_start() -> re.Pattern[str]:
    """The start of a line where, after a mistake, a new item surely begins."""
    return re.compile(
        r"(?:(?:[\w$*?\[\]!.-]*:){1,3}[\w$*?\[\]!.-]*[ \t]*(?:[,{/\n]|$)"
        r"|(?:BEGIN|END|ERROR)\s*(?:[,{/\n]|$)"
        r"|(?:inline|translator|typedef|provider)\b|(?:self|this)\s+\w)",
        re.ASCII,
    )


@cache
def _declarators() -> re.Pattern[str]:
    return re.compile(r"[ \t]*(?:\w[\w \t*,]*)?;", re.ASCII)


class _Feed:
    """The token stream of one item, as the parser wants it; counts tokens, and keeps the last two for hints."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self.before: Token | None = None
        self.last: Token | None = None
        self.count = 0

    def token(self) -> Token | None:
        token = next(self._tokens, None)
        if token is not None:
            self.before, self.last = self.last, token
            self.count += 1
        return token

    def close(self) -> None:
        self._tokens.close()


class ItemReader:
    """Reads the items of one source into `items`, its mistakes into the sink."""

    def __init__(self, source: SourceFile, env: ParseEnv, sink: Sink) -> None:
        self.items: list[ast.Item] = []
        self._source = source
        self._env = env
        self._sink = sink
        self._wrong_description = False  # in the clause at hand
        source.marks.clear()
        source.places.clear()
        self._lexer = Lexer(source, env, ControlLines(source, env, sink, self.items.append))

    def read(self) -> None:
        """Read all items."""
        while self._skip_blanks():
            self._read_item()

    def read_piece(self, kind: str) -> ast.Node | None:
        """The whole text as one expression (ITEM_EXPRESSION) or type (ITEM_TYPE); None when it is wrong."""
        return self._parse(kind, self._piece_tokens(declaring=kind == ITEM_TYPE))

    # ------------------------------------------------------------ between items

    def _skip_blanks(self) -> bool:
        """Go to the next item; False at the end."""
        while True:
            try:
                self._lexer.skip_blanks()
                return self._lexer.position < len(self._source.text)
            except LexFailure as failure:
                self._report_token(failure.token, None)

    def _read_item(self) -> None:
        kind, tokens = self._next_item()
        start = self._lexer.position
        node = self._parse(kind, tokens)
        if isinstance(node, ast.Clause):
            self._keep_clause(node)
        elif isinstance(node, ast.Item):
            self._env.typedefs.update(typedef_names(node))
            self.items.append(node)
        if self._lexer.position <= start:  # a mistake that read nothing: never look at the same text twice
            self._lexer.position = start + 1

    def _next_item(self) -> tuple[str, Tokens]:
        match = description_word().match(self._source.text, self._lexer.position)
        if match is None:
            self._lexer.begin(declaring=False)
            return ITEM_CLAUSE, self._stray_tokens()
        if self._starts_declaration(match):
            return ITEM_DECLARATION, self._declaration_tokens()
        return ITEM_CLAUSE, self._clause_tokens()

    def _starts_declaration(self, match: re.Match[str]) -> bool:
        word = match.group()
        name = None if is_only_description(word) else _leading_name().match(word)
        if name is None:
            return False
        if KEYWORDS.get(name[0]) in _DECLARATION_KEYWORDS:
            return True
        if self._env.pspec or _description_follows().match(self._source.text, match.end()):
            return False  # without a look at the types: that can cost time
        return self._lexer.knows_type(name[2], name[1] or "")

    def _keep_clause(self, clause: ast.Clause) -> None:
        """Keep a clause, unless a description is wrong, or it has no braces and stands in a file."""
        if self._wrong_description:
            return
        if clause.body is not None or not self._source.is_file:
            self.items.append(clause)
            return
        if clause.predicate is not None:
            message = "expected actions { } following probe description and predicate"
            self._sink.error("D_SYNTAX", message, clause.predicate.span, "{ } is the default action")
        else:
            message = "expected predicate and/or actions following probe description"
            self._sink.error("D_SYNTAX", message, clause.probes[0].span, hints.lone_description(clause))
        text, position = self._source.text, self._lexer.position
        if position < len(text) and "\n" not in text[clause.span.end : position]:
            self._recover(None, position)  # the rest of the line belongs to the same mistake

    # ------------------------------------------------------------ tokens of an item

    def _clause_tokens(self) -> Tokens:
        lexer, text = self._lexer, self._source.text
        lexer.begin(declaring=False)
        self._wrong_description = False
        yield from self._descriptions()
        if text.startswith("/", lexer.position):
            yield from self._predicate()
            lexer.skip_blanks()
        if text.startswith("{", lexer.position):
            yield from self._body()
        elif not description_word().match(text, lexer.position):
            yield from self._stray_tokens()

    def _descriptions(self) -> Tokens:
        """Descriptions and commas, then blanks up to what follows them."""
        lexer, text = self._lexer, self._source.text
        while True:
            match = description_word().match(text, lexer.position)
            if not match:
                return
            lexer.position = match.end()
            yield self._description(match.group(), match.start())
            lexer.skip_blanks()
            if not text.startswith(",", lexer.position):
                return
            lexer.position += 1
            yield Token("COMMA", ",", self._source, lexer.position - 1, lexer.position)
            lexer.skip_blanks()

    def _description(self, word: str, start: int) -> Token:
        span = Span(self._source, start, start + len(word))
        description = parse_description(word, span, self._env.level, self._env.macros)
        if isinstance(description, Problem):
            self._sink.error(description.code, description.message, span)
            self._wrong_description = True
        return Token("DESCRIPTION", description, self._source, span.start, span.end)

    def _predicate(self) -> Tokens:
        lexer = self._lexer
        start = lexer.position
        lexer.position += 1
        yield Token("PREDICATE", "/", self._source, start, lexer.position)
        lexer.in_predicate = True
        try:
            while (token := lexer.next()) is not None:
                yield token
                if token.type == "PREDICATE_END":
                    return
        finally:
            lexer.in_predicate = False
            self._mark(start, "in predicate")

    def _body(self) -> Tokens:
        lexer = self._lexer
        start = lexer.position
        try:
            while (token := lexer.next()) is not None:
                yield token
                if token.type == "RBRACE" and lexer.braces <= 0:
                    return
        finally:
            self._mark(start, "in action list")

    def _mark(self, start: int, place: str) -> None:
        if not self._source.is_file:
            end = self._lexer.position
            self._source.places.append((start, end + (end == len(self._source.text)), place))

    def _declaration_tokens(self) -> Tokens:
        lexer = self._lexer
        lexer.begin(declaring=True)
        first = ""
        while (token := lexer.next()) is not None:
            first = first or token.type
            if (first, token.type) in (("INLINE", "ASSIGN"), ("TRANSLATOR", "LBRACE")):
                lexer.declaring = False
            yield token
            if token.type == "SEMICOLON" and lexer.braces <= 0:
                return

    def _piece_tokens(self, *, declaring: bool) -> Tokens:
        self._lexer.begin(declaring=declaring)
        while (token := self._lexer.next()) is not None:
            yield token

    def _stray_tokens(self) -> Tokens:
        """One token that has no place outside of items, for the parser to refuse."""
        token = self._lexer.next()
        if token is not None:
            yield token

    # ------------------------------------------------------------ parsing and mistakes

    def _parse(self, kind: str, tokens: Tokens) -> ast.Node | None:
        """The item's node; None when it is wrong, which is then reported and skipped."""
        position = self._lexer.position
        feed = _Feed(_after(Token(kind, None, self._source, position, position), tokens))
        wrong: Token | None
        try:
            node: ast.Node = parser(self._env.store).parse(feed)
            return node if feed.count <= MAX_DEPTH else self._refuse_depth(node)
        except Unexpected as unexpected:
            wrong = self._report_unexpected(unexpected.token, feed)
        except Reject as reject:
            self._sink.error(reject.code, reject.message, reject.span, reject.help)
            wrong = feed.last
        except LexFailure as failure:
            wrong = failure.token
            self._report_token(wrong, feed)
        feed.close()
        if hints.is_line_comment(wrong) and feed.before is not None and feed.before.type == kind:
            self._skip_to_line_end()
        else:
            self._recover(wrong, position)
        return None

    def _refuse_depth(self, node: ast.Node) -> ast.Node | None:
        """The node, unless it is nested too deeply."""
        deep = ast.deeper_than(node, MAX_DEPTH)
        if deep is None:
            return node
        self._sink.error("D_SYNTAX", f"more than {MAX_DEPTH} levels of nesting", deep.span)
        return None

    def _report_unexpected(self, token: Token | None, feed: _Feed) -> Token | None:
        """Report the syntax error at `token`, None being the end of the item; the token at which it was reported."""
        token = token or self._lexer.next()
        if token is None:
            end = len(self._source.text)
            help = hints.end_of_input(self._lexer.braces)
            self._sink.error("D_SYNTAX", "syntax error near end of input", Span(self._source, end, end), help)
        else:
            self._report_token(token, feed)
        return token

    def _report_token(self, token: Token, feed: _Feed | None) -> None:
        """Report an ERROR token's problem, or the syntax error that any other token is."""
        problem = token.data if isinstance(token.data, Problem) else Problem("D_SYNTAX", "syntax error", near=True)
        message = problem.message
        if problem.near:
            message += f' near "{token.text}"' if token.text else " near end of input"
        help = problem.help
        if not help and token.type != "ERROR":
            help = hints.unexpected(token, feed.before if feed else None, self._lexer.braces, self._lexer.declaring)
        self._sink.items.append(Diagnostic(problem.code, message, token.span, help))

    def _recover(self, token: Token | None, item_start: int) -> None:
        """Skip what is left of an item, from after the wrong token on: to its closing brace or semicolon, or to a line
        that surely starts another item, be it the wrong token's own."""
        lexer = self._lexer
        lexer.in_predicate = False
        line_start = self._source.text.rfind("\n", 0, token.start) + 1 if token is not None else 0
        if line_start > item_start and _item_start().match(self._source.text, line_start):
            lexer.position = line_start
            return
        while not self._at_item_start():
            if token is not None and lexer.braces <= 0 and token.type in ("RBRACE", "SEMICOLON"):
                if token.type == "RBRACE":
                    self._skip_declarators()
                return
            if hints.is_line_comment(token):
                self._skip_to_line_end()
            token = lexer.next()
            if token is None:
                return

    def _skip_declarators(self) -> None:
        """`} name;` behind the braces of a wrong struct, `};` behind those of a wrong translator."""
        match = _declarators().match(self._source.text, self._lexer.position)
        if match:
            self._lexer.position = match.end()

    def _at_item_start(self) -> bool:
        """Whether a line begins here, blanks aside, that can only start an item."""
        text, position = self._source.text, self._lexer.position
        line = text.find("\n", position)
        if line < 0 or text[position:line].strip():
            return False
        if not _item_start().match(text, line + 1):
            return False
        self._lexer.position = line
        return True

    def _skip_to_line_end(self) -> None:
        end = self._source.text.find("\n", self._lexer.position)
        self._lexer.position = end if end >= 0 else len(self._source.text)


def _after(first: Token, rest: Tokens) -> Tokens:
    yield first
    yield from rest
