"""Which image files a script decodes by TensorFlow, and which by Pillow."""

from __future__ import annotations

from collections.abc import Iterable

DECODED = frozenset({".bmp", ".gif", ".jfif", ".jpe", ".jpeg", ".jpg", ".png"})
"""Endings of the files that `tf.io.decode_image` decodes."""


def converted_endings(endings: Iterable[str]) -> tuple[str, ...]:
    """Those that it does not decode, sorted.

    Args:
        endings: Of the files, in lower case.
    """
    return tuple(sorted(set(endings) - DECODED))
