"""Compares an export's predictions with those of the studio's model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, TypedDict

import numpy as np
import numpy.typing as npt

from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.engine.prediction.image_classifier import TrainedModel
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel

TOLERANCES = {"float16": 5e-3, "bfloat16": 3e-2}
TOLERANCE = 1e-4
AnswerKind = Literal["label", "number", "text"]


def tolerance(trained: TrainedModel | FeatureModel) -> float:
    """Largest allowed difference of scores, by the model's precision."""
    return precision_tolerance(trained.model)


def precision_tolerance(model: KerasModel) -> float:
    """Largest allowed difference of values up to 1, by the model's precision."""
    computes = {layer.compute_dtype for layer in model.layers}
    return max([TOLERANCE, *(TOLERANCES.get(dtype, 0.0) for dtype in computes)])


class EntryLatency(TypedDict):
    """Median milliseconds of one sample and of a batch, and the batch size."""

    single_ms: float
    batch_ms: float
    batch: int


class RunnerAnswer(TypedDict):
    """The results of `verification_runner`, by entry point.

    Attributes:
        labels: Labels that an entry point returned, or None.
        results: Names of the results of each entry point that takes rows.
    """

    versions: dict[str, str]
    load_ms: float
    labels: list[list[str] | list[list[str]] | None]
    results: list[list[str]]
    latency: dict[str, EntryLatency]


class EntryAgreement(TypedDict):
    """Agreement and latency of one entry point; latencies in milliseconds."""

    samples: int
    max_abs_difference: float
    label_agreement: float
    latency_ms: float
    batch_latency_ms: float
    batch: int


def entry_agreement(
    far: npt.NDArray[np.float64], agree: npt.NDArray[np.bool_], latency: EntryLatency
) -> EntryAgreement:
    """The agreement of an entry point.

    Args:
        far: Difference for each sample.
        agree: Whether the answers are the same for each sample.
        latency: As it was timed.
    """
    return {
        "samples": len(far),
        "max_abs_difference": float(far.max()),
        "label_agreement": float(agree.mean()),
        "latency_ms": round(latency["single_ms"], 3),
        "batch_latency_ms": round(latency["batch_ms"], 3),
        "batch": latency["batch"],
    }


def refuse(
    entry: str,
    names: Sequence[str],
    far: npt.NDArray[np.float64],
    agree: npt.NDArray[np.bool_],
    limit: float,
    answers: AnswerKind = "label",
) -> None:
    """Refuse an export whose answers differ.

    Args:
        entry: The entry point.
        names: Names of the samples.
        far: Difference for each sample.
        agree: Whether the answers are the same for each sample.
        limit: Largest difference that is allowed.
        answers: What they are; numbers are compared in deviations of the target.

    Raises:
        UserError: There is a difference; it names the largest.
    """
    worst = int(far.argmax())
    other = np.flatnonzero(~agree)
    numbers = answers == "number"
    if far[worst] <= limit and not len(other):
        return
    if answers == "text":
        text = _("the text for {name} is different.").format(name=names[other[0]])
    elif numbers and np.isinf(far[worst]):
        text = _("the result for {name} is not a number.").format(name=names[worst])
    elif numbers:
        text = _(
            "the number for {name} differs by {far:.2g} standard deviations; at most "
            "{limit:.2g} is allowed."
        ).format(name=names[worst], far=far[worst], limit=limit)
    elif np.isinf(far[worst]):
        text = _("a score for {name} is not a number.").format(name=names[worst])
    elif far[worst] > limit:
        text = _(
            "a score for {name} differs by {far:.2g}; at most {limit:.2g} is allowed."
        ).format(name=names[worst], far=far[worst], limit=limit)
    else:
        text = _("the label for {name} is different.").format(name=names[other[0]])
    raise UserError(
        _(
            "The exported model and the original model disagree at “{entry}”: "
            "{difference}"
        ).format(entry=entry, difference=text),
        _("The export failed verification. Nothing was written."),
    )


def crashed(reason: str, entry: str) -> UserError:
    # TensorFlow says where it was before it says what the matter is.
    _before, _mark, assertion = reason.partition("assertion failed: ")
    reason = (assertion or reason).strip().partition("\n")[0][:300]
    if entry:
        text = _(
            "The exported model failed at “{entry}” during verification: {reason}"
        ).format(entry=entry, reason=reason)
    else:
        text = _(
            "The exported model could not be loaded during verification: {reason}"
        ).format(reason=reason)
    return UserError(text, _("Nothing was written."))
