"""One image of the data, as it enters a model."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from dlstudio.data.images.read import read_image
from dlstudio.data.images.samples import image_path, image_pixels, in_arrays
from dlstudio.data.images.spec import ImageSpec, image_spec
from dlstudio.data.samples import Samples
from dlstudio.document.project import Project
from dlstudio.errors import UserError
from dlstudio.i18n import _


@dataclass(frozen=True, eq=False, slots=True)
class ImageSample:
    """An image of the data.

    Attributes:
        id: Of the sample.
        preview: As it enters the model, uint8 (height, width, channels).
        label: Its classes by the source; "" for none.
    """

    id: str
    preview: npt.NDArray[np.uint8]
    label: str


def image_sample(samples: Samples, number: int, spec: ImageSpec) -> ImageSample:
    """One of the images.

    Args:
        samples: Of a source of images.
        number: Which one; any number, near ones are far from one another.
        spec: The form that the model takes.

    Raises:
        UserError: There is none, or it cannot be read.
    """
    if not len(samples):
        raise UserError(_("The data contains no images."))
    index = spread(number, len(samples))
    if in_arrays(samples):
        image = _encoded(image_pixels(samples, index), spec)
    else:
        image = read_image(image_path(samples, index), spec)
    return ImageSample(samples.ids[index], image, _label(samples, index))


def spread(number: int, count: int) -> int:
    """Spread consecutive numbers over distant samples, so that classes change."""
    return (number * 7919) % count


def image_form(project: Project, graph: str) -> ImageSpec | None:
    """The form in which a graph takes images; None if it takes none.

    Args:
        project: With its data.
        graph: Name of the graph.
    """
    if not project.data.source.kind:
        return None
    try:
        return image_spec(project.graph(graph), project.data.source)
    except UserError:
        return None  # the graph does not take images


def _label(samples: Samples, index: int) -> str:
    label = samples.labels[index]
    if samples.has_several_labels:
        return ", ".join(samples.classes[i] for i in np.flatnonzero(label))
    return samples.classes[int(label)] if label >= 0 else ""


def _encoded(pixels: npt.NDArray[np.uint8], spec: ImageSpec) -> npt.NDArray[np.uint8]:
    """Pixels as an image file: encoded losslessly, so they are read like files."""
    plain = pixels[..., 0] if pixels.shape[-1] == 1 else pixels
    stream = io.BytesIO()
    Image.fromarray(plain).save(stream, "PNG")
    return read_image(stream.getvalue(), spec)
