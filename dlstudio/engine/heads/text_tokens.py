"""Texts as the numbers of their tokens, as a TextVectorization layer gives them.

Behind these comes one more number, the highest: the mark that begins and ends a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from dlstudio.data.features.base import Fitted
    from dlstudio.data.typing import Tensor

PADDING = 0
"""The number behind the end of a text, which no loss counts."""
WORDS, SEPARATOR, POSITIONS = "words", "separator", "positions"
"""What a head is given beside what a text has learned: the token of each number, what
stands between two of them, and the positions of the output."""


def marked_tokens(tokens: Tensor, positions: int, mark: int) -> Tensor:
    """The token that follows at each position, int32 (n, positions).

    The output at position 0 predicts the first token, and the one behind the last token
    the end of the text.

    Args:
        tokens: Their numbers, (n, length); 0 behind the end.
        positions: Of the output: `length`, or one more.
        mark: The number that ends a text.
    """
    import tensorflow as tf

    tokens = tf.cast(tokens, tf.int32)
    lacking = positions - int(tokens.shape[1] or 0)
    labels = tf.pad(tokens, ((0, 0), (0, lacking)))
    over = tf.cast(labels == PADDING, tf.int32)
    result: Tensor = tf.where(tf.cumsum(over, axis=1) * over == 1, mark, labels)
    return result


def texts_of(tokens: npt.ArrayLike, fitted: Fitted) -> list[str]:
    """The texts of tokens.

    Args:
        tokens: Their numbers, (n, length); 0 behind the end.
        fitted: See `WORDS`.
    """
    words: Sequence[str] = fitted[WORDS]
    separator = str(fitted[SEPARATOR])
    rows = np.asarray(tokens).astype(np.int64)
    return [
        separator.join(words[each] for each in row if 0 < each < len(words)).strip()
        for row in rows.tolist()
    ]


def text_tensor(tokens: Tensor, fitted: Fitted) -> Tensor:
    """The same in the graph, string (n,)."""
    import tensorflow as tf

    words = tf.constant(["", *list(fitted[WORDS])[1:]])
    numbers = tf.cast(tokens, tf.int32)
    known = tf.minimum(numbers, len(fitted[WORDS]) - 1)
    written = tf.where(known == numbers, tf.gather(words, known), "")
    joined = tf.strings.reduce_join(written, axis=1, separator=str(fitted[SEPARATOR]))
    result: Tensor = tf.strings.strip(joined)
    return result


def plain_texts(values: npt.NDArray[Any], fitted: Fitted) -> list[str]:
    """Texts as a model could write them: with one blank where several stand.

    Args:
        values: Texts (n,).
        fitted: See `WORDS`.
    """
    texts = [str(each).strip() for each in values.reshape(-1)]
    if fitted.get(SEPARATOR, " ") != " ":
        return texts
    return [" ".join(each.split()) for each in texts]
