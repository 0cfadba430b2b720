"""Errors of a single image."""

from __future__ import annotations

from dlstudio.errors import UserError
from dlstudio.i18n import _

LARGEST_FILE = 512 * 2**20


class ImageError(UserError):
    """An image that cannot be used.

    Attributes:
        kind: "zero-byte", "not-an-image", "too-large", "truncated", "unreadable",
            "heic".
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def empty() -> ImageError:
    """The error for an empty file."""
    return ImageError("zero-byte", _("The file is empty (0 bytes)."))


def too_many_bytes(size: int) -> ImageError:
    """The error for a file with too many bytes."""
    text = _("The file is {size} MB, which is too large for an image.")
    return ImageError("too-large", text.format(size=size // 2**20))


def check_bytes(data: bytes) -> None:
    """Raise for files that can be refused by their size.

    Raises:
        ImageError: The file is empty or too large.
    """
    if not data:
        raise empty()
    if len(data) > LARGEST_FILE:
        raise too_many_bytes(len(data))
