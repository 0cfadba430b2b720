"""A model's prediction for a sample."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dlstudio.document.text_explanation import TextExplanation
from dlstudio.json_values import JsonObject

Answer = dict[str, Any]
"""What one output answers; plain JSON."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """The prediction for one sample, or why there is none.

    Attributes:
        input: The file as named by the user, or as found in a folder.
        label: The predicted class; for tagging the most likely label, "" below the
            threshold.
        labels: For tagging, all labels at or above the threshold, in class order.
        score: Probability of the most likely class.
        scores: Probability of each class.
        error: Why the sample could not be read, or "".
        kind: Kind of the error, see `ImageError`; "" if it has none.
        outputs: The answer of each output, by the name of the feature it predicts: a
            number as {"value"}, a text as {"text"}, a class as {"label", "score",
            "scores"}, and "labels" where there can be several; tags of tokens as
            {"tokens", "tags", "probabilities", "entities"}.
        explanation: What the model looked at in a text, if that was asked for.
    """

    input: str
    label: str = ""
    labels: tuple[str, ...] | None = None
    score: float = 0.0
    scores: dict[str, float] = field(default_factory=dict)
    error: str = ""
    kind: str = ""
    outputs: dict[str, Answer] = field(default_factory=dict)
    explanation: TextExplanation | None = None

    @classmethod
    def of(cls, input: str, outputs: dict[str, Answer]) -> Prediction:
        """A prediction from answers; the class is that of the first output.

        Args:
            input: What was predicted, as the user named it.
            outputs: See the attribute; at least one.
        """
        first = next(iter(outputs.values()))
        labels = first.get("labels")
        return cls(
            input,
            first.get("label", ""),
            None if labels is None else tuple(labels),
            first.get("score", 0.0),
            dict(first.get("scores", {})),
            outputs=outputs,
        )

    @property
    def title(self) -> str:
        """The class, or all labels in one line; "" where there is none."""
        return self.label if self.labels is None else ", ".join(self.labels)

    @property
    def ranked(self) -> tuple[tuple[str, float], ...]:
        """Classes with their probabilities, the most likely first."""
        return tuple(sorted(self.scores.items(), key=lambda pair: -pair[1]))

    def to_json(self) -> JsonObject:
        """An entry of what `dlstudio predict --json` prints."""
        if self.error:
            return {"input": self.input, "error": self.error}
        found: dict[str, Any] = {"input": self.input}
        if self.scores:
            found["label"] = self.label
            if self.labels is not None:
                found["labels"] = list(self.labels)
            found |= {"score": self.score, "scores": self.scores}
        if self.outputs:
            found["outputs"] = self.outputs
        if self.explanation is not None:
            found["explanation"] = self.explanation.to_json()
        return found
