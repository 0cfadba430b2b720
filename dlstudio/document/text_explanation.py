"""What a model looked at in a text: its tokens with their shares of a prediction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from dlstudio.json_values import JsonObject


@dataclass(frozen=True, slots=True)
class ExplainedToken:
    """A word or a character of a text, and what it does to a prediction.

    Attributes:
        text: As the model looks it up, in lower case if it does so.
        start, end: Its place in the text as it was given, in characters; both -1 where
            it is not known.
        share: Its attribution divided by the sum of all absolute ones: above 0 speaks
            for the prediction, below 0 against it.
        known: Whether it is in the vocabulary.
    """

    text: str
    start: int
    end: int
    share: float = 0.0
    known: bool = True

    @property
    def has_place(self) -> bool:
        """Whether its place in the text is known."""
        return self.start >= 0


@dataclass(frozen=True, slots=True)
class ExplainedText:
    """The tokens of a text that the model has read.

    Attributes:
        feature: The input that the text entered.
        tokens: In their order.
        cut: So many tokens at the end are more than the model reads.
    """

    feature: str
    tokens: tuple[ExplainedToken, ...]
    cut: int = 0

    @property
    def unknown(self) -> tuple[str, ...]:
        """The different tokens that are not in the vocabulary, in their order."""
        names = (each.text for each in self.tokens if not each.known)
        return tuple(dict.fromkeys(names))

    def with_shares(self, shares: Sequence[float]) -> ExplainedText:
        """The same tokens with other shares.

        Args:
            shares: Of each token.
        """
        pairs = zip(self.tokens, shares, strict=True)
        tokens = tuple(replace(token, share=float(share)) for token, share in pairs)
        return replace(self, tokens=tokens)

    @property
    def largest(self) -> float:
        """The largest absolute share; 0 without tokens."""
        return max((abs(each.share) for each in self.tokens), default=0.0)


@dataclass(frozen=True, slots=True)
class TextAttention:
    """How much an attention layer looks at each token of a text.

    Attributes:
        layer: Name of the layer.
        feature: The input that the text entered.
        heads: Of each head, the weight of each token: of one that is queried several
            times, the mean of the queries that are no padding.
    """

    layer: str
    feature: str
    heads: tuple[tuple[float, ...], ...]

    @property
    def mean(self) -> tuple[float, ...]:
        """The mean of all heads."""
        count = len(self.heads)
        return tuple(sum(column) / count for column in zip(*self.heads, strict=True))


@dataclass(frozen=True, slots=True)
class TextExplanation:
    """What a model looked at to predict one output.

    Attributes:
        output: Name of the feature that is predicted.
        label: The class that is explained; "" where a number is.
        value: Its score, or the number.
        baseline: The same where padding takes the place of all tokens. The sum of all
            attributions is the difference of both.
        gap: How far the sum that was computed is from that difference.
        total: Sum of all absolute attributions, of which each token has a share.
        texts: One for each input of texts.
        attention: One for each attention layer and text.
    """

    output: str
    label: str
    value: float
    baseline: float
    gap: float
    total: float
    texts: tuple[ExplainedText, ...]
    attention: tuple[TextAttention, ...] = ()

    def text(self, feature: str) -> ExplainedText | None:
        """The tokens of an input; None if it takes no text."""
        return next((each for each in self.texts if each.feature == feature), None)

    def to_json(self) -> JsonObject:
        """What `dlstudio predict --explain --json` prints."""
        found: dict[str, Any] = {"output": self.output}
        if self.label:
            found["label"] = self.label
        found |= {"value": self.value, "baseline": self.baseline, "gap": self.gap}
        found["texts"] = [self._text_json(each) for each in self.texts]
        return found

    def _text_json(self, text: ExplainedText) -> JsonObject:
        layers = [each for each in self.attention if each.feature == text.feature]
        return {
            "feature": text.feature,
            "cut": text.cut,
            "tokens": [
                {
                    "text": each.text,
                    "start": each.start if each.has_place else None,
                    "end": each.end if each.has_place else None,
                    "attribution": each.share * self.total,
                    "share": each.share,
                    "known": each.known,
                }
                for each in text.tokens
            ],
            "attention": [
                {"layer": each.layer, "heads": [list(head) for head in each.heads]}
                for each in layers
            ],
        }
