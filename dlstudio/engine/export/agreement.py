"""Compares an export's predictions with those of the studio's model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict

import numpy as np
import numpy.typing as npt

from dlstudio.engine.export.exported_model import ExportedModel, VerificationSamples
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.engine.prediction.trained_model import Scores, TrainedModel
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


def compare(
    trained: TrainedModel,
    exported: ExportedModel,
    samples: VerificationSamples,
    folder: Path,
    number: int,
    answer: RunnerAnswer,
) -> EntryAgreement:
    """Compare one entry point of an export with the studio's model.

    Args:
        trained: The studio's model.
        exported: The export and its entry points.
        samples: The samples both predicted, as pixels and as encoded files.
        folder: Contains the scores of the export, "scores_{number}.npy".
        number: The entry point's index in `exported.entries`.
        answer: What the process that loaded the export reported: its labels, and the
            latency in milliseconds.

    Returns:
        The number of samples, the largest difference of a score, the share of samples
            with the same label, and the latency per image and per batch in
            milliseconds.

    Raises:
        UserError: The export's scores differ, or have the wrong number or shape.
    """
    entry, called = list(exported.entries.items())[number]
    by_pixels = called.takes == "pixels"
    expected = trained.scores(samples.pixels if by_pixels else samples.encoded_pixels)
    names = samples.names if by_pixels else samples.encoded_names
    scores = np.load(folder / f"scores_{number}.npy", allow_pickle=False)
    if len(scores) != len(expected):
        raise crashed(_("it returned too few predictions"), entry)
    if scores.shape != expected.shape:
        raise crashed(_("its predictions have a different shape"), entry)
    labels = answer["labels"][number]
    far, agree = _differences(trained, expected, scores, labels)
    refuse(entry, names, far, agree, tolerance(trained))
    return entry_agreement(far, agree, answer["latency"][entry])


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


def _differences(
    trained: TrainedModel,
    expected: Scores,
    scores: Scores,
    labels: Sequence[str] | Sequence[list[str]] | None,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Largest difference per sample (NaN as infinite), and whether labels agree.

    Labels whose scores are within twice the tolerance may swap.

    Args:
        trained: The studio's model.
        expected: Its scores, (n, classes).
        scores: Those of the export.
        labels: Labels that the export returned besides; None for none.
    """
    limit, head_type = tolerance(trained), trained.head_type
    found = head_type.compare(expected, scores, trained.fitted, limit)
    if labels is None:
        return found.far, found.same
    returned = [_label(trained, each) for each in labels]
    right, own = (
        np.array([a == b for a, b in zip(trained.labels(each), returned, strict=True)])
        for each in (expected, scores)
    )
    return found.far, right | (own & found.same)


def _label(trained: TrainedModel, label: str | list[str]) -> str | list[str]:
    """A label as the studio has it; those of several are padded with ""."""
    return (
        [name for name in label if name] if trained.has_several_labels else str(label)
    )


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
