"""Which column of a table is probably to be predicted, if nobody has said it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dlstudio.catalog.feature_heads import heads_of
from dlstudio.catalog.store import Catalog
from dlstudio.data.features.column_names import name_words
from dlstudio.data.features.inference import InferredColumn

NAMES: Mapping[str, float] = {
    **dict.fromkeys(("target", "label", "labels", "目标", "标签"), 0.95),
    **dict.fromkeys(("y", "outcome", "survived", "churn", "diagnosis", "结果"), 0.9),
    **dict.fromkeys(("fraud", "default", "output", "response", "species"), 0.85),
    **dict.fromkeys(("class", "category", "类别", "quality", "result"), 0.8),
    **dict.fromkeys(("price", "medv", "mpg", "charges", "sales", "价格"), 0.75),
}
"""What targets are often called, and how certain that is."""
WITHIN = 0.8
"""What is left of this certainty if the name has other words, too."""
LAST_CATEGORY, LAST = 0.6, 0.5


@dataclass(frozen=True, slots=True)
class TargetChoice:
    """A column that is probably the target.

    Attributes:
        column: Its name.
        certainty: 0 to 1.
    """

    column: str
    certainty: float


def choose_target(
    columns: Mapping[str, InferredColumn], catalog: Catalog
) -> TargetChoice | None:
    """The column that is called like a target, else the last that may be one.

    A text is a target only if nothing else is: most often something is predicted from
    it.

    Args:
        columns: In the order of the table.
        catalog: Says which feature types can be predicted.

    Returns:
        None if none can be predicted.
    """
    used = [
        each for each in columns.values() if each.kind and heads_of(each.kind, catalog)
    ]
    used = [e for e in used if not catalog[e.kind].extra.get("prose")] or used
    if not used:
        return None
    # Of equally certain ones the last: tables often end with what is asked.
    named = max(reversed(used), key=lambda each: _by_name(each.name))
    last = used[-1]
    at_end = LAST_CATEGORY if last.kind.endswith(".category") else LAST
    if _by_name(named.name) >= at_end:
        return TargetChoice(named.name, _by_name(named.name))
    return TargetChoice(last.name, at_end)


def _by_name(name: str) -> float:
    words = name_words(name) or [name.strip().lower()]
    if len(words) == 1:
        return NAMES.get(words[0], 0.0)
    return WITHIN * max(NAMES.get(words[0], 0.0), NAMES.get(words[-1], 0.0))
