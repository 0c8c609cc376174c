"""What lint found, as text, JSON, SARIF 2.1.0 or GitHub annotations: each a function from reports to a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..finding import Report
from . import github, json, sarif, text

FORMATS: dict[str, Callable[[Sequence[Report]], str]] = {
    "text": text.render,
    "json": json.render,
    "sarif": sarif.render,
    "github": github.render,
}
