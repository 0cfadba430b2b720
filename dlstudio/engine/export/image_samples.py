"""Chooses the samples that verify an export."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from dlstudio.catalog.store import Catalog
from dlstudio.data.images.decoders.image_decoder import Decoder
from dlstudio.data.images.read import decoder_for, read_file
from dlstudio.data.images.samples import image_path, image_pixels, in_arrays
from dlstudio.data.images.spec import ImageSpec
from dlstudio.data.open_source import open_source
from dlstudio.data.prepared import Prepared
from dlstudio.data.samples import Samples
from dlstudio.document.plan import IMAGE
from dlstudio.engine.evaluation.evaluate_image_classes import ClassifiedImages
from dlstudio.engine.export.sample_choice import ENOUGH, pick
from dlstudio.engine.prediction.image_classifier import Pixels, TrainedModel
from dlstudio.engine.runs.store import Run
from dlstudio.errors import UserError
from dlstudio.i18n import _

MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


@dataclass(frozen=True, slots=True)
class VerificationSamples:
    """Samples that verify an export, in both forms.

    Attributes:
        pixels: Prepared images, uint8 (n, height, width, channels).
        encoded: The same or other images as encoded files (m, not necessarily n).
        encoded_pixels: `encoded` as prepared by the studio, uint8 (m, ...).
        names: Names of `pixels`, for messages.
        encoded_names: Names of `encoded`.
        drawn_from: Number of `pixels` from each split.
        original_files: How many of `encoded` are the user's files.
    """

    pixels: Pixels
    encoded: Sequence[bytes]
    encoded_pixels: Pixels
    names: Sequence[str]
    encoded_names: Sequence[str]
    drawn_from: Mapping[str, int]
    original_files: int = 0


class TakesImages(Protocol):
    """A model that says in which form it takes images."""

    image_spec: ImageSpec


def verification_samples(
    trained: TakesImages,
    prepared: ClassifiedImages,
    source: Samples | None = None,
    count: int = ENOUGH,
) -> VerificationSamples:
    """Samples of `prepared`, held-out ones first, as pixels and encoded images.

    Training samples are added only if too few are held out; see `drawn_from`.

    Args:
        source: The source of `prepared`: the user's files are used unchanged if
            TensorFlow can decode them in a graph; arrays and everything else as PNG.
        count: Maximum number of samples.

    Raises:
        UserError: There are no samples.
    """
    indices, drawn_from = pick(prepared, count)
    if not len(indices):
        raise UserError(
            _("There are no samples to verify the export with."),
            _("Check that the project's data still exists."),
        )
    pixels = np.asarray(prepared.rows[IMAGE][indices])
    names = [prepared.ids[index] for index in indices.tolist()]
    places = _places(source)
    decoder = decoder_for(trained.image_spec)
    encoded: list[bytes] = []
    original_files = 0
    for image, name in zip(pixels, names, strict=True):
        own = _own_file(source, places.get(name), decoder)
        original_files += own is not None
        encoded.append(own or _as_png(source, places.get(name), image))
    return VerificationSamples(
        pixels=pixels,
        encoded=encoded,
        encoded_pixels=np.stack([decoder.one(each) for each in encoded]),
        names=names,
        encoded_names=names,
        drawn_from=drawn_from,
        original_files=original_files,
    )


def _places(source: Samples | None) -> dict[str, int]:
    return {name: place for place, name in enumerate(source.ids)} if source else {}


def _own_file(
    source: Samples | None, place: int | None, decoder: Decoder
) -> bytes | None:
    """The bytes of the user's file, if a graph can decode them."""
    if source is None or place is None or in_arrays(source):
        return None
    try:
        found = read_file(image_path(source, place))
    except UserError:
        return None  # deleted since it was prepared; its pixels are still there
    return None if decoder.several([found]) is None else found


def _as_png(source: Samples | None, place: int | None, image: Pixels) -> bytes:
    """An array as PNG: the source's pixels if possible, else the prepared ones."""
    if source is not None and place is not None and in_arrays(source):
        whole = image_pixels(source, place)
        image = whole if whole.shape[-1] in MODES else image
    stream = io.BytesIO()
    mode = MODES[image.shape[-1]]
    size = (image.shape[1], image.shape[0])
    Image.frombytes(mode, size, image.tobytes()).save(stream, "PNG")
    return stream.getvalue()


def run_verification_samples(
    run: Run, folder: Path, catalog: Catalog, trained: TrainedModel, prepared: Prepared
) -> VerificationSamples:
    """Held-out samples for verification, as pixels and as encoded files.

    Args:
        run: Its project has the data source.
        folder: The project's folder; relative paths start there.
        catalog: Describes the data source.
        trained: The run's model.
        prepared: The run's data.

    Raises:
        UserError: The data is missing or cannot be read.
    """
    source = open_source(run.project().data.source, catalog, folder)
    return verification_samples(trained, prepared, source)
