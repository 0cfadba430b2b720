"""Evaluates a trained model, usually on samples it was not trained on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.data.pipeline import PreparedSamples
from dlstudio.data.split_names import split_word
from dlstudio.document.evaluation import VERDICT, EvaluationReport
from dlstudio.document.sample_nouns import sample_noun
from dlstudio.engine.evaluation.verdict.comparisons import (
    SAMPLE_LIMIT,
    training_summary,
)
from dlstudio.engine.evaluation.verdict.judge import (
    HELD_OUT,
    can_judge,
    judge,
    judge_run,
)
from dlstudio.engine.heads.base import WORST as WORST
from dlstudio.engine.heads.decisions import decision_threshold
from dlstudio.engine.heads.evenly_spread import some_of
from dlstudio.engine.prediction.trained_model import Scores, TrainedModel
from dlstudio.engine.runs.evaluation_report import read_report as read_report
from dlstudio.engine.runs.evaluation_report import save_report as save_report
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runtime.stop_token import StopSource, StopToken
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.json_values import JsonObject

if TYPE_CHECKING:
    from dlstudio.engine.heads.classification_metrics import Labels


ALL = "all"
TRAIN = "train"
BATCH = 64

Progress = Callable[[int, int], None]
Counted = Callable[[Sequence[str], Any, Scores], None]
Indices = npt.NDArray[np.integer[Any]]


class ClassifiedImages(PreparedSamples, Protocol):
    """Prepared images with their classes."""

    @property
    def images(self) -> npt.NDArray[np.uint8]:
        """uint8 (n, height, width, channels)."""

    @property
    def labels(self) -> npt.NDArray[Any]:
        """int32 (n,), or uint8 (n, classes) if `multi_label`."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names by label."""

    @property
    def multi_label(self) -> bool:
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
        multi_label=trained.multi_label,
        training=training_summary(
            truth_of(np.asarray(prepared.labels[known])),
            truth_of(np.asarray(prepared.labels[again])),
            fitted,
            trained.classes,
            decision_threshold(trained.fitted),
        ),
    )


def held_out(prepared: ClassifiedImages) -> str:
    """The held-out split: "test", else "validation".

    Raises:
        UserError: There is no held-out split.
    """
    for split in HELD_OUT:
        if len(prepared.splits.get(split, ())):
            return split
    raise UserError(
        _("No samples are held out, so the model cannot be evaluated."),
        _("Set data.split.test to a share of the data, and train again."),
    )


def with_verdict(
    report: EvaluationReport, run: Run, catalog: Catalog, *, own: bool = True
) -> EvaluationReport:
    """The report with a verdict on each output.

    Args:
        report: Of the run's model.
        run: The run.
        catalog: Describes what the run's project consists of.
        own: Whether it was evaluated on its own data; of other data no causes are
            searched.

    Returns:
        Without a verdict on an output that is compared with nothing.
    """
    outputs = dict(report.outputs)
    for name in list(outputs)[1:]:
        found = _verdict(report.alone(name), run, catalog, own)
        if found is not None:
            sections = {**outputs[name].sections, VERDICT: found}
            outputs[name] = replace(outputs[name], sections=sections)
    return replace(report, outputs=outputs, verdict=_verdict(report, run, catalog, own))


def _verdict(
    report: EvaluationReport, run: Run, catalog: Catalog, own: bool
) -> JsonObject | None:
    """The verdict on the first output; None if it is compared with nothing."""
    plain = report.to_json()
    if not can_judge(plain):
        return None
    if own:
        return judge_run(plain, run, catalog).to_json()
    noun = sample_noun(run.project(), catalog)
    return judge(plain, None, catalog, noun).to_json()


def is_held_out(prepared: ClassifiedImages, split: str) -> bool:
    """Whether it is the split that a run is evaluated on."""
    there = any(len(prepared.splits.get(each, ())) for each in HELD_OUT)
    return there and split == held_out(prepared)


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
    if prepared.multi_label and not trained.multi_label:
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

    return table if trained.multi_label else numbers


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
    scores = np.empty((len(indices), len(trained.classes)), np.float32)
    for start in range(0, len(indices), batch):
        token.check()
        rows = indices[start : start + batch]
        scores[start : start + len(rows)] = trained.scores(prepared.images[rows], batch)
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
