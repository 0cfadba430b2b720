"""How well a trained model tells the classes of images, usually of unseen ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from dlstudio.data.pipeline import PreparedSamples
from dlstudio.data.split_names import split_word
from dlstudio.document.evaluation import EvaluationReport
from dlstudio.document.plan import IMAGE
from dlstudio.engine.evaluation.held_out import ALL
from dlstudio.engine.evaluation.verdict.comparisons import (
    SAMPLE_LIMIT,
    training_summary,
)
from dlstudio.engine.heads.base import WORST
from dlstudio.engine.heads.decisions import decision_threshold
from dlstudio.engine.heads.evenly_spread import some_of
from dlstudio.engine.prediction.image_classifier import Scores, TrainedModel
from dlstudio.engine.runtime.stop_token import StopSource, StopToken
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext

if TYPE_CHECKING:
    from dlstudio.engine.heads.classification_metrics import Labels


TRAIN = "train"
BATCH = 64

Progress = Callable[[int, int], None]
Counted = Callable[[Sequence[str], Any, Scores], None]
Indices = npt.NDArray[np.integer[Any]]


class ClassifiedImages(PreparedSamples, Protocol):
    """Prepared images with their classes."""

    @property
    def labels(self) -> npt.NDArray[Any]:
        """int32 (n,), or uint8 (n, classes) if `has_several_labels`."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names by label."""

    @property
    def has_several_labels(self) -> bool:
        """Whether a sample may have any number of labels."""


def evaluate(
    trained: TrainedModel,
    prepared: ClassifiedImages,
    split: str = "test",
    *,
    batch: int = BATCH,
    worst: int = WORST,
    progress: Progress | None = None,
    stop: StopToken | None = None,
    counted: Counted | None = None,
) -> EvaluationReport:
    """Evaluate `trained` on a split of `prepared`.

    Images are read from the prepared file batch by batch, so memory stays flat.

    Args:
        prepared: The run's own data, or other data with the same class names.
        split: "train", "validation", "test", or "all".
        batch: Batch size.
        worst: Maximum number of mistakes in the report.
        progress: Called with the number of samples done and the total.
        stop: Checked before each batch.
        counted: Called at the end with names, truth (class numbers (n,), or 0 and 1 (n,
            classes) with several labels) and scores (n, classes) of all samples.

    Raises:
        UserError: The split is empty, a class is unknown to the model, or a score is
            NaN.
        Stopped: `stop` was set.
    """
    truth_of = _aligned(trained, prepared)
    indices = _split_indices(prepared, split)
    known = _training_indices(prepared, split)
    again = some_of(known, SAMPLE_LIMIT) if split != TRAIN else known[:0]
    all_indices = np.concatenate([indices, again])
    answers = _predict_scores(trained, prepared, all_indices, batch, progress, stop)
    scores, fitted = answers[: len(indices)], answers[len(indices) :]
    truth = truth_of(np.asarray(prepared.labels[indices]))
    names = [prepared.ids[index] for index in indices.tolist()]
    found = trained.head_type.evaluate(
        truth,
        scores,
        names,
        trained.fitted,
        target=trained.target,
        split=split,
        worst=worst,
    )
    if counted:
        counted(names, truth, scores)
    return EvaluationReport.of(
        {trained.target: found},
        run=trained.facts.run,
        split=split,
        samples=len(indices),
        fingerprint=prepared.fingerprint,
        classes=trained.classes,
        has_several_labels=trained.has_several_labels,
        training=training_summary(
            truth_of(np.asarray(prepared.labels[known])),
            truth_of(np.asarray(prepared.labels[again])),
            fitted,
            trained.classes,
            decision_threshold(trained.fitted),
        ),
    )


def _aligned(
    trained: TrainedModel, prepared: ClassifiedImages
) -> Callable[[Labels], Labels]:
    """A function from the data's labels to the model's; classes match by name."""
    known = {name: number for number, name in enumerate(trained.classes)}
    unknown = [name for name in prepared.classes if name not in known]
    if unknown:
        raise UserError(
            _(
                "The data has classes that the model was not trained on: {names}."
            ).format(names=_listed(unknown)),
            _(
                "The model was trained on {names}. Rename the folders or labels "
                "accordingly."
            ).format(names=_listed(trained.classes)),
        )
    if prepared.has_several_labels and not trained.has_several_labels:
        raise UserError(
            _(
                "The images have several labels each, but the model predicts a "
                "single one."
            ),
            _("Use data with one label per image."),
        )
    places = np.array([known[name] for name in prepared.classes], np.int64)

    def numbers(labels: Labels) -> Labels:
        return places[labels]

    def table(labels: Labels) -> Labels:
        found = np.zeros((len(labels), len(known)), np.int64)
        if labels.ndim == 2:
            found[:, places] = labels
        else:
            found[np.arange(len(labels)), places[labels]] = 1
        return found

    return table if trained.has_several_labels else numbers


def _listed(names: Sequence[str], most: int = 8) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:most])
    return shown + ", …" if len(names) > most else shown


def _split_indices(prepared: ClassifiedImages, split: str) -> Indices:
    if split == ALL:
        indices: Indices = np.arange(len(prepared.labels))
    else:
        indices = np.asarray(prepared.splits.get(split, ()), np.int64)
    if not len(indices) and split == ALL:
        raise UserError(_("The data has no samples."), _("Add samples to it."))
    if not len(indices):
        raise UserError(
            _("The data has no samples in the {split} split.").format(
                split=split_word(split)
            ),
            _("Choose another split, or assign samples to this one and train again."),
        )
    return indices


def _training_indices(prepared: ClassifiedImages, split: str) -> Indices:
    """The samples that the model was trained on; none for other data."""
    if split == ALL:
        return np.zeros(0, np.int64)
    return np.asarray(prepared.splits.get(TRAIN, ()), np.int64)


def _predict_scores(
    trained: TrainedModel,
    prepared: ClassifiedImages,
    indices: Indices,
    batch: int,
    progress: Progress | None,
    stop: StopToken | None,
) -> Scores:
    """Scores float32 (n, classes) of the samples at `indices`."""
    token = stop or StopSource().token
    images = prepared.rows[IMAGE]
    scores = np.empty((len(indices), len(trained.classes)), np.float32)
    for start in range(0, len(indices), batch):
        token.check()
        rows = indices[start : start + batch]
        found = trained.scores(images[rows], batch)
        scores[start : start + len(rows)] = found
        if progress:
            progress(start + len(rows), len(indices))
    broken = int((~np.isfinite(scores)).any(axis=1).sum())
    if broken:
        raise UserError(
            ngettext(
                "For {count} sample, the model's scores are not numbers.",
                "For {count} samples, the model's scores are not numbers.",
                broken,
            ).format(count=broken),
            _("Training diverged. Train again with a lower learning rate."),
        )
    return scores
