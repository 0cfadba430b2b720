"""Jobs that predict images with trained models; on the prediction thread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.document.prediction import Prediction
from dlstudio.errors import UserError
from dlstudio.workers.jobs import Cancelled, ReportingContext
from dlstudio.workers.model_cache import ModelCache, RunReference

if TYPE_CHECKING:
    from dlstudio.engine.prediction.image_classifier import TrainedModel

AT_ONCE = 16
SHOWN_PIXELS = 96


@dataclass(frozen=True, slots=True)
class ImagePrediction:
    """A model's prediction for an image, with a small image to show.

    Attributes:
        run: Id of the run whose model was used.
        milliseconds: Time from the file's bytes to the prediction; the mean over a
            small batch.
        image: A small image to show, uint8 (h, w, 3); None if there is none.
        from_checkpoint: Whether the weights are from a checkpoint of an unfinished run.
        reconstruction: Of a model that gives images back, uint8 (h, w, channels);
            `image` is then as it enters the model.
    """

    answer: Prediction
    run: str
    milliseconds: float = 0.0
    image: npt.NDArray[np.uint8] | None = None
    from_checkpoint: bool = False
    reconstruction: npt.NDArray[np.uint8] | None = None


@dataclass(frozen=True, slots=True)
class PredictionCount:
    """The number of predictions, reported before the first one."""

    count: int


def predict_paths(
    context: ReportingContext[PredictionCount | ImagePrediction],
    models: ModelCache,
    question: RunReference,
    inputs: Sequence[Path],
    images: int,
) -> int:
    """Like `predict_files`; reports a `PredictionCount` before the first image.

    Args:
        context: Context of the job.
        models: Caches the last used model.
        question: The run and the project's folder.
        inputs: Files, and folders, which are searched recursively.
        images: Maximum number of predictions that include a small image.

    Returns:
        The number of predicted images.

    Raises:
        UserError: The model cannot be loaded.
        Cancelled: The job was cancelled.
    """
    from dlstudio.engine.prediction.image_files import find_images

    items: list[Path | Prediction] = []
    for each in find_images(inputs):
        if context.should_stop():
            raise Cancelled
        items.append(each)
    context.report(PredictionCount(len(items)))
    return _predict(context, models, question, iter(items), images)


def predict_files(
    context: ReportingContext[ImagePrediction],
    models: ModelCache,
    question: RunReference,
    inputs: Sequence[Path],
    images: int,
) -> int:
    """Report an `ImagePrediction` for each image; returns the number of images.

    Args:
        inputs: Files and folders.
        images: Maximum number of predictions that include a small image.
    """
    from dlstudio.engine.prediction.image_files import find_images

    return _predict(context, models, question, iter(find_images(inputs)), images)


def _predict(
    context: ReportingContext[ImagePrediction],
    models: ModelCache,
    question: RunReference,
    items: Iterator[Path | Prediction],
    images: int,
) -> int:
    from dlstudio.engine.runs.store import RunStore

    run = RunStore(question.folder).find(question.run)
    trained = models.trained(run, question.catalog)
    count, met = 0, set[str]()
    while group := list(islice(items, AT_ONCE)):
        _warm_up(trained, group, met)
        for answer, milliseconds in _timed_predictions(trained, group):
            if context.should_stop():
                raise Cancelled
            shown = count < images and not answer.error
            image = small_image(Path(answer.input)) if shown else None
            from_checkpoint = run.model_path is None
            context.report(
                ImagePrediction(answer, run.id, milliseconds, image, from_checkpoint)
            )
            count += 1
    return count


def _warm_up(
    trained: TrainedModel, group: Sequence[Path | Prediction], met: set[str]
) -> None:
    """Predict once untimed: the first image of each file type is slow."""
    firsts = {
        each.suffix: each
        for each in reversed(group)
        if isinstance(each, Path) and each.suffix not in met
    }
    _timed_predictions(trained, list(firsts.values()))
    met.update(firsts)


def _timed_predictions(
    trained: TrainedModel, group: Sequence[Path | Prediction]
) -> list[tuple[Prediction, float]]:
    """Predictions of files, and existing error entries, with the time of each."""
    import time

    from dlstudio.engine.prediction.image_files import predictions

    files = [each for each in group if isinstance(each, Path)]
    began = time.perf_counter()
    answers = iter(list(predictions(trained, files)))
    each_ms = (time.perf_counter() - began) * 1000 / max(len(files), 1)
    return [
        (next(answers) if isinstance(item, Path) else item, each_ms) for item in group
    ]


def small_image(path: Path) -> npt.NDArray[np.uint8] | None:
    """A small RGB image to show, with EXIF orientation applied; None if unreadable."""
    from dlstudio.data.images.files import read_file
    from dlstudio.data.images.thumbnail import encoded_thumbnail

    try:
        return encoded_thumbnail(read_file(path), SHOWN_PIXELS * 2)
    except UserError:
        return None
