"""Greedy and beam search for the tokens of a text, as operations of a graph.

Wu et al.: “Google's Neural Machine Translation System” (2016), equation 14: the log
probability of a text is divided by ((5 + tokens) / 6) ** length_penalty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import tensorflow as tf

from dlstudio.engine.heads.next_tokens import PADDING, UNKNOWN
from dlstudio.engine.text_search.sequence_model import SequenceModel

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

IMPOSSIBLE = -1e9
SMALLEST = 1e-9


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """How texts are searched.

    Attributes:
        beam_width: Texts that are continued at the same time; 1 for greedy search.
        length_penalty: 0 prefers short texts; with 1, log probabilities are divided by
            about the number of tokens.
    """

    beam_width: int = 1
    length_penalty: float = 0.6


def search(
    parts: SequenceModel,
    sources: Sequence[Tensor],
    options: SearchOptions,
    *,
    from_logits: bool = False,
) -> Tensor:
    """The most likely texts that are found, int32 (n, length); 0 behind the end.

    A loop inside TensorFlow: nothing is traced for each token. The last score of a
    position is that of the end. Unknown tokens are never chosen.

    Args:
        parts: Of the model.
        sources: What its inputs take, each (n, ...).
        options: Width of the beam and length penalty.
        from_logits: Whether the scores are no probabilities yet.
    """
    width, length = options.beam_width, parts.length
    between, masks = _between(parts, sources, width)
    count = tf.shape(between[0])[0] // width
    first = tf.concat([[0.0], tf.fill([width - 1], IMPOSSIBLE)], axis=0)
    state = (
        tf.constant(0),
        tf.zeros((count, width, length), tf.int32),
        tf.tile(first[None], (count, 1)),
        tf.zeros((count, width), tf.int32),
        tf.zeros((count, width), tf.bool),
    )

    def step(
        place: Tensor, tokens: Tensor, total: Tensor, sizes: Tensor, ended: Tensor
    ) -> tuple[Tensor, ...]:
        flat = tf.reshape(tokens, (-1, length))
        entered = [*between, tf.cast(flat, parts.decoder.inputs[-1].dtype)]
        # Not by `__call__`, which warns of masks that go no further than this model.
        decode: Any = parts.decoder
        hidden = decode.call(entered, training=False, mask=[*masks, None])
        scores = parts.scorer(hidden[:, place : place + 1], training=False)[:, 0]
        likely = tf.reshape(_log(scores, from_logits), (count, width, -1))
        units = tf.shape(likely)[2]
        # A text that has ended goes on with its end, at no cost.
        over = tf.one_hot(units - 1, units, 0.0, IMPOSSIBLE)
        likely = tf.where(ended[..., None], over[None, None], likely)
        sums = total[..., None] + likely
        longer = sizes + tf.cast(~ended, tf.int32)
        ranked = sums / _penalty(longer, options.length_penalty)[..., None]
        _best, chosen = tf.math.top_k(tf.reshape(ranked, (count, -1)), width)
        beam, token = chosen // units, chosen % units
        ends = token == units - 1
        token = tf.where(ends, PADDING, token)
        kept = tf.gather(tokens, beam, batch_dims=1)
        written = tf.one_hot(place, length, dtype=tf.int32)[None, None]
        return (
            place + 1,
            kept + written * token[..., None],
            tf.gather(tf.reshape(sums, (count, -1)), chosen, batch_dims=1),
            tf.gather(longer, beam, batch_dims=1),
            tf.gather(ended, beam, batch_dims=1) | ends,
        )

    def goes_on(place: Tensor, *rest: Tensor) -> Any:
        return tf.logical_and(place < length, ~tf.reduce_all(rest[-1]))

    # Layers may not know of how many texts there are, although it is known before.
    shapes = tuple(
        tf.TensorShape([None, *each.shape[1:]] if each.shape.rank else [])
        for each in state
    )
    ending = tf.while_loop(goes_on, step, state, shapes, maximum_iterations=length)
    result: Tensor = ending[1][:, 0]
    return result


def _between(
    parts: SequenceModel, sources: Sequence[Tensor], width: int
) -> tuple[list[Tensor], list[Tensor | None]]:
    """What does not depend on the text, for each text of the beam, and its masks."""
    given: Any = parts.encoder(list(sources), training=False)
    found = given if isinstance(given, (list, tuple)) else [given]
    # Layers of Keras hang masks on tensors, which operations do not keep.
    masks = [getattr(each, "_keras_mask", None) for each in found]
    return (
        [_repeated(each, width) for each in found],
        [None if each is None else _repeated(each, width) for each in masks],
    )


def _repeated(tensor: Tensor, width: int) -> Tensor:
    """Each row as often as there are texts in the beam, which are any number.

    Where a single row is known to be one, a GRU broadcasts it, and finds no shape.
    """
    rows = tf.repeat(tensor, width, axis=0)
    shape = [None, *rows.shape[1:]]
    result: Tensor = tf.compat.v1.placeholder_with_default(rows, shape)
    return result


def _log(scores: Tensor, from_logits: bool) -> Tensor:
    """Log probabilities (n, tokens), none for padding and unknown tokens."""
    scores = tf.cast(scores, tf.float32)
    if from_logits:
        found = tf.nn.log_softmax(scores)
    else:
        found = tf.math.log(tf.maximum(scores, SMALLEST))
    never = tf.one_hot([PADDING, UNKNOWN], tf.shape(scores)[1], IMPOSSIBLE, 0.0)
    result: Tensor = found + tf.reduce_sum(never, axis=0)[None]
    return result


def _penalty(sizes: Tensor, exponent: float) -> Tensor:
    result: Tensor = tf.pow((5.0 + tf.cast(sizes, tf.float32)) / 6.0, exponent)
    return result
