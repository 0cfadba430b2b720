"""Predictions for rows of tables, and for values as a user types them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from dlstudio.data.columns import Cells
from dlstudio.data.features.stored_values import load_stored_values
from dlstudio.data.near_columns import column_hint
from dlstudio.data.sources.data_table import cells_folder
from dlstudio.data.tables.read import read_table
from dlstudio.data.tables.table import Table
from dlstudio.document.prediction import Prediction
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.engine.runtime.stop_token import StopSource, StopToken
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext

BATCH = 4096
"""Rows that are read, predicted and handed over at once."""
BATCH_BYTES = 64 * 2**20
"""Most bytes of their values that are not in cells."""
MOST_NAMES = 10


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
    for each in predict_batches(model, read_table(path), path, stop):
        yield from each


def predict_batches(
    model: FeatureModel, table: Table, path: Path, stop: StopToken | None = None
) -> Iterator[list[Prediction]]:
    """The same for a table that is read already, some rows at a time.

    Args:
        model: A run's model.
        table: Its columns are checked before this returns.
        path: Of the table; its rows are called by it and their number.
        stop: Checked before each batch of rows.

    Raises:
        UserError: The table lacks a column.
        Stopped: `stop` was set.
    """
    cells = input_cells(model, table.columns)
    folder = cells_place(model, path)
    cells = {name: each.in_folder(folder) for name, each in cells.items()}
    return _batches(model, table, cells, str(path), stop or StopSource().token)


def _batches(
    model: FeatureModel,
    table: Table,
    cells: Mapping[str, Cells],
    name: str,
    token: StopToken,
) -> Iterator[list[Prediction]]:
    batch = min(BATCH, max(1, BATCH_BYTES // _row_bytes(model)))
    for start in range(0, len(table), batch):
        token.check()
        rows = np.arange(start, min(start + batch, len(table)), dtype=np.int64)
        names = [f"{name}:{number}" for number in table.row_numbers[rows].tolist()]
        taken = {feature: each.take(rows) for feature, each in cells.items()}
        yield predict_cells(model, taken, names)


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
    found = predict_sample(model, values, name)
    if found.error:
        raise UserError(found.error)
    return found


def predict_sample(
    model: FeatureModel, values: Mapping[str, str], name: str = ""
) -> Prediction:
    """The same; if a value cannot be used, the prediction has an error.

    Args:
        model: A run's model.
        values: By feature, as they are typed; one that is not there is missing.
        name: What the sample is called.
    """
    return predict_cells(model, one_row(model, values), [name])[0]


def unusable_values(model: FeatureModel, values: Mapping[str, str]) -> dict[str, str]:
    """Why values of one sample cannot be used, by feature.

    Args:
        model: A run's model.
        values: By feature, as they are typed; one that is not there is missing.
    """
    found: dict[str, str] = {}
    for name, cells in one_row(model, values).items():
        reasons = model.unusable(name, cells) or model.encode_input(name, cells)[1]
        for reason in reasons.values():
            found[name] = reason
    return found


def one_row(model: FeatureModel, values: Mapping[str, str]) -> dict[str, Cells]:
    """The cells of one sample.

    Args:
        model: A run's model.
        values: By feature, as they are typed; one that is not there is missing.
    """
    return {
        name: Cells(pl.Series([values.get(name) or None], dtype=pl.String))
        for name in model.inputs
    }


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
            found = output.head_type.with_inputs(found, model.by_kind(kept))
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
        UserError: Columns are missing.
    """
    wanted = {name: model.feature(name).column or name for name in model.inputs}
    missing = [column for column in wanted.values() if column not in columns]
    if missing:
        text = ngettext(
            "The table has no column called {names}.",
            "The table lacks {count} columns: {names}.",
            len(missing),
        )
        raise UserError(
            text.format(count=len(missing), names=_quoted(missing)),
            column_hint(missing[0] if len(missing) == 1 else "", columns),
        )
    return {name: columns[column] for name, column in wanted.items()}


def _quoted(names: Sequence[str]) -> str:
    """ "“age”, “city”"; of many names the first ones."""
    shown = [_("“{name}”").format(name=name) for name in names[:MOST_NAMES]]
    return ", ".join([*shown, "…"] if len(names) > MOST_NAMES else shown)


def cells_place(model: FeatureModel, path: Path) -> str:
    """Where relative paths in a table begin, as in the table of the training.

    Args:
        model: A run's model.
        path: Of the table.
    """
    given = str(model.project.data.source.params.get("image_folder") or "")
    return cells_folder(path.absolute(), given)


def _row_bytes(model: FeatureModel) -> int:
    """Bytes of the values of a row that are not in its cells."""
    total = 1
    for name in model.inputs:
        stored = load_stored_values(model.catalog[model.feature(name).kind])
        if stored is not None:
            total += stored.row_bytes(model.fitted[name])
    return total


def _errors(model: FeatureModel, cells: Mapping[str, Cells]) -> dict[int, str]:
    """Why rows cannot be predicted, by their places."""
    found: dict[int, str] = {}
    for name, each in cells.items():
        for row, reason in model.unusable(name, each).items():
            found.setdefault(row, reason)
    return found
