"""Reading one image for prediction, the same way as for training."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from dlstudio.data.fileinfo import read_file
from dlstudio.data.image_decoder import Decoder
from dlstudio.data.image_error import ImageError
from dlstudio.data.image_spec import ImageSpec
from dlstudio.data.samples import Pixels
from dlstudio.errors import UserError
from dlstudio.i18n import _

__all__ = ["decoder_for", "read_file", "read_image"]


@lru_cache(maxsize=8)
def decoder_for(spec: ImageSpec) -> Decoder:
    """A decoder that is traced once for images of this form."""
    return Decoder(spec)


def read_image(image: Path | str | bytes, spec: ImageSpec) -> Pixels:
    """One image as the model wants it: uint8 (height, width, channels).

    Args:
        image: A file, or the bytes of one.
        spec: The form the model wants; see `image_spec`.

    Raises:
        UserError: It is missing or cannot be used as an image.
    """
    if isinstance(image, bytes):
        return decoder_for(spec).one(image)
    path = Path(image)
    try:
        return decoder_for(spec).one(read_file(path))
    except UserError as error:
        if str(path) in error.message:
            raise
        text = _("{path} cannot be used. {reason}")
        message = text.format(path=path, reason=error.message)
        if isinstance(error, ImageError):
            raise ImageError(error.kind, message) from error
        raise UserError(message, error.hint) from error
