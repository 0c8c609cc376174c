"""trunc(): removes keys of an aggregation: all, or all but the highest or lowest n."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="trunc",
    prototype="void trunc(@, [int64_t])",
    doc="removes keys of an aggregation: all, or all but the highest or lowest n",
    aggregates=True,
)
