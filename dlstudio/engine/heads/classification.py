"""Each sample belongs to one class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt

from dlstudio.document.prediction import Answer
from dlstudio.engine.heads.activation_functions import rows, sigmoid, softmax
from dlstudio.engine.heads.base import (
    Activation,
    AnswerComparison,
    Floats,
    HeadType,
    short,
)
from dlstudio.engine.heads.class_answers import compare_classes_of, one_class
from dlstudio.engine.heads.class_head import ClassHead
from dlstudio.engine.heads.decisions import decision_threshold
from dlstudio.engine.heads.label_forms import LabelForm
from dlstudio.engine.heads.loss_families import (
    FOREIGN_LOSSES,
    INDEX_LOSSES,
    SIGMOID_LOSSES,
)
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.features.base import Fitted


@dataclass(frozen=True, slots=True)
class ClassificationHead(ClassHead):
    """A head of one unit per class, or of one unit for two classes."""

    SCORE: ClassVar[str] = "accuracy"

    def fitting_units(self, classes: int) -> frozenset[int]:
        """One unit per class, or one for two classes."""
        return frozenset((1, 2)) if classes == 2 else frozenset((max(classes, 1),))

    def unfit_loss(self) -> str:
        return _(
            "The loss {loss} is not designed for class scores. {better} is a "
            "common choice."
        )

    def label_form(self, loss: str, units: int) -> LabelForm | None:
        name = short(loss)
        if name in FOREIGN_LOSSES:
            return None
        if name in INDEX_LOSSES:
            return "index"
        return "binary" if units == 1 else "one_hot"

    def head(self, loss: str, classes: int, units: int) -> tuple[int, Activation]:
        if short(loss) in SIGMOID_LOSSES and classes == 2 and units <= 2:
            return 1, "sigmoid"
        return max(classes, 2), "softmax"

    def best_loss(self, classes: int, units: int) -> str:
        if units == 1 and classes == 2:
            return "keras.losses.BinaryCrossentropy"
        return "keras.losses.SparseCategoricalCrossentropy"

    def scores(self, outputs: npt.ArrayLike, from_logits: bool = False) -> Floats:
        """One unit becomes the two columns 1 - p and p."""
        table = rows(outputs)
        if table.shape[-1] == 1:
            second = sigmoid(table) if from_logits else table
            return np.concatenate([1.0 - second, second], -1).astype(np.float32)
        return (softmax(table) if from_logits else table).astype(np.float32)

    def answers(
        self,
        outputs: npt.ArrayLike,
        fitted: Fitted,
        *,
        from_logits: bool = False,
    ) -> list[Answer]:
        names = fitted["names"]
        scores = self.scores(outputs, from_logits)[:, : len(names)]
        return one_class(scores, names, decision_threshold(fitted))

    def compare(
        self, expected: Floats, given: Floats, fitted: Fitted, tolerance: float
    ) -> AnswerComparison:
        threshold = decision_threshold(fitted)
        return compare_classes_of(expected, given, tolerance, threshold)


CLASSIFICATION = ClassificationHead(
    kind="dlstudio.heads.classification",
    labels="single",
    metrics=tuple(
        HeadType.METRIC + name
        for name in ("accuracy", "top_k", "precision", "recall", "f1", "auc")
    ),
)
