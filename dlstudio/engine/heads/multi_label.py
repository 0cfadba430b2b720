"""Each sample has any number of labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt

from dlstudio.document.prediction import Answer
from dlstudio.engine.heads.activation_functions import rows, sigmoid
from dlstudio.engine.heads.base import (
    Activation,
    AnswerComparison,
    Floats,
    HeadType,
    short,
)
from dlstudio.engine.heads.class_answers import compare_labels_of, several_labels
from dlstudio.engine.heads.class_head import ClassHead
from dlstudio.engine.heads.decisions import decision_threshold
from dlstudio.engine.heads.label_forms import LabelForm
from dlstudio.engine.heads.loss_families import (
    FOREIGN_LOSSES,
    INDEX_LOSSES,
    SOFTMAX_LOSSES,
)
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.features.base import Fitted


@dataclass(frozen=True, slots=True)
class MultiLabelHead(ClassHead):
    """A head of one sigmoid unit per label."""

    SCORE: ClassVar[str] = "micro_f1"

    def fitting_units(self, classes: int) -> frozenset[int]:
        """One unit per label."""
        return frozenset((max(classes, 1),))

    def unfit_loss(self) -> str:
        return _(
            "The loss {loss} expects exactly one class per sample, but samples "
            "can have several labels. Use {better}, which handles each label "
            "independently."
        )

    def label_form(self, loss: str, units: int) -> LabelForm | None:
        unfit = FOREIGN_LOSSES | INDEX_LOSSES | SOFTMAX_LOSSES | {"CategoricalHinge"}
        return None if short(loss) in unfit else "multi_hot"

    def head(self, loss: str, classes: int, units: int) -> tuple[int, Activation]:
        return max(classes, 1), "sigmoid"

    def best_loss(self, classes: int, units: int) -> str:
        return "keras.losses.BinaryCrossentropy"

    def scores(self, outputs: npt.ArrayLike, from_logits: bool = False) -> Floats:
        """Each column is a probability of its own."""
        table = rows(outputs)
        return (sigmoid(table) if from_logits else table).astype(np.float32)

    def answers(
        self,
        outputs: npt.ArrayLike,
        fitted: Fitted,
        *,
        from_logits: bool = False,
    ) -> list[Answer]:
        scores = self.scores(outputs, from_logits)
        return several_labels(scores, fitted["names"], decision_threshold(fitted))

    def compare(
        self, expected: Floats, given: Floats, fitted: Fitted, tolerance: float
    ) -> AnswerComparison:
        threshold = decision_threshold(fitted)
        return compare_labels_of(expected, given, threshold, tolerance)


MULTI_LABEL = MultiLabelHead(
    kind="dlstudio.heads.multi_label",
    labels="multi",
    metrics=tuple(
        HeadType.METRIC + name
        for name in ("accuracy", "precision", "recall", "f1", "auc")
    ),
)
