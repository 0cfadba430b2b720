"""What can be wrong with a single picture."""

from __future__ import annotations

from dlstudio.errors import UserError
from dlstudio.i18n import _

LARGEST_FILE = 512 * 2**20


class PictureError(UserError):
    """A picture that cannot be used.

    Attributes:
        kind: "zero-byte", "not-an-image", "too-large", "truncated", "unreadable".
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def empty() -> PictureError:
    """The error for a file of no bytes."""
    return PictureError("zero-byte", _("The file is empty: it has no bytes."))


def too_large(width: int, height: int) -> PictureError:
    """The error for a picture that claims too many pixels."""
    text = _("The picture claims {width} × {height} pixels, which is far too large.")
    return PictureError("too-large", text.format(width=width, height=height))


def too_many_bytes(size: int) -> PictureError:
    """The error for a file with too many bytes."""
    text = _("The file has {size} MB, which is far too large for a picture.")
    return PictureError("too-large", text.format(size=size // 2**20))
