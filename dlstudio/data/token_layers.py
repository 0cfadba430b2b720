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


def special_tokens(kind: str, params: Mapping[str, Value]) -> int:
    """How many entries of a layer's vocabulary are no words: padding and unknown ones.

    Args:
        kind: One of `TOKEN_LAYERS`.
        params: Its parameters, defaults included.
    """
    numbers = params.get("output_mode") in (None, "int")
    if kind == TEXT_VECTORIZATION:
        return 2 if numbers else 1
    unknown = params.get("num_oov_indices")
    masked = numbers and params.get("mask_token") is not None
    return (unknown if isinstance(unknown, int) else 1) + masked


def _widths(ngrams: Value) -> tuple[int, ...]:
    if isinstance(ngrams, int):
        return tuple(range(1, ngrams + 1))
    if isinstance(ngrams, tuple):
        return tuple(each for each in ngrams if isinstance(each, int))
    return ()
