"""Weights that Keras publishes, in Keras' cache folder; nothing is downloaded here."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from dlstudio.catalog.backbones import SUBFOLDER, PublishedWeights
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import open_regular
from dlstudio.paths import user_errors

KEPT = 32
MD5_DIGITS = 32


def keras_folder() -> Path:
    """The folder that Keras keeps downloaded weights in."""
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path.home() / ".keras") / SUBFOLDER


def place_of(weights: PublishedWeights) -> Path:
    """Where Keras keeps these weights, whether they are there or not."""
    return keras_folder() / weights.file


def check_at_hand(weights: PublishedWeights) -> Path:
    """The file of these weights, complete.

    Raises:
        UserError: It is missing or damaged; says what to put where.
    """
    path = place_of(weights)
    try:
        found = path.stat()
    except (OSError, ValueError):
        raise _missing(weights, path) from None
    if weights.hash:
        digest = file_digest(path, _kind(weights), found.st_size, found.st_mtime_ns)
        if digest != weights.hash:
            raise damaged(weights, path)
    return path


def damaged(weights: PublishedWeights, path: Path) -> UserError:
    """The error where a file does not have these weights."""
    return UserError(
        _("{path} is damaged or is another file.").format(path=path),
        _("Delete it, and put the file from {address} in its place.").format(
            address=weights.address
        ),
    )


def _missing(weights: PublishedWeights, path: Path) -> UserError:
    return UserError(
        _(
            "The pretrained weights {file} (about {size:.0f} MB) are not at hand."
        ).format(file=weights.file, size=max(weights.megabytes, 1)),
        _(
            "Download {address} and save it as {path}, train with “dlstudio train "
            "--download”, or choose other weights. Nothing is downloaded unasked."
        ).format(address=weights.address, path=path),
    )


def _kind(weights: PublishedWeights) -> str:
    return "md5" if len(weights.hash) == MD5_DIGITS else "sha256"


@lru_cache(KEPT)
def file_digest(path: Path, kind: str, _size: int, _changed: int) -> str:
    """The digest of a file, hexadecimal; one that stays the same is read once.

    Args:
        path: Of the file.
        kind: "md5" or "sha256".
        _size: Of the file; another one has another digest.
        _changed: When it was changed, likewise.

    Raises:
        UserError: It cannot be read.
    """
    digest = hashlib.new(kind, usedforsecurity=False)
    with user_errors(path, writing=False), open_regular(path) as stream:
        while piece := stream.read(2**20):
            digest.update(piece)
    return digest.hexdigest()
