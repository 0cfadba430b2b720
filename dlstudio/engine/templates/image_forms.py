"""The forms of the images that a template is adapted to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlstudio.data.images.samples import image_path, image_pixels, in_arrays
from dlstudio.errors import UserError

if TYPE_CHECKING:
    from dlstudio.data.samples import Samples


def image_forms(samples: Samples, most: int) -> list[tuple[int, int, int]]:
    """(height, width, channels) of evenly spread images.

    Args:
        samples: Of a source of images.
        most: How many of them are opened, about.
    """
    step = max(1, len(samples) // most)
    indices = range(0, len(samples), step)
    if in_arrays(samples):
        shapes = (image_pixels(samples, index).shape for index in indices)
        return [(shape[0], shape[1], shape[2]) for shape in shapes]
    found = (_form_of_file(samples, index) for index in indices)
    return [form for form in found if form is not None]


def _form_of_file(samples: Samples, index: int) -> tuple[int, int, int] | None:
    """Size and channels from a file's header; None if unreadable."""
    from dlstudio.data.images.decoders.pillow_decoder import head_of

    try:
        return head_of(image_path(samples, index))
    except UserError:
        return None
