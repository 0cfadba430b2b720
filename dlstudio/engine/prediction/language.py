"""A trained language model: its tokens, and the probabilities of the next one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from dlstudio.engine.heads.next_tokens import PADDING
from dlstudio.engine.heads.token_model import tokens_of, vocabulary_of
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.engine.preprocessing.tensor_graph import call_again

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, KerasTensor

Tokens = npt.NDArray[np.int32]


class LanguageModel:
    """What a model of features is as a language model.

    Args:
        model: A run's model, with one text that enters it and is predicted.

    Attributes:
        feature: Name of the text.
        whole: From texts, string (n, 1), to scores (n, length, tokens).
        tokens: Its tensor of tokens, (n, length).
        vocabulary: All tokens; their number is their place.
        separator: What stands between tokens.
        length: Tokens that enter at once.
        from_logits: Whether scores are logits.
    """

    def __init__(self, model: FeatureModel) -> None:
        self.model = model
        self.feature = model.inputs[0]
        self.whole: KerasModel = model.whole
        self.tokens: KerasTensor = tokens_of(self.whole)
        self.vocabulary, self.separator = vocabulary_of(self.whole)
        self.length = int(self.tokens.shape[1] or 0)
        self.from_logits = model.outputs[0].from_logits
        self._numbers = {word: place for place, word in enumerate(self.vocabulary)}
        self._encode = keras.Model(self.whole.inputs[0], self.tokens)
        given = keras.Input((self.length,), dtype=self.tokens.dtype, name="tokens")
        (scores,) = call_again(self.whole.outputs[:1], {id(self.tokens): given})
        self._behind = keras.Model(given, scores)
        self._next = tf.function(
            self._next_logits,
            input_signature=[
                tf.TensorSpec((1, self.length), tf.int32),
                tf.TensorSpec((), tf.int32),
            ],
            autograph=False,
        )

    @property
    def scores_of_text(self) -> int:
        """Scores that the model gives for one text."""
        return self.length * int(self.whole.outputs[0].shape[-1] or 1)

    def as_input(self, texts: Sequence[str]) -> Any:
        """Texts as the model takes them: a tensor of strings (n, 1)."""
        return tf.constant([[each] for each in texts], tf.string)

    def encode(self, texts: Sequence[str]) -> Tokens:
        """The first tokens of texts, int32 (n, length); padding at the end."""
        found = self._encode(self.as_input(texts), training=False)
        return np.asarray(found, np.int32)

    def prompt_tokens(self, text: str) -> list[int]:
        """The last tokens of a text of any length, at most `length`."""
        pieces = self.split(text)[-self.length :]
        known = self.encode([self.separator.join(pieces)])[0] if pieces else np.zeros(0)
        return [int(each) for each in known if each != PADDING]

    def unknown_in(self, text: str) -> list[str]:
        """The different pieces of a text that are no tokens of the model, in order."""
        return list(
            dict.fromkeys(each for each in self.split(text) if not self.knows(each))
        )

    def knows(self, piece: str) -> bool:
        """Whether a piece of a text is a token of the model."""
        return piece in self._numbers

    def split(self, text: str) -> list[str]:
        """A text in pieces, one for each token."""
        return text.split() if self.separator else list(text)

    def pieces(self, text: str, count: int) -> list[str]:
        """The first tokens of a text as they are written, with what is behind them."""
        if not self.separator:
            return list(text)[:count]
        return re.findall(r"\S+\s*", text)[:count]

    def predicted_characters(self, text: str) -> int:
        """Characters of all tokens of a text but the first, blanks included."""
        if not self.separator:
            return max(0, min(len(text), self.length) - 1)
        pieces = self.pieces(text, self.length)
        return sum(map(len, pieces)) - len(pieces[0].rstrip()) if pieces[1:] else 0

    def word(self, token: int) -> str:
        """A token as it is written."""
        return self.vocabulary[token] if 0 <= token < len(self.vocabulary) else ""

    def text(self, tokens: Sequence[int]) -> str:
        """Tokens as a text; padding is left out."""
        return self.separator.join(
            self.word(each) for each in tokens if each != PADDING
        )

    def next_logits(self, tokens: Sequence[int]) -> npt.NDArray[np.float64]:
        """Logits of the token behind some, float64 (tokens,).

        Args:
            tokens: At least one; of more than `length`, the last ones count.
        """
        given = np.zeros((1, self.length), np.int32)
        last = list(tokens)[-self.length :]
        given[0, : len(last)] = last
        found = self._next(tf.constant(given), tf.constant(len(last) - 1, tf.int32))
        return np.asarray(found, np.float64)

    def _next_logits(self, tokens: Any, place: Any) -> Any:
        scores = self._behind(tf.cast(tokens, self.tokens.dtype), training=False)
        found = tf.cast(scores[0, place], tf.float32)
        return found if self.from_logits else tf.math.log(tf.maximum(found, 1e-9))
