"""The D expressions of provider tables: parsed, typed and bound to what the attach point delivers (catalog/schema.py)."""

from __future__ import annotations

from ..catalog.schema import Argument, Native, Site
from ..diagnostics import Abandon
from ..dtypes import DType, Translated
from ..source import SourceFile, Span
from ..syntax import ast, parse_expression
from ..syntax.env import ParseEnv
from . import translators
from .analysis import Analysis, Place
from .checked import SiteCode, Symbol, TranslatorInfo
from .probes import argument_type

Key = tuple[object, ...]


class Sites:
    """Makes the SiteCode of each site a program uses; sites that agree in what is used share one."""

    def __init__(self, a: Analysis) -> None:
        self.a = a
        self._made: dict[Key, SiteCode] = {}
        self._natives: dict[tuple[Native, ...], tuple[Symbol, ...]] = {}
        self._env = ParseEnv(is_type=a.types.known, typedefs=a.types.typedefs())

    def code(self, site: Site, args: int, argn: int) -> SiteCode:
        """The site's expressions, of args[] and argN the first `args` and `argn` only. Abandon after reporting a wrong one."""
        used = tuple(site.args[:args]) if args else ()
        natives = _needed(site, used, argn)
        key = (natives, used, site.argn, argn, site.when, site.task, site.library)
        if key not in self._made:
            self._made[key] = self._make(site, natives, args, argn)
        return self._made[key]

    def _make(self, site: Site, needed: tuple[Native, ...], args: int, argn: int) -> SiteCode:
        natives = self._bound(needed)
        place = Place(params={s.name: s for s in natives}, library=True)
        with self.a.at(place):
            return SiteCode(
                natives,
                tuple(self._argument(site, i) for i in range(min(args, len(site.args)))),
                tuple(self._raw(site, i) for i in range(min(argn, len(site.argn or site.natives)))),
                self._expression(site.when) if site.when else None,
                self._expression(site.task) if site.task else None,
            )

    def _bound(self, natives: tuple[Native, ...]) -> tuple[Symbol, ...]:
        if natives not in self._natives:
            self._natives[natives] = tuple(Symbol("param", n.name, self._type(n.type)) for n in natives)
        return self._natives[natives]

    def _type(self, text: str) -> DType:
        t = self.a.types.text(text)
        if t is None:  # an address of something this kernel does not describe
            t = self.a.types.text("void *")
        assert t is not None
        return t

    def _argument(self, site: Site, i: int) -> tuple[ast.Expr, DType, TranslatorInfo | None, DType]:
        argument = site.args[i]
        expr = self._expression(argument.expr)
        seen = argument_type(self.a, argument) or self._type("void *")
        native = self._type(argument.native)
        info = None
        if isinstance(seen, Translated):
            rules = translators.find(self.a, seen.to, seen.source)
            info = rules.info if rules else None
        return expr, native, info, seen

    def _raw(self, site: Site, i: int) -> ast.Expr:
        return self._expression(site.argn[i] if site.argn else site.natives[i].name)

    def _expression(self, text: str) -> ast.Expr:
        with self.a.aside() as sink:
            try:
                if text.isidentifier():  # most are; the parser need not be started for them
                    source = SourceFile("provider", text, is_file=False)
                    node: ast.Expr = ast.Ident(Span(source, 0, len(text)), text)
                else:
                    node = parse_expression(text, self._env, sink)
                self.a.value(node)
                return node
            except Abandon:
                pass
        said = sink.errors[0].message if sink.errors else "names in it are in error"
        raise self.a.error("X_PROVIDER", f'provider expression "{text}" is wrong: {said}', None)


def _needed(site: Site, used: tuple[Argument, ...], argn: int) -> tuple[Native, ...]:
    """The natives that the site's expressions may name: of those that are arguments themselves, so many as are used."""
    plain = all(argument.expr == native.name for argument, native in zip(used, site.natives, strict=False))
    if site.when or site.task or site.argn or not plain or len(used) > len(site.natives):
        return site.natives
    return site.natives[: max(len(used), argn)]
