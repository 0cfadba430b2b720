"""Class weights of a plan, and the sample weights that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.data.pipeline import Rows, Weights
from dlstudio.document.plan import TrainingPlan
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.samples import Labels


def planned_weights(
    plan: TrainingPlan,
    rows: Rows,
    classes: Mapping[str, tuple[str, ...]],
    training: npt.NDArray[np.int64],
) -> Weights:
    """The weights of all samples, for each target that has classes.

    Args:
        plan: Its class weights.
        rows: Labels of all samples, by target.
        classes: Class names by number, of each target that has classes.
        training: Indices of the training split.

    Raises:
        UserError: See `class_weights`.
    """
    known = {name for names in classes.values() for name in names}
    found: dict[str, npt.NDArray[np.float32] | None] = {}
    for target, names in classes.items():
        others = known - set(names)
        own = replace(plan, class_weight=plan.class_weight.without(others))
        weights = class_weights(own, rows[target][training], names)
        found[target] = sample_weights(weights, rows[target])
    return found


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
