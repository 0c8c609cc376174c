"""The front end of D: source text to the tree of ast.py, mistakes to a Sink.

Nothing here knows what names mean, except whether a word is a type.
"""

from __future__ import annotations

from ..diagnostics import Abandon, Sink
from ..source import SourceFile, Span
from . import ast
from .env import ParseEnv
from .grammar import ITEM_EXPRESSION, ITEM_TYPE
from .items import ItemReader
from .macros import MacroEnv, unused_argument

__all__ = ["MacroEnv", "ParseEnv", "parse", "parse_expression", "parse_type", "unused_argument"]


def parse(source: SourceFile, env: ParseEnv, sink: Sink) -> ast.Program:
    """The program of `source`. An item with a mistake is left out, and its first mistake is reported in `sink`."""
    everything = Span(source, 0, len(source.text))
    if not source.is_file and not source.text.strip():
        return ast.Program(everything, (_match_all(source),))
    mistakes = len(sink.errors)
    reader = ItemReader(source, env, sink)
    reader.read()
    nothing = all(isinstance(item, ast.Pragma) for item in reader.items)
    if nothing and len(sink.errors) == mistakes and not (env.empty or env.library):
        sink.error("D_EMPTY", "empty D program translation unit", Span(source, everything.end, everything.end))
    return ast.Program(everything, tuple(reader.items))


def _match_all(source: SourceFile) -> ast.Clause:
    """`-n ''`: every probe there is."""
    span = Span(source, 0, 0)
    return ast.Clause(span, (ast.ProbeDesc(span, "", "", "", "", ""),), None, None)


def parse_expression(text: str, env: ParseEnv, sink: Sink, origin: SourceFile | None = None) -> ast.Expr:
    """The D expression `text`, found in `origin`. Raises Abandon after reporting a mistake."""
    node = _parse_piece(text, env, sink, origin, ITEM_EXPRESSION)
    assert isinstance(node, ast.Expr)
    return node


def parse_type(text: str, env: ParseEnv, sink: Sink, origin: SourceFile | None = None) -> ast.TypeName:
    """The D type `text`, as in a cast. Raises Abandon after reporting a mistake."""
    node = _parse_piece(text, env, sink, origin, ITEM_TYPE)
    assert isinstance(node, ast.TypeName)
    return node


def _parse_piece(text: str, env: ParseEnv, sink: Sink, origin: SourceFile | None, kind: str) -> ast.Node:
    source = SourceFile(origin.name if origin else kind.lower(), text, is_file=False)
    node = ItemReader(source, env, sink).read_piece(kind)
    if node is None:
        raise Abandon(text)
    return node
