"""A model's answer for one output, from values that a user has entered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OutputAnswer:
    """What one output of a model predicts.

    Attributes:
        output: Name of the feature that it predicts.
        value: The prediction as a value of that feature: a text, a name, or names
            separated by "|"; "" for a number.
        number: The prediction where it is a number.
        scores: Names with their probabilities, where it has any.
        error: Why there is no prediction, or "".
        tokens: Of the sentence whose tags the value is; there may be more of them than
            tags, where the model knows of fewer. Empty of anything else.
    """

    output: str
    value: str = ""
    number: float | None = None
    scores: tuple[tuple[str, float], ...] = ()
    error: str = ""
    tokens: tuple[str, ...] = ()

    @property
    def ranked(self) -> tuple[tuple[str, float], ...]:
        """The scores, the highest first."""
        return tuple(sorted(self.scores, key=lambda pair: -pair[1]))
