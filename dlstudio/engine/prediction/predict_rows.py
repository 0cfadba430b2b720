"""Predictions for rows of tables, and for values as a user types them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from dlstudio.data.columns import Cells
from dlstudio.data.features.image import FORM
from dlstudio.data.image_spec import ImageSpec
from dlstudio.data.sources.data_table import cells_folder
from dlstudio.data.tables.read import read_table
from dlstudio.document.prediction import Prediction
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.engine.runtime.stop_token import StopSource, StopToken
from dlstudio.errors import UserError
from dlstudio.i18n import _

BATCH = 4096
"""Rows that are read, predicted and handed over at once."""
BATCH_BYTES = 64 * 2**20
"""Most bytes of their images."""


def predict_table(
    model: FeatureModel, path: Path, stop: StopToken | None = None
) -> Iterator[Prediction]:
    """What the model predicts for each row of a table.

    Columns are found by their names; others are ignored, and so is their order.

    Args:
        model: A run's model.
        path: Of the table.
        stop: Checked before each batch of rows.

    Raises:
        UserError: The table cannot be read, or lacks a column.
        Stopped: `stop` was set.
    """
    token = stop or StopSource().token
    table = read_table(path)
    cells = input_cells(model, table.columns)
    folder = _cells_folder(model, path)
    cells = {name: replace(each, folder=folder) for name, each in cells.items()}
    batch = min(BATCH, max(1, BATCH_BYTES // _row_bytes(model)))
    for start in range(0, len(table), batch):
        token.check()
        rows = np.arange(start, min(start + batch, len(table)), dtype=np.int64)
        names = [f"{path}:{number}" for number in table.row_numbers[rows].tolist()]
        yield from predict_cells(
            model, {name: each.take(rows) for name, each in cells.items()}, names
        )


def predict_values(
    model: FeatureModel, values: Mapping[str, str], name: str = ""
) -> Prediction:
    """What the model predicts for one sample.

    Args:
        model: A run's model.
        values: By feature, as they are typed; one that is not there is missing.
        name: What the sample is called.

    Raises:
        UserError: There is no such feature, or its value cannot be read.
    """
    for each in values:
        if each not in model.inputs:
            raise UserError(
                _("The model has no input called “{name}”.").format(name=each),
                _("The inputs are: {names}.").format(names=", ".join(model.inputs)),
            )
    cells = {
        each: Cells(pl.Series([values.get(each) or None], dtype=pl.String))
        for each in model.inputs
    }
    found = predict_cells(model, cells, [name])[0]
    if found.error:
        raise UserError(found.error)
    return found


def predict_cells(
    model: FeatureModel, cells: Mapping[str, Cells], names: Sequence[str]
) -> list[Prediction]:
    """What the model predicts for some rows, in their order.

    A row whose values cannot be used makes an error of its own entry only.

    Args:
        model: A run's model.
        cells: By input feature, all as long.
        names: What each row is called.
    """
    errors = _errors(model, cells)
    good = np.array([n for n in range(len(names)) if n not in errors], np.int64)
    answers: dict[int, dict[str, dict[str, object]]] = {n: {} for n in good.tolist()}
    if len(good):
        kept = {name: each.take(good) for name, each in cells.items()}
        rows, broken = model.encode_readable(kept)
        errors |= {int(good[place]): reason for place, reason in broken.items()}
        outputs = model.predict(rows)
        for output in model.outputs:
            found = output.head_type.answers(
                outputs[output.name], output.fitted, from_logits=output.from_logits
            )
            for number, answer in zip(good.tolist(), found, strict=True):
                answers[number][output.name] = answer
    return [
        Prediction(input=name, error=errors[number])
        if number in errors
        else Prediction.of(name, answers[number])
        for number, name in enumerate(names)
    ]


def input_cells(model: FeatureModel, columns: Mapping[str, Cells]) -> dict[str, Cells]:
    """The cells of each input feature of a table.

    Args:
        model: A run's model.
        columns: Of the table.

    Raises:
        UserError: A column is missing.
    """
    found = {}
    for name in model.inputs:
        column = model.feature(name).column or name
        if column not in columns:
            raise UserError(
                _("The table has no column called “{name}”.").format(name=column),
                _("The columns are: {names}.").format(
                    names=", ".join(list(columns)[:20])
                ),
            )
        found[name] = columns[column]
    return found


def _cells_folder(model: FeatureModel, path: Path) -> str:
    """Where relative paths in a table begin, as in the table of the training."""
    given = str(model.project.data.source.params.get("image_folder") or "")
    return cells_folder(path.absolute(), given)


def _row_bytes(model: FeatureModel) -> int:
    """Bytes of the images of a row."""
    forms = [model.fitted[name].get(FORM) for name in model.inputs]
    return 1 + sum(math.prod(ImageSpec.from_json(form).shape) for form in forms if form)


def _errors(model: FeatureModel, cells: Mapping[str, Cells]) -> dict[int, str]:
    """Why rows cannot be predicted, by their places."""
    found: dict[int, str] = {}
    for name, each in cells.items():
        for row, reason in model.unusable(name, each).items():
            found.setdefault(row, reason)
    return found
