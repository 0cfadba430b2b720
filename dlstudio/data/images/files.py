"""Files of images: recognized by their first bytes, and read safely."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from dlstudio.catalog.image_files import IMAGE_SUFFIXES
from dlstudio.data.images.error import LARGEST_FILE, too_many_bytes
from dlstudio.data.images.heic import is_avif, is_heic
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors

IMAGE_FILE_SUFFIXES = IMAGE_SUFFIXES

_STARTS = (
    ("JPEG", b"\xff\xd8\xff"),
    ("PNG", b"\x89PNG\r\n\x1a\n"),
    ("GIF", b"GIF87a"),
    ("GIF", b"GIF89a"),
    ("BMP", b"BM"),
    ("TIFF", b"II*\0"),
    ("TIFF", b"MM\0*"),
    ("ICO", b"\0\0\1\0"),
)

_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def image_format(head: bytes) -> str:
    """The image format by the first 12 bytes of a file; "" if unknown."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[4:8] == b"ftyp":
        return "HEIC" if is_heic(head) else "AVIF" if is_avif(head) else ""
    return next((name for name, start in _STARTS if head.startswith(start)), "")


def looks_like_image(path: Path | str) -> bool:
    """Whether a file has the first bytes of an image; False if it cannot be read."""
    try:
        if not os.path.isfile(path):
            return False
        with open(path, "rb") as stream:
            return bool(image_format(stream.read(64)))
    except OSError:
        return False


def read_file(path: Path | str) -> bytes:
    """The bytes of a file that may be an image.

    Raises:
        UserError: The file cannot be read, is not regular (a pipe, say), or is too
            large.
    """
    with user_errors(path, writing=False):
        handle, size = _open(path)
        try:
            return _read_all(handle, size)
        finally:
            os.close(handle)


def open_file(path: Path | str) -> BinaryIO:
    """Open a file that may be an image; the caller closes it.

    Raises:
        UserError: As `read_file`.
    """
    with user_errors(path, writing=False):
        return os.fdopen(_open(path)[0], "rb")


def _open(path: Path | str) -> tuple[int, int]:
    """The handle of a regular file, and its size."""
    try:
        # Opening a pipe would otherwise block until another process writes to it.
        handle = os.open(path, _READING)
    except PermissionError:
        if os.path.isdir(path):  # which some systems do not open
            raise _no_file(path) from None
        raise
    status = os.fstat(handle)
    if stat.S_ISREG(status.st_mode) and status.st_size <= LARGEST_FILE:
        return handle, status.st_size
    os.close(handle)
    if stat.S_ISREG(status.st_mode):
        raise too_many_bytes(status.st_size)
    raise _no_file(path)


def _read_all(handle: int, size: int) -> bytes:
    """The content of an open file of about `size` bytes, usually in one call."""
    data = os.read(handle, size + 1)
    while len(data) != size and (more := os.read(handle, 1 << 20)):
        data += more
    return data


def _no_file(path: Path | str) -> UserError:
    return UserError(
        _("{path} is not a file.").format(path=path),
        _("Choose an image file, such as a JPEG or PNG file."),
    )
