"""What a run has learned, compared with a trivial baseline, as plain values."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.serialization import edit_to_json
from dlstudio.document.sample_nouns import FIRST_NOUN
from dlstudio.document.values import FrozenMap
from dlstudio.json_values import JsonObject

LEARNED, PARTLY, UNCLEAR, NOTHING = "learned", "partly", "unclear", "nothing"
FAILED, UNTESTED, SEEN = "failed", "untested", "seen"
OUTCOMES = (LEARNED, PARTLY, UNCLEAR, NOTHING, FAILED, UNTESTED, SEEN)
"""Outcomes of a verdict:

- "learned": better than the baseline, by more than chance
- "partly": not clearly better than the baseline, but the scores separate the classes
- "unclear": better than the baseline, but possibly by chance
- "nothing": no better than the baseline
- "failed": the loss was NaN or exploded
- "untested": nothing was held out to evaluate on
- "seen": the samples were trained on, so the evaluation is meaningless
"""

ACCURACY, MICRO_F1, MAE = "accuracy", "micro_f1", "mae"
ENTITY_F1, BITS, CHRF = "entity_f1", "bits_per_character", "chrf"
"""Metrics of comparisons: of numbers the mean absolute error, of tagged tokens the F1
score of entities, of language models bits per character, of written texts chrF (0 to
100).
"""
LESS_IS_BETTER = frozenset((MAE, BITS))

EDIT, TRAIN_LONGER = "edit", "train_longer"
OPEN_DATA = "open_data"
"""Kinds of suggestions: edits of the project, or other actions."""


@dataclass(frozen=True, slots=True)
class BaselineComparison:
    """A model compared with a baseline that always predicts the same.

    Attributes:
        metric: "accuracy", "micro_f1" for multi-label data, "mae" of numbers,
            "entity_f1", "bits_per_character" or "chrf".
        value, baseline: The model's and the baseline's metric.
        answer: Class names that the baseline always predicts; of numbers the median; of
            written texts that text, or nothing where it copies the source.
        low, high: Bounds of the 95 % confidence interval of `value`.
        p_value: Probability of such a `value` if the model were no better than the
            baseline.
        association: Probability of scores, or numbers, associated with the truth as
            strongly as these, if the two were independent; None if unknown.
        roc_auc: Mean area under the ROC curve; None if undefined.
        samples: Number of evaluated samples.
        split: Split that the samples belong to.
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

    @property
    def better(self) -> bool:
        """Whether the model's metric is better than the baseline's."""
        if self.less_is_better:
            return self.value < self.baseline
        return self.value > self.baseline

    @property
    def less_is_better(self) -> bool:
        """Whether the metric is an error."""
        return self.metric in LESS_IS_BETTER

    def with_p_value(self, value: float) -> BaselineComparison:
        """The same with another probability that it is due to chance."""
        return dataclasses.replace(self, p_value=value)

    def to_json(self) -> JsonObject:
        """Plain JSON data."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        return {**plain, "answer": list(self.answer)}

    @classmethod
    def from_json(cls, item: Any) -> BaselineComparison | None:
        """The object that `to_json` returned; None for anything else."""
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
    """A likely cause of a verdict's outcome.

    Attributes:
        code: Stable name, such as "overfit"; see
            `dlstudio.engine.evaluation.verdict.causes`.
        facts: Numbers and names for its message.
    """

    code: str
    facts: FrozenMap[str, Any] = field(default_factory=FrozenMap)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on what a run has learned.

    Attributes:
        outcome: One of `OUTCOMES`.
        comparison: Comparison with the baseline, or None.
        causes: Likely causes, the most likely first.
        samples: What the samples are called, see `document.sample_nouns`.
    """

    outcome: str
    comparison: BaselineComparison | None = None
    causes: tuple[Cause, ...] = ()
    samples: str = FIRST_NOUN

    def to_json(self) -> JsonObject:
        """The form stored in a run's report; "samples" unless it is the first noun."""
        noun = {} if self.samples == FIRST_NOUN else {"samples": self.samples}
        return {
            "outcome": self.outcome,
            "comparison": self.comparison.to_json() if self.comparison else None,
            "causes": [
                {"code": each.code, "facts": dict(each.facts)} for each in self.causes
            ],
            **noun,
        }

    @classmethod
    def from_json(cls, item: object) -> Verdict | None:
        """The object that `to_json` returned; None for anything else."""
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
            item["outcome"],
            BaselineComparison.from_json(item.get("comparison")),
            made,
            str(item.get("samples", FIRST_NOUN)),
        )


def _facts(item: Any) -> FrozenMap[str, Any]:
    return FrozenMap(
        {k: tuple(v) if isinstance(v, list) else v for k, v in dict(item).items()}
    )


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggested next step: a button's text and its action.

    Attributes:
        kind: "edit", "train_longer" or "open_data".
        edits: Edits of the project, for "edit".
        run, more: Run to resume and number of additional epochs, for "train_longer".
        name: For "open_data" the class to show, or "".
    """

    kind: str
    label: str
    edits: tuple[Edit, ...] = ()
    run: str = ""
    more: int = 0
    name: str = ""

    def to_json(self) -> JsonObject:
        """The form that commands print with `--json`."""
        item: dict[str, Any] = {"kind": self.kind, "label": self.label}
        if self.edits:
            item["edits"] = [edit_to_json(each) for each in self.edits]
        if self.run:
            item |= {"run": self.run, "more": self.more}
        if self.name:
            item["name"] = self.name
        return item
