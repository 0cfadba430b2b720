"""Reading one image for prediction, exactly as for training."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from dlstudio.data.images.columns import Pixels
from dlstudio.data.images.decoders.image_decoder import Decoder
from dlstudio.data.images.error import ImageError
from dlstudio.data.images.files import read_file
from dlstudio.data.images.spec import ImageSpec
from dlstudio.errors import UserError
from dlstudio.i18n import _

__all__ = ["decoder_for", "read_file", "read_image"]


@lru_cache(maxsize=8)
def decoder_for(spec: ImageSpec) -> Decoder:
    """A cached decoder for images of this spec."""
    return Decoder(spec)


def read_image(image: Path | str | bytes, spec: ImageSpec) -> Pixels:
    """Read one image in the model's form: uint8 (height, width, channels).

    Args:
        image: A file, or its bytes.
        spec: Form that the model expects; see `image_spec`.

    Raises:
        UserError: The file is missing or not a usable image.
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
