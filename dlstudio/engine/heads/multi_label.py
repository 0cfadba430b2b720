"""Each sample has any number of labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dlstudio.engine.heads.base import (
    FOREIGN_LOSSES,
    INDEX_LOSSES,
    SOFTMAX_LOSSES,
    Activation,
    Floats,
    HeadType,
    LabelForm,
    rows,
    short,
    sigmoid,
)
from dlstudio.engine.heads.class_head import ClassHead
from dlstudio.i18n import _


@dataclass(frozen=True, slots=True)
class MultiLabelHead(ClassHead):
    """A head of one sigmoid unit per label."""

    def fitting_units(self, classes: int) -> frozenset[int]:
        """One unit per label."""
        return frozenset((max(classes, 1),))

    def unfit_loss(self) -> str:
        """See `HeadType.unfit_loss`."""
        return _(
            "The loss {loss} expects exactly one class per image, but images "
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
        """See `HeadType.scores`; each column is a probability of its own."""
        table = rows(outputs)
        return (sigmoid(table) if from_logits else table).astype(np.float32)


MULTI_LABEL = MultiLabelHead(
    kind="dlstudio.heads.multi_label",
    labels="multi",
    metrics=tuple(
        HeadType.METRIC + name
        for name in ("accuracy", "precision", "recall", "f1", "auc")
    ),
)
