"""Reading one picture for prediction, the same way as for training."""

from __future__ import annotations

import stat
from functools import lru_cache
from pathlib import Path

from dlstudio.data.decode import Decoder
from dlstudio.data.picture_spec import PictureSpec
from dlstudio.data.pillow_path import LARGEST_FILE, file_too_large
from dlstudio.data.samples import Pixels
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors


@lru_cache(maxsize=8)
def decoder_for(spec: PictureSpec) -> Decoder:
    """A decoder that is traced once for pictures of this form."""
    return Decoder(spec)


def read_picture(picture: Path | str | bytes, spec: PictureSpec) -> Pixels:
    """One picture as the model wants it: uint8 (height, width, channels).

    Args:
        picture: A file, or the bytes of one.
        spec: The form the model wants; see `picture_spec`.

    Raises:
        UserError: It is missing or cannot be used as a picture.
    """
    if isinstance(picture, bytes):
        return decoder_for(spec).one(picture)
    path = Path(picture)
    try:
        return decoder_for(spec).one(read_file(path))
    except UserError as error:
        if str(path) in error.message:
            raise
        raise UserError(
            _("{path} cannot be used. {reason}").format(
                path=path, reason=error.message
            ),
            error.hint,
        ) from error


def read_file(path: Path) -> bytes:
    """The bytes of a file that may be a picture.

    Raises:
        UserError: It cannot be read, is no file (but a pipe, say), or is too large.
    """
    with user_errors(path, writing=False):
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UserError(
                _("{path} is not a file.").format(path=path),
                _("Give a picture, such as a JPEG or PNG file."),
            )
        if status.st_size > LARGEST_FILE:
            raise file_too_large(status.st_size)
        return path.read_bytes()
