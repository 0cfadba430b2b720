"""Where texts enter a model as numbers, and its tokens for one text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import numpy.typing as npt

from dlstudio.document.text_explanation import ExplainedText, ExplainedToken
from dlstudio.engine.prediction.text_places import (
    Lookup,
    lookups_of,
    places_within,
    tokens_of,
)
from dlstudio.engine.preprocessing.tensor_graph import calls_before, is_input
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasLayer, KerasModel, KerasTensor

PADDING, UNKNOWN = 0, 1
"""Numbers of no token and of an unknown one, where tokens are numbered."""


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text as a model has read it.

    Attributes:
        shown: Its tokens, with no shares yet.
        positions: For each number or column behind the TextVectorization, the tokens
            that it stands for; those of padding have none.
    """

    shown: ExplainedText
    positions: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class TextEntry:
    """A TextVectorization and what it gives to the layers behind it.

    Attributes:
        feature: The input whose texts it splits.
        given: This input.
        layer: The TextVectorization.
        numbers: Its output: numbers of tokens (n, length), or a value for each token of
            the vocabulary (n, ..., tokens).
        vectors: Outputs of the Embedding layers that look the numbers up; none where
            the output is itself what further layers compute with.
        embeddings: These layers.
    """

    feature: str
    given: KerasTensor
    layer: KerasLayer
    numbers: KerasTensor
    vectors: tuple[KerasTensor, ...] = ()
    embeddings: tuple[KerasLayer, ...] = ()
    _vocabulary: list[str] = field(default_factory=list)

    @property
    def is_numbered(self) -> bool:
        """Whether its output is the numbers of tokens, one after the other."""
        mode: str = self.layer.get_config()["output_mode"]
        return mode == "int"

    def read(self, entered: str, given: str) -> ReadText:
        """The tokens of a text.

        Args:
            entered: As it enters the layer.
            given: As the user gave it, in which tokens have their places.

        Raises:
            UserError: The layer splits texts by code of its own.
        """
        if not self._vocabulary:
            layer: Any = self.layer
            self._vocabulary.extend(map(str, layer.get_vocabulary()))
        placed = tokens_of(entered, self.layer)
        lookups = lookups_of(placed, self.layer)
        first = UNKNOWN + 1 if self.is_numbered else 1
        numbers = {name: n for n, name in enumerate(self._vocabulary) if n >= first}
        unknown = first - 1
        codes = [numbers.get(each.text, unknown) for each in lookups]
        if self.is_numbered:
            length = self.numbers.shape[1] or len(codes)
            positions = [each.tokens for each in lookups[:length]]
            positions += [()] * (length - len(positions))
        else:
            width = self.numbers.shape[-1] or len(self._vocabulary)
            positions = _by_column(codes, lookups, width)
        seen = {token for tokens in positions for token in tokens}
        count = max(seen, default=-1) + 1
        known = {
            each.text: code != unknown
            for each, code in zip(lookups, codes, strict=True)
        }
        places = places_within(entered, given)
        tokens = []
        for token in placed[:count]:
            start = places[token.start] if places else -1
            end = places[token.end - 1] + 1 if places else -1
            is_known = known.get(token.text, False)
            tokens.append(ExplainedToken(token.text, start, end, known=is_known))
        shown = ExplainedText(self.feature, tuple(tokens), len(placed) - count)
        return ReadText(shown, tuple(positions))

    def shares(self, read: ReadText, attributions: npt.NDArray[Any]) -> list[float]:
        """The attribution of each token.

        Args:
            read: The text.
            attributions: Of each position, (positions,).
        """
        found = [0.0] * len(read.shown.tokens)
        for value, tokens in zip(attributions.tolist(), read.positions, strict=True):
            for token in tokens:
                found[token] += value / len(tokens)
        return found


def text_entries(model: KerasModel, features: Sequence[str]) -> list[TextEntry]:
    """Where the texts of a model enter it.

    Args:
        model: The whole model.
        features: What enters each of its inputs; "" for what is no text.

    Raises:
        UserError: A text enters by other layers, or none does.
    """
    calls = calls_before(model.outputs)
    sources = {
        id(tensor): feature
        for tensor, feature in zip(model.inputs, features, strict=True)
        if feature
    }
    found: list[TextEntry] = []
    for call in calls:
        taken = [each for each in call.input_tensors if id(each) in sources]
        if not taken or is_input(call):
            continue
        layer = call.operation
        if not isinstance(layer, keras.layers.TextVectorization):
            raise _not_available(sources[id(taken[0])])
        numbers = call.output_tensors[0]
        behind = [
            each
            for each in calls
            if isinstance(each.operation, keras.layers.Embedding)
            and each.input_tensors[0] is numbers
        ]
        entry = TextEntry(
            sources[id(taken[0])],
            taken[0],
            layer,
            numbers,
            tuple(each.output_tensors[0] for each in behind),
            tuple(each.operation for each in behind),
        )
        if entry.is_numbered != bool(behind):
            raise _not_available(entry.feature)
        found.append(entry)
    if not found:
        raise UserError(_("No text enters this model, so there is none to explain."))
    return found


def _by_column(
    codes: Sequence[int], lookups: Sequence[Lookup], width: int
) -> list[tuple[int, ...]]:
    """The tokens of each column; one that occurs twice counts twice."""
    columns: list[list[int]] = [[] for _number in range(width)]
    for code, each in zip(codes, lookups, strict=True):
        columns[code].extend(each.tokens)
    return [tuple(Counter(tokens).elements()) for tokens in columns]


def _not_available(feature: str) -> UserError:
    return UserError(
        _("No attribution is available for “{feature}”.").format(feature=feature),
        _(
            "It needs a TextVectorization, and an Embedding behind it where words are "
            "numbered."
        ),
    )


def entered_text(values: npt.NDArray[Any]) -> str:
    """The text that enters a model, of an input (1, 1)."""
    return str(np.ravel(values)[0])
