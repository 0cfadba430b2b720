"""Jobs that make images with models that reconstruct them; on the prediction thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dlstudio.document.image_requests import ImageRequest, SampleRequest
from dlstudio.document.prediction import Prediction
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.workers.image_prediction import AT_ONCE, ImagePrediction, PredictionCount
from dlstudio.workers.jobs import Cancelled, JobContext, ReportingContext
from dlstudio.workers.model_cache import ModelCache, RunReference
from dlstudio.workers.progress import Progress

Pixels = npt.NDArray[np.uint8]
HANDFUL = 8


@dataclass(frozen=True, eq=False, slots=True)
class CheckpointImages:
    """What there is to see of a checkpoint; all uint8 (n, height, width, channels).

    Attributes:
        originals: Always the same held-out images.
        reconstructions: What the model gives for them.
        samples: New images; none of a model that cannot make any.
        walk: From the first to the second original; none of a model that cannot make
            new images.
    """

    originals: Pixels
    reconstructions: Pixels
    samples: Pixels
    walk: Pixels


def live_images(
    context: ReportingContext[Progress], models: ModelCache, question: RunReference
) -> CheckpointImages:
    """What the newest checkpoint of a run makes of a handful of held-out images.

    Args:
        context: Context of the job.
        models: Caches the run's model and data.
        question: The run and the project's folder.

    Raises:
        UserError: There is no checkpoint, or no data.
    """
    from dlstudio.engine.heads.evenly_spread import some_of
    from dlstudio.engine.prediction.image_generation import can_sample, image_views
    from dlstudio.engine.runs.store import RunStore

    run = RunStore(question.folder).find(question.run)
    model = models.image_model(run, question.catalog)
    prepared = models.prepared(run, question, context)
    held = np.asarray(prepared.splits.get("validation", ()), np.int64)
    places = some_of(held if len(held) else np.arange(len(prepared)), HANDFUL)
    images = np.stack([prepared.rows[model.target][each] for each in places.tolist()])
    views = image_views(model, images)
    walk = views.walk if can_sample(model) else views.walk[:0]
    return CheckpointImages(images, views.reconstructions, views.samples, walk)


@dataclass(frozen=True, eq=False, slots=True)
class ImageAnswer:
    """Images that were asked for.

    Attributes:
        run: Id of the run whose model made them.
        request: What was asked.
        images: uint8 (n, height, width, channels).
    """

    run: str
    request: ImageRequest
    images: Pixels


def make_images(
    context: ReportingContext[Progress],
    models: ModelCache,
    question: RunReference,
    request: ImageRequest,
) -> ImageAnswer:
    """New images, or images between two samples of the run's data.

    Args:
        context: Context of the job.
        models: Caches the run's model and data.
        question: The run and the project's folder.
        request: What is wanted.

    Raises:
        UserError: The model cannot make them, or a sample is missing.
    """
    from dlstudio.engine.prediction.image_generation import sample_images, walk_between
    from dlstudio.engine.runs.store import RunStore

    run = RunStore(question.folder).find(question.run)
    model = models.image_model(run, question.catalog)
    if isinstance(request, SampleRequest):
        images = sample_images(model, request.count, request.seed)
        return ImageAnswer(run.id, request, images)
    prepared = models.prepared(run, question, context)
    rows = {id: row for row, id in enumerate(prepared.ids)}
    ends = []
    for id in (request.first, request.second):
        if id not in rows:
            raise UserError(
                _("The data no longer has the image {id}.").format(id=id),
                _("Evaluate again, then choose another image."),
            )
        ends.append(np.asarray(prepared.rows[model.target][rows[id]]))
    images = walk_between(model, ends[0], ends[1], request.steps)
    return ImageAnswer(run.id, request, images)


def save_images(context: JobContext, images: Pixels, folder: Path) -> Path:
    """Write images to a folder as numbered PNG files; returns the folder.

    Args:
        context: Context of the job.
        images: uint8 (n, height, width, channels).
        folder: New or empty.

    Raises:
        UserError: It has files already, or cannot be written.
    """
    from dlstudio.data.images.png import write_png

    del context
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(
            _("{folder} is not empty. Nothing was overwritten.").format(folder=folder),
            _("Choose a new folder."),
        )
    width = len(str(len(images)))
    for number, image in enumerate(images, 1):
        write_png(image, folder / f"image_{number:0{width}}.png")
    return folder


def reconstruct_paths(
    context: ReportingContext[PredictionCount | ImagePrediction],
    models: ModelCache,
    question: RunReference,
    inputs: Sequence[Path],
    images: int,
) -> int:
    """Like `predict_paths`, with a model that gives images back.

    Args:
        context: Context of the job; gets a `PredictionCount`, then a prediction of
            each image.
        models: Caches the last used model.
        question: The run and the project's folder.
        inputs: Files, and folders, which are searched recursively.
        images: Maximum number of predictions that include their images.

    Raises:
        UserError: The model cannot be loaded.
        Cancelled: The job was cancelled.
    """
    from dlstudio.engine.prediction.image_files import find_images
    from dlstudio.engine.prediction.predict_images import reconstructed_images
    from dlstudio.engine.runs.store import RunStore

    items: list[Path | Prediction] = []
    for each in find_images(inputs):
        if context.should_stop():
            raise Cancelled
        items.append(each)
    context.report(PredictionCount(len(items)))
    run = RunStore(question.folder).find(question.run)
    model = models.image_model(run, question.catalog)
    unfinished = run.model_path is None
    for count, found in enumerate(reconstructed_images(model, items, AT_ONCE)):
        if context.should_stop():
            raise Cancelled
        kept = count < images
        context.report(
            ImagePrediction(
                found.prediction,
                run.id,
                image=found.original if kept else None,
                from_checkpoint=unfinished,
                reconstruction=found.reconstruction if kept else None,
            )
        )
    return len(items)
