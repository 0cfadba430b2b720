"""Reconstructs image files, and says which of them are anomalies."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlstudio.data.images.png import write_png
from dlstudio.document.prediction import Answer, Prediction
from dlstudio.engine.heads.image_values import (
    Pixels,
    pixels_of,
    squared_errors,
    values_of,
)
from dlstudio.engine.prediction.image_files import (
    BATCH,
    find_images,
    image_batches,
    read_prepared,
)
from dlstudio.engine.prediction.image_model import ImageModel
from dlstudio.engine.runtime.stop_token import StopSource, StopToken


def image_predictions(
    model: ImageModel,
    inputs: Sequence[Path],
    *,
    out: Path | None = None,
    batch: int = BATCH,
    stop: StopToken | None = None,
) -> Iterator[Prediction]:
    """The reconstruction of each image, batch by batch.

    An unreadable image gives an error entry and does not affect the others.

    Args:
        model: A run's model.
        inputs: Files, and folders, which are searched recursively in sorted order.
        out: An empty folder to write the reconstructed images to; None for none.
        batch: Batch size.
        stop: Checked before each batch.

    Yields:
        The answer has the "error" of the image, the mean squared one of values from 0
        to 1, whether it is an "anomaly" and the "threshold" (None where there is none),
        and the file of the reconstructed "image" if one was written.

    Raises:
        UserError: An image cannot be written.
        Stopped: `stop` was set.
    """
    names: set[str] = set()
    items = find_images(inputs)
    for found in reconstructed_images(model, items, batch, stop):
        if out is not None and found.reconstruction is not None:
            path = out / _free_name(found.prediction.input, names)
            write_png(found.reconstruction, path)
            found.prediction.outputs[model.target]["image"] = str(path)
        yield found.prediction


@dataclass(frozen=True, eq=False, slots=True)
class ReconstructedFile:
    """An image file with what a model gives for it; no images where it is unreadable.

    Attributes:
        prediction: With the error and whether it is an anomaly.
        original: As it enters the model, uint8 (height, width, channels).
        reconstruction: Of the same shape.
    """

    prediction: Prediction
    original: Pixels | None = None
    reconstruction: Pixels | None = None


def reconstructed_images(
    model: ImageModel,
    items: Iterable[Path | Prediction],
    batch: int = BATCH,
    stop: StopToken | None = None,
) -> Iterator[ReconstructedFile]:
    """The reconstruction of each image, batch by batch, with the images themselves.

    Args:
        model: A run's model.
        items: Files, and error entries, which stay as they are.
        batch: Batch size.
        stop: Checked before each batch.

    Raises:
        Stopped: `stop` was set.
    """
    token = stop or StopSource().token
    with ThreadPoolExecutor(min(8, os.cpu_count() or 1), "images") as pool:
        for group in image_batches(iter(items), batch):
            token.check()
            read = list(
                pool.map(lambda item: read_prepared(item, model.image_spec), group)
            )
            pixels = [each for each in read if not isinstance(each, Prediction)]
            answers = iter(_answers(model, np.stack(pixels)) if pixels else ())
            for item, each in zip(group, read, strict=True):
                if isinstance(each, Prediction):
                    yield ReconstructedFile(each)
                    continue
                answer, image = next(answers)
                found = Prediction.of(str(item), {model.target: answer})
                yield ReconstructedFile(found, each, image)


def _answers(model: ImageModel, images: Pixels) -> Iterator[tuple[Answer, Pixels]]:
    """The answer for each image with its reconstruction."""
    found = model.reconstruct(images)
    threshold = None if model.threshold is None else model.threshold.value
    for error, image in zip(
        squared_errors(values_of(images), found).tolist(), found, strict=True
    ):
        anomaly = model.is_anomaly(error)
        answer = {"error": error, "anomaly": anomaly, "threshold": threshold}
        yield answer, pixels_of(image)


def _free_name(path: str, taken: set[str]) -> str:
    """The name of a PNG file that no other image has."""
    stem = Path(path).stem
    number, name = 1, f"{stem}.png"
    while name.lower() in taken:
        number += 1
        name = f"{stem}_{number}.png"
    taken.add(name.lower())
    return name
