"""Several names in one text, in the graph of an export."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import tensorflow as tf

from dlstudio.data.tables.null_marks import EVERYWHERE
from dlstudio.engine.features.text_graph import is_blank, stripped

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor


def multi_hot(texts: Tensor, separators: str, names: Sequence[str]) -> Tensor:
    """A 1 for each name that is in a text, float32 (n, names).

    Args:
        texts: As they stand in a table, (n,).
        separators: Characters that stand between names.
        names: Those that are known; others are in no row.
    """
    texts = stripped(texts)
    texts = tf.where(is_blank(texts, EVERYWHERE), "", texts)
    for each in separators[1:]:
        texts = tf.strings.regex_replace(texts, re.escape(each), separators[0])
    parts = tf.strings.split(texts, separators[0])
    # A table of words would be a resource of the model's; what is different is not.
    words = tf.concat([tf.constant(names, tf.string), stripped(parts.flat_values)], 0)
    places = tf.unique(words).idx[len(names) :]
    rows = tf.cast(parts.value_rowids(), tf.int32)
    found = tf.boolean_mask(tf.stack([rows, places], axis=1), places < len(names))
    once = tf.ones_like(found[:, 0], tf.float32)
    counts = tf.scatter_nd(found, once, (tf.size(texts), len(names)))
    hot: Tensor = tf.ensure_shape(tf.minimum(counts, 1.0), (None, len(names)))
    return hot
