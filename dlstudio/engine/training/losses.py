"""The loss of a plan: creation, label conversion and class weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from dlstudio.document.plan import TrainingPlan
from dlstudio.document.values import Spec
from dlstudio.engine.heads.base import HeadType, LabelForm, short
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext

if TYPE_CHECKING:
    from dlstudio.data.samples import Labels
    from dlstudio.data.typing import Tensor, TensorFunction
    from dlstudio.engine.typing import KerasModel


@dataclass(frozen=True, slots=True)
class OutputHead:
    """The output of the model's last layer, and its labels.

    Attributes:
        classes: Number of classes.
        units: Values per sample; 1 for two classes with a sigmoid.
        multi_label: Whether labels are 0/1 (n, classes); otherwise class numbers (n,).
        from_logits: Whether the outputs are logits.
    """

    classes: int
    units: int
    multi_label: bool = False
    from_logits: bool = False

    @property
    def threshold(self) -> float:
        """The decision threshold of a unit."""
        return 0.0 if self.from_logits else 0.5

    def table(self, labels: Tensor) -> Tensor:
        """Labels as float32 (n, units): one-hot, multi-hot, or one column."""
        result: Tensor
        if self.multi_label:
            result = tf.cast(labels, tf.float32)
        elif self.units == 1:
            result = tf.reshape(tf.cast(labels, tf.float32), (-1, 1))
        else:
            result = tf.one_hot(tf.cast(labels, tf.int32), self.units)
        return result


def head_of(
    model: KerasModel, plan: TrainingPlan, classes: int, *, multi_label: bool
) -> OutputHead:
    """The head of a model with one output.

    Args:
        model: A built Keras model.
        plan: The plan; its loss defines whether the outputs are logits.
        classes: Number of classes of the data.
        multi_label: Whether a sample may have several labels.

    Raises:
        UserError: The model has several inputs or outputs, an output that is not (n,
            units), or too few units.
    """
    shapes = [tuple(output.shape) for output in model.outputs]
    if len(model.inputs) != 1 or len(shapes) != 1 or len(shapes[0]) != 2:
        raise UserError(
            ngettext(
                "The model has {inputs} input and outputs of the shapes "
                "{shapes}; expected one input, and one output with one score "
                "per class.",
                "The model has {inputs} inputs and outputs of the shapes "
                "{shapes}; expected one input, and one output with one score "
                "per class.",
                len(model.inputs),
            ).format(
                inputs=len(model.inputs), shapes=", ".join(str(s) for s in shapes)
            ),
            _(
                "Keep one output, and add Flatten or a pooling layer before the "
                "last Dense layer."
            ),
        )
    units = int(shapes[0][-1] or 0)
    if multi_label:
        fits = units == classes
    else:
        fits = units >= classes or (units == 1 and classes == 2)
    if not fits:
        raise UserError(
            ngettext(
                "The model outputs {units} score, but there are {classes} classes.",
                "The model outputs {units} scores, but there are {classes} classes.",
                units,
            ).format(units=units, classes=classes),
            _("Set units of the last layer to {classes}.").format(classes=classes),
        )
    logits = bool(plan.loss.params.get("from_logits", False))
    return OutputHead(max(classes, units), units, multi_label, logits)


def targets_for(loss: Spec, head_type: HeadType, head: OutputHead) -> TensorFunction:
    """A function that turns a batch of labels into the form the loss takes.

    Args:
        loss: Kind and parameters.
        head_type: Says which form fits.
        head: The output that is compared with them.

    Returns:
        A function of class numbers (n,), or 0/1 (n, classes), that returns class
        numbers (n,) or float32 (n, units).

    Raises:
        UserError: The loss does not fit the head.
    """
    form: LabelForm | None = head_type.label_form(loss.kind, head.units)
    if form is None:
        raise UserError(
            _("The loss {loss} does not support labels of this kind.").format(
                loss=short(loss.kind)
            ),
            _("Use {loss}.").format(
                loss=short(head_type.best_loss(head.classes, head.units))
            ),
        )
    return _numbers if form == "index" else head.table


def _numbers(labels: Tensor) -> Tensor:
    return labels


def class_weights(
    plan: TrainingPlan, labels: Labels, classes: tuple[str, ...]
) -> npt.NDArray[np.float64] | None:
    """The weight of each class, float64 (classes,), or None if all are equal.

    "balanced" is n / (classes · count), as in scikit-learn; a class without samples has
    weight 1.

    Args:
        labels: Labels of the training split, (n,) or 0/1 (n, classes).

    Raises:
        UserError: An unknown method, an unknown class, or a negative weight.
    """
    if plan.class_weights == "none":
        return None
    if plan.class_weights == "balanced":
        counts = _counts(labels, len(classes))
        some = np.maximum(counts, 1)
        return np.where(counts > 0, len(labels) / (len(classes) * some), 1.0)
    if plan.class_weights != "custom":
        raise UserError(
            _("There is no class weighting called “{name}”.").format(
                name=plan.class_weights
            ),
            _("Choose none, balanced or custom."),
        )
    unknown = sorted(set(plan.class_weight) - set(classes))
    if unknown:
        raise UserError(
            _("There is a weight for “{name}”, which is not a class.").format(
                name=unknown[0]
            ),
            _("The classes are: {names}.").format(names=", ".join(classes[:20])),
        )
    weights = np.array([plan.class_weight.get(name, 1.0) for name in classes])
    if not np.all(np.isfinite(weights)) or np.any(weights < 0) or not weights.any():
        raise UserError(
            _(
                "Class weights must be at least 0, and at least one must be "
                "greater than 0."
            ),
            _("The default weight is 1. A weight of 2 counts each sample twice."),
        )
    return weights.astype(np.float64)


def sample_weights(
    weights: npt.NDArray[np.float64] | None, labels: Labels
) -> npt.NDArray[np.float32] | None:
    """The weight of each sample, float32 (n,); the mean of several labels' weights."""
    if weights is None:
        return None
    if labels.ndim == 1:
        return np.asarray(weights[labels], np.float32)
    present = labels.sum(axis=1)
    means = labels @ weights / np.maximum(present, 1)
    return np.asarray(np.where(present > 0, means, 1.0), np.float32)


def _counts(labels: Labels, classes: int) -> npt.NDArray[np.int64]:
    if labels.ndim == 2:
        return np.asarray(labels.sum(axis=0), np.int64)
    return np.asarray(np.bincount(labels, minlength=classes), np.int64)
