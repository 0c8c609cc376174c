"""Prototype strings of built-ins, such as "string substr(const char *, int, [int])" (builtins.md)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

ANY = "@"


@dataclass(frozen=True, slots=True)
class Prototype:
    """`params` are D type texts, ANY for any value; the first `required` must be given. `variadic`: any more may follow."""

    result: str
    params: tuple[str, ...]
    required: int
    variadic: bool

    def expected(self, given: int) -> str | None:
        """How D_PROTO_LEN describes the number of arguments wanted, if `given` is wrong."""
        most = len(self.params)
        if self.required <= given and (given <= most or self.variadic):
            return None
        if self.required == most and not self.variadic:
            return str(most)
        return f"at least {self.required}" if given < self.required else f"at most {most}"


@cache
def parse(text: str) -> Prototype:
    head, _, rest = text.partition("(")
    result = head.rpartition("*")[0] + "*" if "*" in head else head.rpartition(" ")[0]
    params: list[str] = []
    required, variadic = 0, False
    for word in filter(None, (w.strip() for w in rest.rstrip(")").split(","))):
        if word == "...":
            variadic = True
        elif word.startswith("["):
            params.append(word.strip("[]").strip())
        else:
            params.append(word)
            required = len(params)
    return Prototype(result.strip(), tuple(params), required, variadic)
