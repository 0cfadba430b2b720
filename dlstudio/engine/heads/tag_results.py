"""The tags that an export returns, and whether they are those of its scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor


def tag_tensor(scores: Tensor, tags: Sequence[str]) -> Tensor:
    """The likeliest tag of each token, string (n, length), "" for padding.

    Args:
        scores: Of the tags, (n, length, tags); zeros for padding.
        tags: By number.
    """
    import tensorflow as tf

    names = tf.gather(tf.constant(list(tags)), tf.argmax(scores, axis=-1))
    known = tf.reduce_any(scores > 0.0, axis=-1)
    found: Tensor = tf.where(known, names, "")
    return found


def same_tags(
    returned: npt.NDArray[Any],
    wanted: npt.NDArray[Any],
    given: npt.NDArray[Any],
    tags: Sequence[str],
) -> npt.NDArray[np.bool_]:
    """Whether returned tags are those of the scores of either side, bool (n,).

    Args:
        returned: Tags as bytes (n, length).
        wanted: Scores of the studio, (n, length, tags).
        given: Scores of the export.
        tags: By number.
    """
    names = np.char.encode(np.array(list(tags), np.str_), "utf-8")
    if returned.shape != wanted.shape[:2]:
        return np.zeros(len(wanted), bool)

    def equal(scores: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        known = wanted.any(axis=-1)
        labels = np.where(known, names[scores.argmax(axis=-1)], b"")
        return np.asarray(labels == returned)

    return np.asarray((equal(wanted) | equal(given)).all(axis=1))
