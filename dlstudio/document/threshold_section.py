"""The section of a report that says what each decision threshold would predict."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from dlstudio.document.report_sections import plain_section
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject
from dlstudio.percent_text import percent

DEFAULT = 0.5


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a threshold predicts, counted over all evaluated samples.

    Attributes:
        right_no, wrong_yes, wrong_no, right_yes: True and false negatives and
            positives, as in scikit-learn's [[tn, fp], [fn, tp]].
    """

    right_no: int
    wrong_yes: int
    wrong_no: int
    right_yes: int

    @property
    def precision(self) -> float | None:
        """Share of the predicted that are right; None if nothing is predicted."""
        return _share(self.right_yes, self.right_yes + self.wrong_yes)

    @property
    def recall(self) -> float | None:
        """Share of the actual that are predicted; None if there are none."""
        return _share(self.right_yes, self.right_yes + self.wrong_no)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both; None if it is not defined."""
        wrong = self.wrong_yes + self.wrong_no
        return _share(2 * self.right_yes, 2 * self.right_yes + wrong)


@dataclass(frozen=True, slots=True)
class DecisionThreshold:
    """The threshold of an output, and what others would predict.

    Attributes:
        value: In effect: the lowest probability at which a label is predicted.
        positive: Of two classes, the one whose probability it is about; "" where a
            sample may have any number of labels.
        thresholds: Ascending.
        counts: For each of them the four numbers of `Decisions`.
    """

    NAME: ClassVar[str] = "threshold"
    value: float
    positive: str
    thresholds: tuple[float, ...]
    counts: tuple[tuple[int, int, int, int], ...]

    def at(self, threshold: float) -> Decisions | None:
        """What the nearest known threshold predicts; None if none is known."""
        if not self.thresholds:
            return None
        place = bisect_left(self.thresholds, threshold)
        near = range(max(place - 1, 0), min(place + 1, len(self.thresholds)))
        best = min(near, key=lambda each: abs(self.thresholds[each] - threshold))
        return Decisions(*self.counts[best])

    def to_json(self) -> JsonObject:
        """{"value", "positive", "thresholds": […], "counts": [[tn, fp, fn, tp], …]}."""
        return {**plain_section(self), "counts": [list(each) for each in self.counts]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> DecisionThreshold:
        """Raises KeyError, TypeError or ValueError for anything else."""
        thresholds = tuple(map(float, data["thresholds"]))
        counts = tuple(_four(each) for each in data["counts"])
        if len(thresholds) != len(counts):
            raise ValueError("as many counts as thresholds")
        return cls(float(data["value"]), str(data["positive"]), thresholds, counts)


def threshold_text(positive: str, threshold: float) -> str:
    """From which probability on a label is predicted.

    Args:
        positive: Of two classes, the one whose probability it is about; "" where a
            sample may have any number of labels.
        threshold: The lowest probability.
    """
    text = _("A label is predicted from a probability of {share} on.")
    if positive:
        text = _("“{name}” is predicted from a probability of {share} on.")
    return text.format(name=positive, share=percent(threshold))


def _four(numbers: Any) -> tuple[int, int, int, int]:
    first, second, third, fourth = map(int, numbers)
    return first, second, third, fourth


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
