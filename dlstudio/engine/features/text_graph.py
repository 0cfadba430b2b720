"""Texts in the graph of an export, read as `cell_text` reads cells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import tensorflow as tf

from dlstudio.data.features.cell_text import PLAIN

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

_SPACES = r"[\t-\r\x{85}\p{Z}]+"
"""What Unicode counts as white space."""


def stripped(texts: Tensor) -> Tensor:
    """Texts (n,) without white space around them."""
    around = f"^{_SPACES}|{_SPACES}$"
    found: Tensor = tf.strings.regex_replace(texts, around, "")
    return found


def is_blank(texts: Tensor, marks: Iterable[str]) -> Tensor:
    """Whether there is no value in texts, bool (n,).

    Args:
        texts: Without white space around them, (n,).
        marks: Words that mean it.
    """
    words = tf.constant(sorted({"", *(mark.strip() for mark in marks)}))
    found: Tensor = tf.reduce_any(texts[:, None] == words[None, :], axis=1)
    return found


def plain_characters(texts: Tensor) -> Tensor:
    """Texts (n,) with digits and signs of other scripts as those of ASCII."""
    others: dict[str, str] = {}
    for other, sign in PLAIN.items():
        others[sign] = others.get(sign, "") + other
    for sign, characters in others.items():
        texts = tf.strings.regex_replace(texts, f"[{characters}]", sign)
    return stripped(texts)
