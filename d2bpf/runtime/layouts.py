"""Whether this kernel's structures look as print() was told (builtins/actions/_layout.py), and its constants have the values
that the program was made with: a plan may come from another machine."""

from __future__ import annotations

from ..target.btf import AGGREGATES, ARRAY, Btf, BtfError
from .errors import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any


def check_layouts(plan: Mapping[str, Any]) -> None:
    """Raises Failure if a kernel structure that the plan prints has other members, or has them elsewhere, in this kernel, or if a
    constant has another value."""
    layouts = [action["layout"]["types"] for record in plan["records"] for action in record["actions"] if "layout" in action]
    if not plan["enumerators"] and not any(type_.get("kernel") for types in layouts for type_ in types):
        return
    try:
        btf = Btf.open()
        for name, value in plan["enumerators"].items():
            if (btf.enumerator(name) or (None,))[0] != value:
                raise _other(f"{name} is not {value}, as it is")
        for types in layouts:
            for number, type_ in enumerate(types):
                if type_.get("kernel") and not _same(btf, btf.find_type(type_["kernel"]), types, number):
                    raise _other(f"{type_['kernel']} is not laid out as")
    except (BtfError, OSError) as error:
        raise Failure(f"could not enable tracing: kernel type information: {error}") from None


def _other(difference: str) -> Failure:
    return Failure(f"could not enable tracing: {difference} where this program was made: translate it anew")


def _same(btf: Btf, type_id: int, types: Sequence[Mapping[str, Any]], number: int) -> bool:
    """Whether a structure's members have the same names, places and sizes. Structures without a name of their own are looked
    into; others are in the list of types themselves."""
    type_id, expected = btf.strip(type_id), types[number]
    if expected["kind"] == "array" and btf.kind(type_id) == ARRAY:
        element, count = btf.array(type_id)
        return bool(count == expected["count"]) and _same(btf, element, types, expected["of"])
    if btf.kind(type_id) not in AGGREGATES or "members" not in expected:
        return bool(expected["size"] == _size(btf, type_id))
    if btf.size_of(type_id) != expected["size"]:
        return False
    members = btf.members(type_id)
    if [(name, at, bits) for name, _, at, bits in members] != [(name, at, bits) for name, _, at, bits in expected["members"]]:
        return False
    return all(
        types[inner].get("kernel") or _same(btf, member_id, types, inner)
        for (_, member_id, _, _), (_, inner, _, _) in zip(members, expected["members"])
    )


def _size(btf: Btf, type_id: int) -> int:
    try:
        return btf.size_of(type_id)
    except BtfError:  # void, functions
        return 0
