"""The layer that splits words by byte-pair encoding, inside the graph.

Each word begins as its characters; the two neighbors that were merged first while
learning are merged, again and again (Sennrich, Haddow & Birch: “Neural Machine
Translation of Rare Words with Subword Units”, 2016).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import tensorflow as tf

from dlstudio.data.word_pieces import END, LONGEST_WORD, SPECIAL, UNKNOWN
from dlstudio.engine.model.subword_layer import SubwordLayer, trained_tokenizer

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

UNKNOWN_NUMBER = 1
NO_RANK = 2**31 - 1


@keras.saving.register_keras_serializable("dlstudio")
class BytePair(SubwordLayer):
    """Splits texts into subwords and gives their numbers.

    Args:
        max_tokens: Most subwords that are learned, padding and unknown ones included.
        output_sequence_length: Subwords of each text; None for those of the longest.
        lowercase: Whether capital letters are read as small ones.
        vocabulary: The subwords in the order of their numbers; None to learn them.
        merges: Pairs of subwords in the order in which they are merged, each with a
            blank between the two.
        **options: Those of `keras.layers.Layer`, such as its name.
    """

    def __init__(
        self,
        max_tokens: int = 8000,
        output_sequence_length: int | None = None,
        lowercase: bool = True,
        vocabulary: Sequence[str] | None = None,
        merges: Sequence[str] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(max_tokens, output_sequence_length, lowercase, **options)
        self.merges: tuple[str, ...] = ()
        self.characters: Any = None
        self.pairs: Any = None
        if vocabulary:
            self.set_merges(vocabulary, merges or ())

    def set_merges(self, vocabulary: Sequence[str], merges: Sequence[str]) -> None:
        """Use these subwords, in the order of their numbers, and these merges.

        Raises:
            ValueError: A merge names a subword that is not there.
        """
        self.vocabulary = tuple(vocabulary)
        self.merges = tuple(merges)
        parts = [tuple(each.split(" ")) for each in self.merges]
        words = self.vocabulary[len(SPECIAL) :]
        numbers = {word: place for place, word in enumerate(words, len(SPECIAL))}
        unknown = [p for p in parts if len(p) != 2 or {*p, "".join(p)} - numbers.keys()]
        if unknown:
            raise ValueError(
                f"merges need subwords of the vocabulary, not {unknown[0]}"
            )
        pairs = [[numbers[a], numbers[b]] for a, b in parts]
        table = np.array(pairs, np.int64).reshape(-1, 2)
        merged = [numbers[a + b] for a, b in parts]
        self._merged = np.array([*merged, UNKNOWN_NUMBER], np.int64)
        with tf.init_scope():
            self.characters = _table([*words], [*numbers.values()], UNKNOWN_NUMBER, "")
            keys = table[:, 0] * len(self.vocabulary) + table[:, 1]
            self.pairs = _table(keys.tolist(), [*range(len(keys))], NO_RANK, -1)

    def learn(self, texts: Sequence[str]) -> None:
        """See `SubwordLayer`.

        Raises:
            UserError: The library for it is not installed.
        """
        self.set_merges(*learn_merges(texts, self.max_tokens))

    def get_config(self) -> dict[str, Any]:
        """The parameters, for saving, and what was learned."""
        return {**super().get_config(), "merges": list(self.merges) or None}

    def subwords(self, words: Tensor) -> Tensor:
        """The subwords of words (w,), int64 (w, most); -1 behind the last one."""
        lengths = tf.strings.length(words, unit="UTF8_CHAR")
        long = lengths > LONGEST_WORD
        short = tf.where(long, "", words)
        letters = tf.strings.unicode_split(short, "UTF-8")
        counts = letters.row_lengths()
        last = tf.range(tf.reduce_max(tf.concat([counts, [1]], 0)))[None] + 1
        plain = letters.to_tensor("")
        ends = last[:, : tf.shape(plain)[1]] == counts[:, None]
        found = self.characters.lookup(plain + tf.where(ends, END, ""))
        within = tf.sequence_mask(counts, tf.shape(plain)[1])
        found = tf.where(within, found, tf.constant(-1, tf.int64))
        (found,) = tf.while_loop(
            lambda tokens: tf.reduce_any(self._ranks(tokens) < NO_RANK),
            lambda tokens: (self._merge(tokens),),
            (found,),
            (tf.TensorShape([None, None]),),
        )
        first = tf.where(long, tf.constant(1, tf.int64), tf.constant(-1, tf.int64))
        table: Tensor = tf.concat([first[:, None], found], axis=1)
        return table

    def _ranks(self, tokens: Tensor) -> Tensor:
        """The rank of each token and the next one, int64 (w, length - 1)."""
        before, behind = tokens[:, :-1], tokens[:, 1:]
        keys = before * len(self.vocabulary) + behind
        ranks = self.pairs.lookup(keys)
        none = tf.constant(NO_RANK, tf.int64)
        found: Tensor = tf.where((before < 0) | (behind < 0), none, ranks)
        return found

    def _merge(self, tokens: Tensor) -> Tensor:
        """Merge the pair of lowest rank in each word, the first one of equal ones.

        Args:
            tokens: (w, length), -1 behind the last of a word.

        Returns:
            The same with one column less.
        """
        ranks = self._ranks(tokens)
        best = tf.reduce_min(ranks, axis=1)
        place = tf.argmin(ranks, axis=1)
        changes = best < NO_RANK
        columns = tf.range(tf.shape(tokens, tf.int64)[1])[None]
        at = tf.where(changes, place, tf.shape(tokens, tf.int64)[1])[:, None]
        new = tf.gather(self._merged, tf.where(changes, best, 0))[:, None]
        merged = tf.where(columns == at, new, tokens)
        # What stands behind the pair moves to the left.
        none = tf.fill((tf.shape(tokens)[0], 1), tf.constant(-1, tf.int64))
        moved = tf.concat([merged[:, 1:], none], axis=1)
        found = tf.where(columns > at, moved, merged)
        unchanged = tf.reduce_any(found[:, -1] >= 0)
        result: Tensor = tf.cond(unchanged, lambda: found, lambda: found[:, :-1])
        return result


def _table(
    keys: Sequence[str | int], values: Sequence[int], default: int, never: str | int
) -> Any:
    """A lookup table of whole numbers.

    Args:
        keys: Each with its value.
        values: As many.
        default: The value of all others.
        never: A key that is not asked for: TensorFlow refuses tables without any.
    """
    dtype = tf.string if isinstance(never, str) else tf.int64
    initializer = tf.lookup.KeyValueTensorInitializer(
        tf.constant([*keys, never], dtype), tf.constant([*values, default], tf.int64)
    )
    return tf.lookup.StaticHashTable(initializer, default)


def learn_merges(texts: Sequence[str], most: int) -> tuple[list[str], list[str]]:
    """Learn subwords, and which pairs of them are merged, as `BytePair.merges`.

    Args:
        texts: With a blank between words.
        most: Most subwords, the special ones included.

    Raises:
        UserError: The library for it is not installed.
    """

    def parts(library: Any) -> tuple[Any, Any]:
        trainer = library.trainers.BpeTrainer(
            vocab_size=most,
            # Those that end words have to be known before: the library would number
            # them in any order, and choose between equally frequent pairs by number.
            special_tokens=[*SPECIAL, *_last(texts)],
            end_of_word_suffix=END,
            show_progress=False,
        )
        return library.models.BPE(unk_token=UNKNOWN, end_of_word_suffix=END), trainer

    tokenizer = trained_tokenizer(texts, parts)
    model = json.loads(tokenizer.to_str())["model"]
    numbers: dict[str, int] = model["vocab"]
    words = sorted(numbers, key=lambda word: numbers[word])
    return words, [" ".join(pair) for pair in model["merges"]]


def _last(texts: Sequence[str]) -> list[str]:
    """Subwords of one character that end a word, in order."""
    found = {word[-1] for text in texts for word in text.split()}
    return [each + END for each in sorted(found)]
