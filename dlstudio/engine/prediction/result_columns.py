"""Predictions for the rows of a table as columns, which stay small."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from dlstudio.document.prediction import Prediction
from dlstudio.engine.prediction.feature_model import FeatureModel

Part = Literal["value", "text", "label", "labels", "score", "tags", "error"]
"""What of an answer a column has; see `Prediction.outputs`."""
USUAL_SEPARATOR = "|"
_TYPES = {"value": pl.Float64, "score": pl.Float64}


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A column of predictions.

    Attributes:
        name: Of the column: not one of the table's own.
        part: What it has of the answers.
        output: The predicted feature; "" of the column of errors.
        separator: Between the labels of a row.
    """

    name: str
    part: Part
    output: str = ""
    separator: str = USUAL_SEPARATOR

    def values(self, predictions: Sequence[Prediction]) -> pl.Series:
        """The cells of some rows; null where a row has no answer, or no error."""
        found = [self._value(each) for each in predictions]
        return pl.Series(self.name, found, _TYPES.get(self.part, pl.String))

    def _value(self, prediction: Prediction) -> object:
        if self.part == "error":
            return prediction.error or None
        if prediction.error:
            return None
        value = prediction.outputs[self.output][self.part]
        if self.part == "tags":
            return " ".join(value)
        return self.separator.join(value) if self.part == "labels" else value


def result_columns(
    model: FeatureModel, taken: Iterable[str]
) -> tuple[ResultColumn, ...]:
    """A column for the prediction of each output, one for a class's score, and errors.

    Args:
        model: A run's model.
        taken: Names that the table has already.
    """
    names = set(taken)
    return tuple(
        ResultColumn(_free(name, names), part, output, separator)
        for name, part, output, separator in _wanted(model)
    )


def _wanted(model: FeatureModel) -> Iterator[tuple[str, Part, str, str]]:
    for each in model.outputs:
        name = f"predicted_{each.name}"
        separator = str(model.feature(each.name).params.get("separator", "auto"))
        mark = USUAL_SEPARATOR if separator == "auto" else separator
        if each.head_type.AXES > 1:
            yield name, "tags", each.name, mark
            continue
        if not each.head_type.has_classes:
            text = each.head_type.labels == "text"
            yield name, "text" if text else "value", each.name, mark
            continue
        several = each.head_type.labels == "multi"
        yield name, "labels" if several else "label", each.name, mark
        yield f"{name}_score", "score", each.name, mark
    yield "error", "error", "", USUAL_SEPARATOR


def _free(name: str, taken: set[str]) -> str:
    number, free = 2, name
    while free in taken:
        number, free = number + 1, f"{name}_{number}"
    taken.add(free)
    return free
