"""Predicts image files and folders of images."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from dlstudio.data.fileinfo import LITTER
from dlstudio.data.images.error import ImageError
from dlstudio.data.images.files import IMAGE_FILE_SUFFIXES, looks_like_image
from dlstudio.data.images.read import read_image
from dlstudio.data.images.spec import ImageSpec
from dlstudio.document.prediction import Prediction
from dlstudio.engine.heads.decisions import with_decision
from dlstudio.engine.prediction.image_classifier import Pixels, TrainedModel
from dlstudio.engine.runtime.stop_token import StopSource, StopToken
from dlstudio.errors import UserError
from dlstudio.i18n import _

BATCH = 32


def predict(
    trained: TrainedModel,
    inputs: Sequence[Path],
    *,
    batch: int = BATCH,
    threshold: float | None = None,
    stop: StopToken | None = None,
) -> list[Prediction]:
    """The results of `predictions` as a list, in order.

    Args:
        trained: A run's model with its classes.
        inputs: Files, and folders, which are searched recursively in sorted order.
        batch: Batch size.
        threshold: Instead of the model's own, see `decision_threshold`.
        stop: Checked before each batch.

    Raises:
        Stopped: `stop` was set.
    """
    return list(
        predictions(trained, inputs, batch=batch, threshold=threshold, stop=stop)
    )


def predictions(
    trained: TrainedModel,
    inputs: Sequence[Path],
    *,
    batch: int = BATCH,
    threshold: float | None = None,
    stop: StopToken | None = None,
) -> Iterator[Prediction]:
    """The model's prediction for each image, batch by batch.

    An unreadable image gives an error entry and does not affect the others. At most two
    batches of images are in memory.

    Args:
        trained: A run's model with its classes.
        inputs: Files, and folders, which are searched recursively in sorted order.
        batch: Batch size.
        threshold: Instead of the model's own, see `decision_threshold`.
        stop: Checked before each batch.

    Raises:
        Stopped: `stop` was set.
    """
    token = stop or StopSource().token
    workers = min(8, os.cpu_count() or 1)
    with ThreadPoolExecutor(workers, "images") as pool:
        for group in image_batches(find_images(inputs), batch):
            token.check()
            read = list(
                pool.map(lambda path: read_prepared(path, trained.image_spec), group)
            )
            yield from _answers(trained, group, read, threshold)


def find_images(inputs: Sequence[Path]) -> Iterator[Path | Prediction]:
    """The image files; a folder without images gives an error entry."""
    for each in inputs:
        if not each.is_dir():
            yield each
            continue
        found = False
        for path in _walk(each):
            found = True
            yield path
        if not found:
            message = _("This folder contains no images.")
            yield Prediction(input=str(each), error=message)


def _walk(folder: Path) -> Iterator[Path]:
    """Images in `folder` and its subfolders, sorted; each folder is visited once."""
    entered: set[tuple[int, int]] = set()

    def walk(place: Path) -> Iterator[Path]:
        try:
            status = place.stat()
            names = sorted(os.listdir(place))
        except OSError:
            return  # skip folders without read permission
        if (status.st_dev, status.st_ino) in entered:
            return
        entered.add((status.st_dev, status.st_ino))
        for name in names:
            path = place / name
            if name in LITTER or name.startswith("."):
                continue
            if path.is_dir():
                yield from walk(path)
            elif path.suffix.lower() in IMAGE_FILE_SUFFIXES or looks_like_image(path):
                yield path

    return walk(folder)


def image_batches(
    items: Iterator[Path | Prediction], size: int
) -> Iterator[list[Path | Prediction]]:
    """Items in lists of at most `size`."""
    group: list[Path | Prediction] = []
    for item in items:
        group.append(item)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group


def read_prepared(item: Path | Prediction, spec: ImageSpec) -> Pixels | Prediction:
    """The prepared image, uint8 (height, width, channels), or an error entry."""
    if isinstance(item, Prediction):
        return item
    try:
        pixels: Pixels = read_image(item, spec)
    except UserError as error:
        kind = error.kind if isinstance(error, ImageError) else ""
        return Prediction(input=str(item), error=str(error), kind=kind)
    return pixels


def _answers(
    trained: TrainedModel,
    group: Sequence[Path | Prediction],
    read: Sequence[Pixels | Prediction],
    threshold: float | None,
) -> Iterator[Prediction]:
    pixels = [each for each in read if not isinstance(each, Prediction)]
    outputs = trained.outputs(np.stack(pixels)) if pixels else ()
    answers = iter(
        trained.head_type.answers(
            outputs,
            with_decision(trained.fitted, threshold),
            from_logits=trained.from_logits,
        )
        if pixels
        else ()
    )
    for item, each in zip(group, read, strict=True):
        if isinstance(each, Prediction):
            yield each
        else:
            yield Prediction.of(str(item), {trained.target: next(answers)})
