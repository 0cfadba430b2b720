"""What an export answered against what the studio's model says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from dlstudio.engine.export.exported_model import ExportedModel, VerificationSamples
from dlstudio.engine.prediction.trained_model import Scores, TrainedModel
from dlstudio.errors import UserError
from dlstudio.i18n import _

TOLERANCES = {"float16": 5e-3, "bfloat16": 3e-2}
TOLERANCE = 1e-4


def tolerance(trained: TrainedModel) -> float:
    """How far scores may lie apart, by the precision the model computes in."""
    computes = {layer.compute_dtype for layer in trained.model.layers}
    return max([TOLERANCE, *(TOLERANCES.get(dtype, 0.0) for dtype in computes)])


class EntryLatency(TypedDict):
    """Median milliseconds of one sample alone and of a batch, and the batch's size."""

    single_ms: float
    batch_ms: float
    batch: int


class RunnerAnswer(TypedDict):
    """What `verification_runner` leaves, entry by entry.

    Attributes:
        labels: Those that an entry gave itself, or None.
    """

    versions: dict[str, str]
    load_ms: float
    labels: list[list[str] | list[list[str]] | None]
    latency: dict[str, EntryLatency]


class EntryAgreement(TypedDict):
    """Of one entry of an export; milliseconds and counts."""

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
    """The metrics of one entry point of an export.

    Args:
        trained: The studio's model.
        exported: The export and its entry points.
        samples: What both were asked, as pixels and as encoded files.
        folder: Holds the scores of the export, "scores_{number}.npy".
        number: The entry point's place among `exported.entries`.
        answer: What the process that loaded the export reported: its labels, and the
            latency in milliseconds.

    Returns:
        The number of samples, the largest difference of a score, the share of samples
            with the same label, and the latency per image and per batch in
            milliseconds.

    Raises:
        UserError: The export disagrees with the studio, or returned too few scores or
            another shape.
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
    labels = answer["labels"][number] or trained.labels(scores)
    far, agree = _differences(trained, expected, scores, labels)
    _refuse(entry, names, far, agree, tolerance(trained))
    latency = answer["latency"][entry]
    return {
        "samples": len(expected),
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
    labels: Sequence[str] | Sequence[list[str]],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Largest difference of each sample (NaN as infinite), and whether labels agree.

    Two labels whose scores lie within twice the tolerance may change places.
    """
    far = np.abs(expected.astype(np.float64) - scores).max(axis=1)
    far = np.where(np.isfinite(far), far, np.inf)
    given: list[str] | list[list[str]]
    if trained.multi_label:
        unsure = np.abs(expected - 0.5).min(axis=1)
        given = [[name for name in row if name] for row in labels]
    else:
        ordered = np.sort(expected, axis=1)
        unsure = (ordered[:, -1] - ordered[:, -2]) / 2
        given = [str(label) for label in labels]
    same = [a == b for a, b in zip(trained.labels(expected), given, strict=True)]
    return far, np.array(same) | (unsure <= tolerance(trained))


def _refuse(
    entry: str,
    names: Sequence[str],
    far: npt.NDArray[np.float64],
    agree: npt.NDArray[np.bool_],
    limit: float,
) -> None:
    """Say where they differ, if they do."""
    worst = int(far.argmax())
    other = np.flatnonzero(~agree)
    if far[worst] <= limit and not len(other):
        return
    if np.isinf(far[worst]):
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
    reason = reason.strip().partition("\n")[0][:300]
    if entry:
        text = _(
            "The exported model failed at “{entry}” during verification: {reason}"
        ).format(entry=entry, reason=reason)
    else:
        text = _(
            "The exported model could not be loaded during verification: {reason}"
        ).format(reason=reason)
    return UserError(text, _("Nothing was written."))
