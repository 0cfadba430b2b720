"""The layer that splits words into pieces, with TensorFlow's string operations alone.

Pieces are learned from the training split by the library tokenizers; the model finds
them by itself, the longest first, so that a SavedModel takes raw strings (Schuster &
Nakajima: “Japanese and Korean Voice Search”, 2012; Devlin et al.: “BERT”, 2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import tensorflow as tf

from dlstudio.data.word_pieces import (
    LONGEST_WORD,
    SPECIAL,
    UNKNOWN,
    WITHIN,
)
from dlstudio.engine.model.subword_layer import SubwordLayer, trained_tokenizer

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor


@keras.saving.register_keras_serializable("dlstudio")
class WordPiece(SubwordLayer):
    """Splits texts into pieces of words and gives their numbers.

    Args:
        max_tokens: Most pieces that are learned, padding and the unknown one included.
        output_sequence_length: Pieces of each text; None for those of the longest one.
        lowercase: Whether capital letters are read as small ones.
        vocabulary: The pieces in the order of their numbers; None to learn them.
        **options: Those of `keras.layers.Layer`, such as its name.
    """

    def __init__(
        self,
        max_tokens: int = 8000,
        output_sequence_length: int | None = None,
        lowercase: bool = True,
        vocabulary: Sequence[str] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(max_tokens, output_sequence_length, lowercase, **options)
        self.table: Any = None
        self._longest = 1
        if vocabulary:
            self.set_vocabulary(vocabulary)

    def set_vocabulary(self, vocabulary: Sequence[str]) -> None:
        """Use these pieces, in the order of their numbers, special ones first."""
        self.vocabulary = tuple(vocabulary)
        pieces = self.vocabulary[len(SPECIAL) :]
        lengths = (len(each.removeprefix(WITHIN)) for each in pieces)
        self._longest = max(lengths, default=1)
        numbers = np.arange(len(SPECIAL), len(self.vocabulary), dtype=np.int64)
        with tf.init_scope():
            self.table = tf.lookup.StaticHashTable(
                tf.lookup.KeyValueTensorInitializer(
                    tf.constant(pieces, tf.string), tf.constant(numbers, tf.int64)
                ),
                -1,
            )

    def learn(self, texts: Sequence[str]) -> None:
        """See `SubwordLayer`.

        Raises:
            UserError: The library for it is not installed.
        """
        self.set_vocabulary(learn_pieces(texts, self.max_tokens))

    def subwords(self, words: Tensor) -> Tensor:
        """The pieces of words (w,), int64 (w, most); -1 behind the last one."""
        lengths = tf.strings.length(words, unit="UTF8_CHAR")
        unknown = lengths > LONGEST_WORD
        places = tf.where(unknown, lengths, tf.zeros_like(lengths))
        found = tf.zeros((tf.shape(words)[0], 0), tf.int64)

        def open_words(places: Tensor, _unknown: Tensor, _found: Tensor) -> Tensor:
            left: Tensor = tf.reduce_any(places < lengths)
            return left

        def step(places: Tensor, unknown: Tensor, found: Tensor) -> tuple[Tensor, ...]:
            rows = tf.where(places < lengths)[:, 0]
            left = tf.gather(lengths, rows) - tf.gather(places, rows)
            numbers, sizes = self._longest_piece(
                tf.gather(words, rows), tf.gather(places, rows), left
            )
            at = rows[:, None]
            lost = numbers < 0
            unknown = tf.tensor_scatter_nd_update(unknown, at, lost)
            further = tf.where(lost, left, sizes)
            places = tf.tensor_scatter_nd_add(places, at, further)
            none = tf.fill((tf.shape(words)[0],), tf.constant(-1, tf.int64))
            column = tf.tensor_scatter_nd_update(none, at, numbers)
            return places, unknown, tf.concat([found, column[:, None]], axis=1)

        shapes = (tf.TensorShape([None]),) * 2 + (tf.TensorShape([None, None]),)
        _places, unknown, found = tf.while_loop(
            open_words, step, (places, unknown, found), shape_invariants=shapes
        )
        found = tf.where(unknown[:, None], tf.constant(-1, tf.int64), found)
        first = tf.where(unknown, tf.constant(1, tf.int64), tf.constant(-1, tf.int64))
        table: Tensor = tf.concat([first[:, None], found], axis=1)
        return table

    def _longest_piece(
        self, words: Tensor, places: Tensor, left: Tensor
    ) -> tuple[Tensor, Tensor]:
        """The longest piece that begins at a place of each word.

        Args:
            words: (w,).
            places: Characters before it, int32 (w,).
            left: Characters from there on, at least one, int32 (w,).

        Returns:
            Its number, int64 (w,), -1 for none; and its characters, int32 (w,).
        """
        sizes = tf.range(self._longest, 0, -1)
        shape = (tf.shape(words)[0], self._longest)
        pieces = tf.strings.substr(
            tf.broadcast_to(words[:, None], shape),
            tf.broadcast_to(places[:, None], shape),
            tf.broadcast_to(sizes[None], shape),
            unit="UTF8_CHAR",
        )
        within = tf.broadcast_to(tf.where(places > 0, WITHIN, "")[:, None], shape)
        numbers = self.table.lookup(tf.strings.join([within, pieces]))
        first = tf.argmax(tf.cast(numbers >= 0, tf.int32), axis=1)
        size = tf.minimum(tf.gather(sizes, first), left)
        return tf.gather(numbers, first, batch_dims=1), size


def learn_pieces(texts: Sequence[str], most: int) -> list[str]:
    """Learn pieces of words.

    Args:
        texts: With a blank between words.
        most: Most pieces, the special ones included.

    Raises:
        UserError: The library for it is not installed.
    """

    def parts(library: Any) -> tuple[Any, Any]:
        trainer = library.trainers.WordPieceTrainer(
            vocab_size=most,
            # Those within words have to be known before: the library would number them
            # in any order, and choose between equally frequent pieces by number.
            special_tokens=[*SPECIAL, *_within(texts)],
            continuing_subword_prefix=WITHIN,
            show_progress=False,
        )
        return library.models.WordPiece(unk_token=UNKNOWN), trainer

    tokenizer = trained_tokenizer(texts, parts)
    numbers: dict[str, int] = tokenizer.get_vocab()
    return sorted(numbers, key=lambda piece: numbers[piece])


def _within(texts: Sequence[str]) -> list[str]:
    """Pieces of one character that occur behind the first one of a word, in order."""
    found = {each for text in texts for word in text.split() for each in word[1:]}
    return [WITHIN + each for each in sorted(found)]
