"""What every task can tell, and the losses it tells it about."""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog

LabelForm = Literal["index", "one_hot", "binary", "multi_hot"]
"""How labels reach the loss, for a batch of n samples:

- "index": class numbers, int64 (n,)
- "one_hot": float32 (n, classes), one 1 in each row
- "binary": float32 (n, 1), 1 for the second of two classes
- "multi_hot": float32 (n, classes), any number of 1s in each row
"""

Activation = Literal["softmax", "sigmoid"]
Floats = npt.NDArray[np.float32]

INDEX_LOSSES = frozenset(
    {"CategoricalGeneralizedCrossEntropy", "SparseCategoricalCrossentropy"}
)
"""Those that take class numbers, as Keras has it, whatever their names are."""
SOFTMAX_LOSSES = frozenset(
    {
        "CategoricalCrossentropy",
        "CategoricalFocalCrossentropy",
        "CategoricalGeneralizedCrossEntropy",
        "KLDivergence",
        "SparseCategoricalCrossentropy",
    }
)
SIGMOID_LOSSES = frozenset({"BinaryCrossentropy", "BinaryFocalCrossentropy"})
LOGIT_LOSSES = (SOFTMAX_LOSSES | SIGMOID_LOSSES) - {
    "CategoricalGeneralizedCrossEntropy",
    "KLDivergence",
}
"""Those with a `from_logits`."""
MARGIN_LOSSES = frozenset({"Hinge", "SquaredHinge", "CategoricalHinge"})
FOREIGN_LOSSES = frozenset({"CTC", "Circle"})
"""For sequences and embeddings; no head of scores per class fits them."""


@dataclass(frozen=True, slots=True)
class Task(ABC):
    """A kind of learning problem.

    Attributes:
        kind: Its description in the catalog.
        labels: "single" or "multi".
        metrics: Kinds of the plain metrics that fit, the usual one first.
    """

    kind: str
    labels: Literal["single", "multi"]
    metrics: tuple[str, ...]

    METRIC: ClassVar[str] = "dlstudio.metrics."

    @abstractmethod
    def label_form(self, loss: str, units: int) -> LabelForm | None:
        """The form in which `loss` (a kind or short name) takes the labels.

        None if the loss fits this task with no form at all.
        """

    @abstractmethod
    def head(self, loss: str, classes: int, units: int) -> tuple[int, Activation]:
        """Units and activation the head should have, given the units it has now.

        Args:
            loss: A kind or short name.
            classes: How many there are.
            units: How many scores the head gives now.

        Returns:
            The number of units and the name of the activation.
        """

    @abstractmethod
    def best_loss(self, classes: int, units: int) -> str:
        """The kind of the usual loss for such a head."""

    @abstractmethod
    def scores(self, outputs: npt.ArrayLike, from_logits: bool = False) -> Floats:
        """Probabilities, float32 (n, classes), from what the head gives (n, units)."""

    def targets(
        self, labels: npt.NDArray[np.integer], form: LabelForm, classes: int
    ) -> npt.NDArray[np.int64] | Floats:
        """Labels in the form the loss takes.

        Args:
            labels: Class numbers (n,) or 0/1 per class (n, classes).
            form: What `label_form` said.
            classes: Number of classes.
        """
        if form == "index":
            return np.asarray(labels, np.int64).reshape(-1)
        if form == "binary":
            return np.asarray(labels, np.float32).reshape(-1, 1)
        if form == "one_hot" and labels.ndim == 1:
            return np.eye(classes, dtype=np.float32)[np.asarray(labels, np.int64)]
        return np.asarray(labels, np.float32)


def short(kind: str) -> str:
    """The last part of a kind: "keras.losses.Hinge" → "Hinge"."""
    return kind.rpartition(".")[2]


def find_task(kind: str, catalog: Catalog) -> Task:
    """The task a project's `task` names.

    Raises:
        UserError: There is no such task.
    """
    module, _, name = catalog.find("tasks", kind).implementation.partition(":")
    task = getattr(importlib.import_module(module), name)
    assert isinstance(task, Task)
    return task


def rows(outputs: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Outputs of a head as a table (n, units), in double precision."""
    table = np.asarray(outputs, np.float64)
    return table[:, None] if table.ndim == 1 else table


def sigmoid(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """1 / (1 + e^-x) without overflow for large |x|."""
    small = np.exp(-np.abs(logits))
    return np.where(logits >= 0, 1.0, small) / (1.0 + small)


def softmax(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """e^x over its row's sum, shifted by the largest so that it cannot overflow."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
