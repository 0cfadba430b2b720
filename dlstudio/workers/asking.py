"""Asking trained models: runs, predictions, evaluations and exports, as jobs."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject

from dlstudio.catalog.store import Catalog
from dlstudio.workers.jobs import Ask, Cancelled

if TYPE_CHECKING:
    from dlstudio.data.prepare import Prepared
    from dlstudio.engine.runs import Run
    from dlstudio.engine.trained import Trained

AT_ONCE = 16
SHOWN_PIXELS = 96
ALL_MISTAKES = 100_000


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run, as lists show it.

    Attributes:
        outcome: One of the engine's: "succeeded", "failed", "cancelled", ...
        metric, best: The best validation result, such as ("val_accuracy", 0.98).
        has_model: There is a model to ask.
    """

    id: str
    created: float
    outcome: str
    metric: str = ""
    best: float = math.nan
    epochs: int = 0
    seconds: float = 0.0
    parameters: int = 0
    has_model: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model says about one picture, or why it says nothing.

    Attributes:
        scores: Labels with their probabilities, the likeliest first.
        milliseconds: From the file's bytes to the answer, for this one.
        picture: Small, for people: uint8 (h, w, 3); None where unreadable.
    """

    path: str
    label: str = ""
    scores: tuple[tuple[str, float], ...] = ()
    milliseconds: float = 0.0
    picture: npt.NDArray[np.uint8] | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A report in its JSON form, with every mistake."""

    report: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of something is done."""

    done: int
    total: int


class Models(QObject):
    """The model and the data that were asked last; used on the engine's thread only."""

    def __init__(self) -> None:
        super().__init__()
        self._key: tuple[str, float] | None = None
        self._trained: Trained | None = None
        self._data_key: tuple[str, str] | None = None
        self._prepared: Prepared | None = None

    def trained(self, run: Run, catalog: Catalog) -> Trained:
        """The model of a run; loaded again when its file has changed."""
        from dlstudio.engine.trained import load_trained

        path = run.model_path
        key = (str(run.folder), path.stat().st_mtime if path else 0.0)
        if self._trained is None or key != self._key:
            self._trained = load_trained(run, catalog)
            self._key = key
        return self._trained

    def prepared(self, run: Run, folder: Path, catalog: Catalog, ask: Ask) -> Prepared:
        """The data of a run."""
        from dlstudio.engine.open_run import prepare_run
        from dlstudio.engine.tokens import StopToken

        key = (str(run.folder), str(run.record.data.get("fingerprint", "")))
        if self._prepared is None or key != self._data_key:
            self._prepared = prepare_run(
                run,
                folder,
                catalog,
                lambda done, total: ask.tell(Progress(done, total)),
                StopToken(ask.wish),
            )
            self._data_key = key
        return self._prepared


def list_runs(_ask: Ask, folder: Path) -> tuple[RunRow, ...]:
    """All runs of a project, the newest first; needs no TensorFlow."""
    from dlstudio.engine.runs import RunStore

    return tuple(_row(run) for run in reversed(RunStore(folder).all()))


def _row(run: Run) -> RunRow:
    record = run.record
    figures = dict(record.best.get("metrics") or record.metrics)
    metric = next(
        (n for n in ("val_accuracy", "accuracy", "val_loss", "loss") if n in figures),
        next(iter(figures), ""),
    )
    value = figures.get(metric)
    return RunRow(
        run.id,
        record.created,
        run.outcome,
        metric,
        math.nan if value is None else float(value),
        record.epochs,
        record.seconds,
        record.parameters,
        run.model_path is not None,
    )


def predict_files(
    ask: Ask,
    _memo: object,
    models: Models,
    catalog: Catalog,
    folder: Path,
    run_id: str,
    inputs: Sequence[Path],
) -> int:
    """Tell an `Answer` for each picture; the number of pictures."""
    from dlstudio.engine.predict import Prediction, pictures_of, predictions
    from dlstudio.engine.runs import RunStore

    trained = models.trained(RunStore(folder).find(run_id), catalog)
    found = list(pictures_of(inputs))
    count = 0
    for start in range(0, len(found), AT_ONCE):
        if ask.should_stop():
            raise Cancelled
        group = found[start : start + AT_ONCE]
        files = [each for each in group if isinstance(each, Path)]
        began = time.perf_counter()
        answers = iter(list(predictions(trained, files)))
        each_ms = (time.perf_counter() - began) * 1000 / max(len(files), 1)
        for item in group:
            told = item if isinstance(item, Prediction) else next(answers)
            ask.tell(_answer(told, each_ms))
            count += 1
    return count


def _answer(told: Any, milliseconds: float) -> Answer:
    if told.error:
        return Answer(told.input, error=told.error)
    ordered = sorted(told.scores.items(), key=lambda pair: -pair[1])
    label = told.label if told.labels is None else ", ".join(told.labels)
    picture = small_picture(Path(told.input))
    return Answer(told.input, label, tuple(ordered), milliseconds, picture)


def small_picture(path: Path) -> npt.NDArray[np.uint8] | None:
    """A small RGB picture for people, turned as its EXIF says; None if unreadable."""
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as picture:
            picture.draft("RGB", (SHOWN_PIXELS * 2, SHOWN_PIXELS * 2))
            turned = ImageOps.exif_transpose(picture).convert("RGB")
            turned.thumbnail((SHOWN_PIXELS * 2, SHOWN_PIXELS * 2))
            return np.asarray(turned, np.uint8)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def evaluate_run(
    ask: Ask,
    _memo: object,
    models: Models,
    catalog: Catalog,
    folder: Path,
    run_id: str,
    split: str,
) -> Evaluation:
    """Measure a run on a part of its data; the report is kept beside the run."""
    from dlstudio.engine.evaluate import WORST, evaluate, save_report
    from dlstudio.engine.runs import RunStore
    from dlstudio.engine.tokens import StopToken

    run = RunStore(folder).find(run_id)
    trained = models.trained(run, catalog)
    prepared = models.prepared(run, folder, catalog, ask)
    report = evaluate(
        trained,
        prepared,
        split,
        worst=ALL_MISTAKES,
        progress=lambda done, total: ask.tell(Progress(done, total)),
        stop=StopToken(ask.wish),
    )
    if split == "test":
        save_report(
            dataclasses.replace(report, mistakes=report.mistakes[:WORST]), run.folder
        )
    return Evaluation(report.to_json())


def sample_pictures(
    ask: Ask,
    _memo: object,
    models: Models,
    catalog: Catalog,
    folder: Path,
    run_id: str,
    ids: Sequence[str],
) -> dict[str, npt.NDArray[np.uint8]]:
    """Prepared pictures by the samples' names: uint8 (h, w, c)."""
    from dlstudio.engine.runs import RunStore

    prepared = models.prepared(RunStore(folder).find(run_id), folder, catalog, ask)
    wanted = set(ids)
    rows = [row for row, id in enumerate(prepared.ids) if id in wanted]
    return {prepared.ids[row]: np.array(prepared.images[row]) for row in rows}


def export_model(
    ask: Ask,
    _memo: object,
    catalog: Catalog,
    folder: Path,
    run_id: str,
    format: str,
    out: Path,
    replace: bool,
) -> dict[str, Any]:
    """Export and certify; the JSON that `dlstudio export` prints."""
    from dlstudio.engine.open_run import export_run
    from dlstudio.engine.runs import RunStore
    from dlstudio.engine.tokens import StopToken

    run = RunStore(folder).find(run_id)
    result = export_run(
        run,
        format,
        out,
        folder,
        catalog,
        replace=replace,
        progress=lambda done, total: ask.tell(Progress(done, total)),
        stop=StopToken(ask.wish),
    )
    return result.to_json()
