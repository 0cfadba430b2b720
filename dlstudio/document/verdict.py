"""What was learned by a run, compared with a trivial baseline: plain values."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.serialization import edit_to_json
from dlstudio.document.values import FrozenMap
from dlstudio.json_values import JsonObject

LEARNED, PARTLY, UNCLEAR, NOTHING = "learned", "partly", "unclear", "nothing"
FAILED, UNTESTED, SEEN = "failed", "untested", "seen"
OUTCOMES = (LEARNED, PARTLY, UNCLEAR, NOTHING, FAILED, UNTESTED, SEEN)
"""What a verdict can say:

- "learned": better than the baseline, by more than chance
- "partly": not clearly better than the baseline, but the scores tell classes apart
- "unclear": better than the baseline, but that can be chance
- "nothing": no better than the baseline
- "failed": the loss was NaN or exploded
- "untested": nothing was held out that could tell
- "seen": these samples were trained on, so they cannot tell
"""

ACCURACY, MICRO_F1 = "accuracy", "micro_f1"

EDIT, TRAIN_LONGER = "edit", "train_longer"
OPEN_DATA, TEMPLATE = "open_data", "template"
"""Kinds of suggestions: edits of the project, or a step elsewhere."""


@dataclass(frozen=True, slots=True)
class BaselineComparison:
    """A model against a baseline that always gives the same answer.

    Attributes:
        metric: "accuracy", or "micro_f1" where samples have several labels.
        value, baseline: Of the model and of the baseline, 0 to 1.
        answer: What the baseline always answers: names of classes.
        low, high: Ends of the 95 % confidence interval of `value`.
        p_value: Probability of such a `value` if the model were no better than the
            baseline.
        association: Probability of scores that follow the labels as these do, if
            they had nothing to do with each other; None where it is not known.
        roc_auc: Mean area under the ROC curve; None where it is not defined.
        samples: How many were asked.
        split: The part of the data they are.
    """

    metric: str
    value: float
    baseline: float
    answer: tuple[str, ...]
    low: float
    high: float
    p_value: float
    samples: int
    split: str
    association: float | None = None
    roc_auc: float | None = None

    def to_json(self) -> JsonObject:
        """Plain JSON data."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        return {**plain, "answer": list(self.answer)}

    @classmethod
    def from_json(cls, item: Any) -> BaselineComparison | None:
        """What `to_json` gave; None for anything else."""
        try:
            values = {f.name: item[f.name] for f in dataclasses.fields(cls)}
            values["answer"] = tuple(map(str, values["answer"]))
            found = cls(**values)
            numbers = (found.value, found.baseline, found.low, found.high)
            fits = all(math.isfinite(each) for each in (*numbers, found.p_value))
            return found if fits else None
        except (KeyError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class Cause:
    """A likely reason for what a verdict says.

    Attributes:
        code: Stable name, such as "overfit"; see
            `dlstudio.engine.evaluation.verdict.causes`.
        facts: The numbers and names its sentence needs.
    """

    code: str
    facts: FrozenMap[str, Any] = field(default_factory=FrozenMap)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run has learned.

    Attributes:
        outcome: One of `OUTCOMES`.
        comparison: With the baseline; None where there is none.
        causes: The likeliest first.
    """

    outcome: str
    comparison: BaselineComparison | None = None
    causes: tuple[Cause, ...] = ()

    def to_json(self) -> JsonObject:
        """The form in which it is kept in a run's report."""
        return {
            "outcome": self.outcome,
            "comparison": self.comparison.to_json() if self.comparison else None,
            "causes": [
                {"code": each.code, "facts": dict(each.facts)} for each in self.causes
            ],
        }

    @classmethod
    def from_json(cls, item: object) -> Verdict | None:
        """What `to_json` gave; None for anything else."""
        if not isinstance(item, Mapping) or item.get("outcome") not in OUTCOMES:
            return None
        causes = item.get("causes")
        if not isinstance(causes, list):
            return None
        try:
            made = tuple(
                Cause(str(each["code"]), _facts(each["facts"])) for each in causes
            )
        except (KeyError, TypeError, ValueError):
            return None
        return cls(
            item["outcome"], BaselineComparison.from_json(item.get("comparison")), made
        )


def _facts(item: Any) -> FrozenMap[str, Any]:
    return FrozenMap(
        {k: tuple(v) if isinstance(v, list) else v for k, v in dict(item).items()}
    )


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to try next: a button's text and what it does.

    Attributes:
        kind: "edit", "train_longer", "open_data" or "template".
        edits: Of the project, for "edit".
        run, more: Which run goes on, and for how many epochs, for "train_longer".
        name: For "open_data" the class to look at, or ""; for "template" its kind.
    """

    kind: str
    label: str
    edits: tuple[Edit, ...] = ()
    run: str = ""
    more: int = 0
    name: str = ""

    def to_json(self) -> JsonObject:
        """The form the commands print with `--json`."""
        item: dict[str, Any] = {"kind": self.kind, "label": self.label}
        if self.edits:
            item["edits"] = [edit_to_json(each) for each in self.edits]
        if self.run:
            item |= {"run": self.run, "more": self.more}
        if self.name:
            item["name"] = self.name
        return item
