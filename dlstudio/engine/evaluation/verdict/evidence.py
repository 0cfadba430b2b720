"""The evidence for causes: metrics of a report and its training history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from dlstudio.catalog.store import Catalog
from dlstudio.document.several_labels import SEVERAL_LABELS
from dlstudio.document.verdict import ACCURACY, MAE, BaselineComparison, Cause
from dlstudio.document.verdict_metrics import quality
from dlstudio.engine.evaluation.verdict.history import TrainingHistory
from dlstudio.engine.heads.head_causes import causes_in

POOR_FIT = 0.25
"""Below this fraction of the way from the baseline to 1 on its training samples, a
model has not fitted even those; noise alone reaches about 0.1 on 100 samples.
"""
CONSTANT = 0.02
"""Predictions that spread less than this share of the actual numbers are all alike."""


@dataclass(frozen=True)
class Evidence:
    """A report's metrics with the history of its run.

    Attributes:
        report: The report in its JSON form.
        comparison: The model against the baseline on the held-out samples.
    """

    report: Mapping[str, Any]
    comparison: BaselineComparison
    history: TrainingHistory
    catalog: Catalog

    @property
    def classes(self) -> Sequence[str]:
        """Names of the classes."""
        return [str(each) for each in self.report.get("classes", ())]

    @cached_property
    def counts(self) -> dict[str, int]:
        """Training samples per class; empty if unknown."""
        found = self._training.get("classes")
        items = found.items() if isinstance(found, Mapping) else ()
        return {str(k): v for k, v in items if isinstance(v, int)}

    @property
    def trained(self) -> float | None:
        """The compared metric on training samples.

        An older report lacks it; then the value measured while training.
        """
        value = self._training.get("value")
        if value is None and self.comparison.metric == ACCURACY:
            curve = self.history.curve(ACCURACY)
            value = curve[(self.history.best or len(curve)) - 1] if curve else None
        return float(value) if isinstance(value, (int, float)) else None

    @property
    def fit(self) -> float | None:
        """How well the training samples are fitted: 0 (baseline) to 1 (perfect)."""
        return None if self.trained is None else self._fit(self.trained)

    @property
    def of_numbers(self) -> bool:
        """Whether numbers are predicted."""
        return self.comparison.metric == MAE

    def quality(self, value: float) -> float:
        """A value of the compared metric, 1 for perfect."""
        return quality(self.comparison, value)

    @property
    def held_out_quality(self) -> float:
        """Of the held-out samples."""
        return self.quality(self.comparison.value)

    @property
    def is_fitted_poorly(self) -> bool:
        """Whether the training samples are hardly fitted, as far as that is known.

        A model that predicts all held-out samples correctly has learned what there is.
        """
        fit = self.best_fit
        return fit is not None and fit < POOR_FIT and self.held_out_quality < 1

    @cached_property
    def constant(self) -> float | None:
        """The number that is always predicted, more or less; None if there is none."""
        outputs = self.report.get("outputs")
        reports = outputs.values() if isinstance(outputs, Mapping) else ()
        first: Mapping[str, Any] = next(iter(reports), {})
        points = first.get("sections", {}).get("residuals", {})
        if not self.of_numbers or not points.get("predicted"):
            return None
        guess, actual = np.array(points["predicted"]), np.array(points["actual"])
        alike = guess.std() < CONSTANT * actual.std()
        return float(np.median(guess)) if alike else None

    @property
    def best_fit(self) -> float | None:
        """The same for the last epoch, if that is better than the kept epoch.

        Early stopping may have restored an early epoch.
        """
        curve = self.history.curve(ACCURACY)
        if self.comparison.metric != ACCURACY or self.fit is None or not curve:
            return self.fit
        return max(self.fit, self._fit(curve[-1]))

    def _fit(self, value: float) -> float:
        if self.comparison.less_is_better:
            return self.quality(value)
        value, base = self.quality(value), self.quality(self.comparison.baseline)
        if self.comparison.metric == ACCURACY and self.counts:
            base = max(self.counts.values()) / max(sum(self.counts.values()), 1)
        if base >= 1:  # nothing is better: then how good it is by itself
            return value
        return (value - base) / (1 - base)

    @cached_property
    def answers(self) -> dict[str, tuple[int, int]]:
        """By class: how many samples belong to it, and how many were predicted.

        Empty where no classes are predicted.
        """
        if not self.report.get("confusion_matrix"):
            return {}
        table = np.asarray(self.report["confusion_matrix"], np.int64)
        if self.report.get(SEVERAL_LABELS):
            there, predicted = table[:, 1, :].sum(axis=1), table[:, :, 1].sum(axis=1)
        else:
            there, predicted = table.sum(axis=1), table.sum(axis=0)
        pairs = zip(there.tolist(), predicted.tolist(), strict=True)
        return dict(zip(self.classes, pairs, strict=False))

    @property
    def seen_by_head(self) -> tuple[Cause, ...]:
        """Causes that the head of the first output has found in its samples."""
        return causes_in(self.report)

    @property
    def _training(self) -> Mapping[str, Any]:
        found = self.report.get("training")
        return found if isinstance(found, Mapping) else {}
