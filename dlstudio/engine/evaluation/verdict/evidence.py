"""What the causes are found in: figures of a report and the course of its training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from dlstudio.catalog.store import Catalog
from dlstudio.document.verdict import ACCURACY, BaselineComparison
from dlstudio.engine.evaluation.verdict.history import TrainingHistory


@dataclass(frozen=True)
class Evidence:
    """A report's figures with the history of its run.

    Attributes:
        report: In its JSON form.
        comparison: Of the held-out samples with the baseline.
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
        """Training samples of each class; empty where it is not known."""
        found = self._training.get("classes")
        items = found.items() if isinstance(found, Mapping) else ()
        return {str(k): v for k, v in items if isinstance(v, int)}

    @property
    def trained(self) -> float | None:
        """The figure of the comparison on training samples.

        Without a question to them, as an older report is, what training measured.
        """
        value = self._training.get("value")
        if value is None and self.comparison.metric == ACCURACY:
            curve = self.history.curve(ACCURACY)
            value = curve[(self.history.best or len(curve)) - 1] if curve else None
        return float(value) if isinstance(value, (int, float)) else None

    @property
    def fit(self) -> float | None:
        """How far the training samples are learned: 0 as the baseline, 1 wholly."""
        return None if self.trained is None else self._fit(self.trained)

    @property
    def best_fit(self) -> float | None:
        """The same of the last epoch, where that is better than what was kept.

        Early stopping may have kept an epoch before much was learned.
        """
        curve = self.history.curve(ACCURACY)
        if self.comparison.metric != ACCURACY or self.fit is None or not curve:
            return self.fit
        return max(self.fit, self._fit(curve[-1]))

    def _fit(self, value: float) -> float:
        base = self.comparison.baseline
        if self.comparison.metric == ACCURACY and self.counts:
            base = max(self.counts.values()) / max(sum(self.counts.values()), 1)
        return (value - base) / max(1 - base, 1e-9)

    @cached_property
    def answers(self) -> dict[str, tuple[int, int]]:
        """By class: how many samples are of it, and how many were said to be."""
        table = np.asarray(self.report["confusion_matrix"], np.int64)
        if self.report.get("multi_label"):
            there, predicted = table[:, 1, :].sum(axis=1), table[:, :, 1].sum(axis=1)
        else:
            there, predicted = table.sum(axis=1), table.sum(axis=0)
        pairs = zip(there.tolist(), predicted.tolist(), strict=True)
        return dict(zip(self.classes, pairs, strict=False))

    @property
    def _training(self) -> Mapping[str, Any]:
        found = self.report.get("training")
        return found if isinstance(found, Mapping) else {}
