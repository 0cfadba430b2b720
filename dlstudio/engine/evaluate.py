"""How good a trained model is on samples it has not learned from."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from dlstudio.data.pipeline import Samples
from dlstudio.engine import figures
from dlstudio.engine.tokens import StopSource, StopToken
from dlstudio.engine.trained import Scores, Trained
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import write_text

REPORT = "report.json"
ALL = "all"
WORST = 25
BATCH = 64

Progress = Callable[[int, int], None]
Counted = Callable[[Sequence[str], Any, Scores], None]
Indices = npt.NDArray[np.integer[Any]]


class NamedSamples(Samples, Protocol):
    """Prepared samples that know where they come from."""

    @property
    def ids(self) -> Sequence[str]:
        """Name of each sample: its file, relative to the source."""


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of one model on one part of the data; plain JSON data throughout.

    Attributes:
        run: Id of the run that trained the model.
        split: "train", "validation", "test", or "all" of another data set.
        samples: How many were asked.
        fingerprint: Of the data.
        metrics: By name; None where a figure is not defined.
        per_class: By class: precision, recall, f1, support, roc_auc (and a note
            where that is None).
        confusion_matrix: Rows are the truth, columns the model's answers; with
            several labels one [[tn, fp], [fn, tp]] for each class.
        calibration: Expected calibration error and reliability bins; see
            `figures.reliability`.
        mistakes: The worst first: input (the sample's file), truth, label, score of
            the label and of the truth.
    """

    run: str
    split: str
    samples: int
    fingerprint: str
    multi_label: bool
    classes: tuple[str, ...]
    metrics: dict[str, float | None]
    per_class: dict[str, dict[str, Any]]
    confusion_matrix: list[Any]
    calibration: dict[str, Any]
    mistakes: list[dict[str, Any]]

    def to_json(self) -> dict[str, Any]:
        """The form `dlstudio evaluate --json` prints."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        return {**plain, "classes": list(self.classes)}


def evaluate(
    trained: Trained,
    prepared: NamedSamples,
    split: str = "test",
    *,
    batch: int = BATCH,
    worst: int = WORST,
    progress: Progress | None = None,
    stop: StopToken | None = None,
    counted: Counted | None = None,
) -> Report:
    """Ask `trained` about a part of `prepared` and count.

    Pictures are read from the prepared file batch by batch, so memory stays flat.

    Args:
        prepared: Its own data, or any other whose classes have the same names.
        split: "train", "validation", "test", or "all".
        batch: How many pictures enter the model at once.
        worst: How many mistakes to name.
        progress: Told how many samples are done, and of how many.
        stop: Asked before each batch.
        counted: Given every sample at the end: names, truth (class numbers (n,), or
            0 and 1 (n, classes) with several labels) and scores (n, classes).

    Raises:
        UserError: The part is empty, a class is unknown to the model, or a score is
            not a number.
        Stopped: `stop` wished so.
    """
    truth_of = _aligned(trained, prepared)
    indices = _part(prepared, split)
    scores = _ask(trained, prepared, indices, batch, progress, stop)
    truth = truth_of(np.asarray(prepared.labels[indices]))
    names = [prepared.ids[index] for index in indices.tolist()]
    count = figures.multi_label if trained.multi_label else figures.single_label
    if counted:
        counted(names, truth, scores)
    mistakes = _tagging_mistakes if trained.multi_label else _mistakes
    return Report(
        run=trained.facts.run,
        split=split,
        samples=len(indices),
        fingerprint=prepared.fingerprint,
        multi_label=trained.multi_label,
        classes=trained.classes,
        mistakes=mistakes(trained, truth, scores, names, worst),
        **count(truth, scores, trained.classes),
    )


def held_out(prepared: NamedSamples) -> str:
    """The part to judge a model by: "test", else "validation".

    Raises:
        UserError: Nothing is held out.
    """
    for split in ("test", "validation"):
        if len(prepared.splits.get(split, ())):
            return split
    raise UserError(
        _("No samples are held out, so nothing can be said about the model."),
        _("Give the test part a share of the data, and train again."),
    )


def save_report(report: Report, folder: Path) -> Path:
    """Write the report into a run's folder, whole or not at all."""
    path = folder / REPORT
    write_text(path, json.dumps(report.to_json(), indent=1) + "\n")
    return path


def read_report(folder: Path) -> dict[str, Any] | None:
    """What `save_report` wrote into a run's folder, or None if there is none."""
    try:
        found = json.loads((folder / REPORT).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _aligned(trained: Trained, prepared: NamedSamples) -> Callable[[Any], Any]:
    """What turns the data's labels into the model's, matching classes by name."""
    known = {name: number for number, name in enumerate(trained.classes)}
    unknown = [name for name in prepared.classes if name not in known]
    if unknown:
        raise UserError(
            _("The model does not know the classes {names}.").format(
                names=_listed(unknown)
            ),
            _("It was trained on {names}. Name the folders or labels so.").format(
                names=_listed(trained.classes)
            ),
        )
    if prepared.multi_label and not trained.multi_label:
        raise UserError(
            _(
                "The pictures have several labels each, but the model was trained"
                " to give one."
            ),
            _("Use data with one label for each picture."),
        )
    places = np.array([known[name] for name in prepared.classes], np.int64)

    def numbers(labels: Any) -> Any:
        return places[labels]

    def table(labels: Any) -> Any:
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


def _part(prepared: NamedSamples, split: str) -> Indices:
    if split == ALL:
        indices: Indices = np.arange(len(prepared.labels))
    else:
        indices = np.asarray(prepared.splits.get(split, ()), np.int64)
    if not len(indices):
        raise UserError(
            _("The data has no samples in the part “{split}”.").format(split=split),
            _("Choose another part, or give it a share of the data and train again."),
        )
    return indices


def _ask(
    trained: Trained,
    prepared: NamedSamples,
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
            _("For {count} samples the model's scores are not numbers.").format(
                count=broken
            ),
            _("The training went wrong; train again with a smaller learning rate."),
        )
    return scores


def _mistakes(
    trained: Trained, truth: Any, scores: Scores, names: Sequence[str], most: int
) -> list[dict[str, Any]]:
    """Wrong answers, the truth with the least probability first."""
    rows = np.arange(len(truth))
    guess = scores.argmax(axis=1)
    own = scores[rows, truth]
    wrong = rows[guess != truth]
    order = wrong[np.argsort(own[wrong], kind="stable")][:most]
    return [
        {
            "input": names[row],
            "truth": trained.classes[truth[row]],
            "label": trained.classes[guess[row]],
            "score": float(scores[row, guess[row]]),
            "truth_score": float(own[row]),
        }
        for row in order
    ]


def _tagging_mistakes(
    trained: Trained, truth: Any, scores: Scores, names: Sequence[str], most: int
) -> list[dict[str, Any]]:
    """Samples with a wrong label, the largest summed cross-entropy first."""
    right = np.where(truth == 1, scores, 1 - scores).astype(np.float64)
    loss = -np.log(np.maximum(right, np.finfo(np.float64).tiny)).sum(axis=1)
    wrong = np.flatnonzero(((scores >= figures.THRESHOLD) != (truth == 1)).any(axis=1))
    order = wrong[np.argsort(-loss[wrong], kind="stable")][:most]
    given = trained.labels(scores[order])
    return [
        {
            "input": names[row],
            "truth": [trained.classes[i] for i in np.flatnonzero(truth[row])],
            "label": labels,
            "score": float(right[row].min()),
            "loss": float(loss[row]),
        }
        for row, labels in zip(order, given, strict=True)
    ]
