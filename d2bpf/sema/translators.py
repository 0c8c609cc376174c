"""Translators and xlate: how a stable structure is computed from what this system has (language.md section 9)."""

from __future__ import annotations

from ..diagnostics import Abandon
from ..dtypes import DType, Member, Ptr, Struct, Translated, Typedef, find_member, is_integer, strip
from ..syntax import ast
from .analysis import Analysis, Place, Rules
from .checked import Symbol, TranslatorInfo
from .relations import accepts, is_incomplete, same_type, translatable, type_name


def declare(a: Analysis, item: ast.Translator) -> None:
    """Enter a translator. A library's members are typed as they are used, a program's at once."""
    library = a.place.library
    dst, src = a.name_type(item.dst), a.name_type(item.src)
    struct = strip(dst)
    if not isinstance(struct, Struct) or is_incomplete(struct):
        raise a.error("D_XLATE_SOU", "translator output type must be a struct or union", item.dst)
    if any(same_type(r.info.dst, dst) and same_type(r.info.src, src) for r in a.translators):
        if library:
            return
        raise a.error("D_XLATE_REDECL", f'translator from "{type_name(src)}" to "{type_name(dst)}" has already been declared', item)
    param = Symbol("param", item.param, src)
    rules = Rules(TranslatorInfo(dst, src, param, {}), {}, Place(library, {item.param: param}))
    for name, value, span in item.members:
        if find_member(struct, name) is None:
            raise a.error("D_XLATE_MEMB", f"translator member {name} is not a member of {struct}", span)
        rules.members[name] = (value, span)
    a.translators.append(rules)
    if not library:
        for name in rules.members:
            settle(a, rules, name)


def find(a: Analysis, dst: DType, src: DType) -> Rules | None:
    """The translator for a pair of types: an exact one, else one whose input takes `src`."""
    candidates = [r for r in a.translators if same_type(r.info.dst, dst)]
    for rules in candidates:
        if same_type(rules.info.src, src):
            return rules
    return next((r for r in candidates if is_integer(r.info.src) == is_integer(src) and accepts(r.info.src, src)), None)


def settle(a: Analysis, rules: Rules, name: str) -> None:
    """Type the rule for one member and enter it in the translator's table, once."""
    if name in rules.info.members:
        return
    value, span = rules.members[name]
    member = member_of(rules.info.dst, name)
    with a.at(rules.place):
        t = a.value(value)
    if not translatable(member.type, t, a.is_zero(value)):
        raise a.error(
            "D_XLATE_INCOMPAT",
            f'translator member {name} definition uses incompatible types: "{type_name(member.type)}" = "{type_name(t)}"',
            span,
        )
    # A nested xlate stays translated, so that of its members, too, only those used are computed.
    nested = isinstance(t, Translated) and same_type(t.to, member.type)
    rules.info.members[name] = (value, t if nested else member.type)


def member_of(t: DType, name: str) -> Member:
    struct = strip(t)
    member = find_member(struct, name) if isinstance(struct, Struct) else None
    if member is None:
        raise KeyError(name)
    return member


def member(a: Analysis, e: ast.MemberOf, t: Translated) -> DType:
    """The type of `translated->name`; the node enters the translators table."""
    struct = strip(t.to)
    assert isinstance(struct, Struct)
    found = find_member(struct, e.name)
    if found is None:
        raise a.error("D_TYPE_MEMBER", f"{e.name} is not a member of {struct}", e)
    rules = find(a, t.to, t.source)
    if rules is None:
        raise _none(a, e, t.to, t.source)
    if e.name not in rules.members:
        raise a.error("D_XLATE_NOCONV", f"translator does not define conversion for member: {e.name}", e)
    settle(a, rules, e.name)
    a.place.used_argn |= rules.place.used_argn
    a.checked.translators[e] = rules.info
    return rules.info.members[e.name][1]


def xlate(a: Analysis, e: ast.Xlate) -> DType:
    """`xlate <D *> (e)` is a pseudo-pointer whose members are computed as they are read, `xlate <D> (e)` a whole struct value."""
    t = a.name_type(e.type)
    base = strip(t)
    pointer = isinstance(base, Ptr)
    to = base.to if isinstance(base, Ptr) else t
    source = a.type_of(e.operand)
    if isinstance(source, Translated):
        source = Ptr(source.to) if source.pointer else source.to
    if not isinstance(strip(to), Struct):
        raise a.error("D_XLATE_SOU", "translator output type must be a struct or union", e)
    rules = find(a, to, source)
    if rules is None:
        raise _none(a, e, t, source)
    a.checked.translators[e] = rules.info
    assert isinstance(to, (Struct, Typedef))
    return Translated(to, source, pointer)


def settle_all(a: Analysis, e: ast.Expr, t: Translated) -> None:
    """Type every member's rule: a struct value is about to be copied."""
    rules = find(a, t.to, t.source)
    if rules is None:
        raise _none(a, e, t.to, t.source)
    a.checked.translators[e] = rules.info
    for name in rules.members:
        settle(a, rules, name)


def _none(a: Analysis, e: ast.Expr, to: DType, source: DType) -> Abandon:
    return a.error("D_XLATE_NONE", f'cannot translate from "{type_name(source)}" to "{type_name(to)}"', e)
