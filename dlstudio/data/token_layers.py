"""What the parameters of layers that look tokens up say of their vocabulary."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.catalog.schema import Description
from dlstudio.data.tokens import Tokenization
from dlstudio.document.values import Value

TEXT_VECTORIZATION = "keras.layers.TextVectorization"
STRING_LOOKUP = "keras.layers.StringLookup"
TOKEN_LAYERS = (TEXT_VECTORIZATION, STRING_LOOKUP)
"""Layers that learn a vocabulary from texts."""
WORD_PIECE, BYTE_PAIR = "dlstudio.layers.WordPiece", "dlstudio.layers.BytePair"
SUBWORD_LAYERS = (WORD_PIECE, BYTE_PAIR)
"""Layers that learn subwords, which the data alone does not say."""
UNKNOWN = "[UNK]"
"""How Keras calls words that are not in a vocabulary."""


def all_params(
    description: Description, given: Mapping[str, Value]
) -> dict[str, Value]:
    """The parameters of a layer with the defaults of its description."""
    return {**description.defaults(), **given}


def tokenization(kind: str, params: Mapping[str, Value]) -> Tokenization:
    """What a token is for a layer.

    Args:
        kind: One of `TOKEN_LAYERS`.
        params: Its parameters, defaults included.
    """
    if kind == STRING_LOOKUP:
        return Tokenization()
    split = params.get("split")
    return Tokenization(
        str(params.get("standardize") or ""),
        str(split or ""),
        _widths(params.get("ngrams")) if split else (),
    )


def special_words(kind: str, params: Mapping[str, Value]) -> tuple[str, ...]:
    """The entries of a layer's vocabulary that are no words: padding, and unknown ones.

    Args:
        kind: One of `TOKEN_LAYERS`.
        params: Its parameters, defaults included.
    """
    numbers = params.get("output_mode") in (None, "int")
    if kind == TEXT_VECTORIZATION:
        return ("", UNKNOWN) if numbers else (UNKNOWN,)
    many, mask = params.get("num_oov_indices"), params.get("mask_token")
    unknown = (UNKNOWN,) * (many if isinstance(many, int) else 1)
    return (str(mask), *unknown) if numbers and mask is not None else unknown


def _widths(ngrams: Value) -> tuple[int, ...]:
    if isinstance(ngrams, int):
        return tuple(range(1, ngrams + 1))
    if isinstance(ngrams, tuple):
        return tuple(each for each in ngrams if isinstance(each, int))
    return ()
