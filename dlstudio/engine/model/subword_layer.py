"""What layers have in common that split words into subwords inside the graph.

Subwords are learned from the training split by the library tokenizers; the model finds
them by itself with TensorFlow's string operations, so that a SavedModel takes raw
strings.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import tensorflow as tf

from dlstudio.data.word_pieces import ALONE, BLANKS
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

EXTRA = 'pip install "dlstudio[text]"'


class SubwordLayer(keras.layers.Layer, ABC):  # type: ignore[misc]
    """Splits texts into subwords and gives their numbers.

    Args:
        max_tokens: Most subwords that are learned, padding and unknown ones included.
        output_sequence_length: Subwords of each text; None for those of the longest.
        lowercase: Whether capital letters are read as small ones.
        **options: Those of `keras.layers.Layer`, such as its name.
    """

    def __init__(
        self,
        max_tokens: int = 8000,
        output_sequence_length: int | None = None,
        lowercase: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.max_tokens = max_tokens
        self.output_sequence_length = output_sequence_length
        self.lowercase = lowercase
        self.vocabulary: tuple[str, ...] = ()
        self.supports_jit = False
        self._convert_input_args = False  # strings are not cast
        self._texts: list[str] = []

    @abstractmethod
    def subwords(self, words: Tensor) -> Tensor:
        """The subwords of words (w,), int64 (w, most); -1 where there is none."""

    @abstractmethod
    def learn(self, texts: Sequence[str]) -> None:
        """Learn subwords from texts with a blank between words."""

    def reset_state(self) -> None:
        """Forget the texts that were seen."""
        self._texts = []

    def update_state(self, texts: Tensor) -> None:
        """See the texts of a batch, strings (n, 1)."""
        plain = np.asarray(self.standardized(tf.reshape(texts, (-1,))))
        self._texts += [each.decode("utf-8", "replace") for each in plain]

    def finalize_state(self) -> None:
        """Learn subwords from the texts that were seen.

        Raises:
            UserError: The library for it is not installed.
        """
        self.learn(self._texts)
        self._texts = []

    def standardized(self, texts: Tensor) -> Tensor:
        """Texts (n,) with a blank between words; signs and characters stand alone."""
        if self.lowercase:
            texts = tf.strings.lower(texts, encoding="utf-8")
        texts = tf.strings.regex_replace(texts, ALONE, r" \1 ")
        found: Tensor = tf.strings.regex_replace(texts, BLANKS, " ")
        return found

    def build(self, shape: tuple[int | None, ...]) -> None:
        """Nothing: there are no weights."""
        del shape
        self.built = True

    def call(self, texts: Tensor) -> Tensor:
        """The numbers of the subwords, int64 (n, length); 0 behind the end of a text.

        Args:
            texts: Strings (n, 1) or (n,).
        """
        words = tf.strings.split(self.standardized(tf.reshape(texts, (-1,))))
        different, places = tf.unique(words.flat_values, out_idx=tf.int64)
        table = self.subwords(different)
        parts = tf.ragged.boolean_mask(table, table >= 0)
        found = words.with_flat_values(tf.gather(parts, places)).merge_dims(1, 2)
        shape = (None, self.output_sequence_length)
        numbers: Tensor = found.to_tensor(0, shape=shape)
        return numbers

    def compute_output_spec(self, texts: Any) -> Any:
        """Shape and data type of the numbers."""
        shape = (texts.shape[0], self.output_sequence_length)
        return keras.KerasTensor(shape, dtype="int64")

    def get_config(self) -> dict[str, Any]:
        """The parameters, for saving, and what was learned."""
        return {
            **super().get_config(),
            "max_tokens": self.max_tokens,
            "output_sequence_length": self.output_sequence_length,
            "lowercase": self.lowercase,
            "vocabulary": list(self.vocabulary) or None,
        }


def trained_tokenizer(
    texts: Sequence[str], parts_of: Callable[[Any], tuple[Any, Any]]
) -> Any:
    """A tokenizer of the library that has learned subwords.

    Args:
        texts: With a blank between words; those without a word are left out.
        parts_of: Creates the model and the trainer, from the library.

    Raises:
        UserError: The library is not installed.
    """
    try:
        import tokenizers
    except ImportError:
        raise UserError(
            _("Subwords are learned by the package tokenizers."),
            _("Install it with “{command}”.").format(command=EXTRA),
        ) from None
    model, trainer = parts_of(tokenizers)
    tokenizer = tokenizers.Tokenizer(model)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    tokenizer.train_from_iterator((each for each in texts if each.strip()), trainer)
    return tokenizer
