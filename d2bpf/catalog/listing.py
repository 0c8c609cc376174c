"""What -l and -lv show of a probe (output.md section 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..options import CLASSES, STABILITIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .match import Catalog
    from .schema import Probe

HEADER = f"{'ID':>5} {'PROVIDER':>10} {'MODULE':>17} {'FUNCTION':>33} NAME"

_FIELDS = ("provider", "module", "function", "name")
_ORDERS = (STABILITIES, STABILITIES, CLASSES)


def row(probe: Probe) -> str:
    """The line of a probe, without its newline."""
    return f"{probe.id:5d} {probe.provider:>10} {probe.module:>17} {probe.function:>33} {probe.name}"


def details(catalog: Catalog, probe: Probe) -> str:
    """The lines that -lv puts behind a row: stability of the description and of the arguments, types of args[]."""
    stability = catalog.stability(probe.provider)
    written = [stability[field] for field in _FIELDS if getattr(probe, field)]
    types = [f"\t\targs[{at}]: {argument.type}" for at, argument in enumerate(probe.sites[0].args if probe.sites else ())]
    return "\n".join([
        "",
        *attributes("Probe Description Attributes", least(written)),
        "",
        *attributes("Argument Attributes", stability["args"]),
        "",
        "\tArgument Types",
        *(types or ["\t\tNone"]),
        "",
        "",
    ])  # fmt: skip


def attributes(title: str, text: str) -> list[str]:
    """The lines for attributes written as in provider files: "Evolving/Evolving/ISA"."""
    name, data, dependency = text.split("/")
    return [
        f"\t{title}",
        f"\t\tIdentifier Names: {name}",
        f"\t\tData Semantics:   {data}",
        f"\t\tDependency Class: {dependency}",
    ]


def least(texts: Iterable[str]) -> str:
    """The attributes that hold for all of several: part by part the least stable."""
    parts = zip(*(text.split("/") for text in texts), strict=True)
    return "/".join(min(words, key=order.index) for words, order in zip(parts, _ORDERS, strict=True))


def below(text: str, minimum: str) -> bool:
    """Whether some part of the attributes is less stable than that of `minimum`."""
    return least([text, minimum]) != minimum
