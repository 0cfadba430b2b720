"""Jobs that predict the rows of a table and save what was predicted."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dlstudio.workers.cell_rows import CellRows
from dlstudio.workers.image_cells import CellImages
from dlstudio.workers.jobs import JobContext, ReportingContext
from dlstudio.workers.model_cache import ModelCache, RunReference
from dlstudio.workers.progress import Progress
from dlstudio.workers.table import TableColumn

if TYPE_CHECKING:
    import polars as pl

    from dlstudio.data.columns import Cells
    from dlstudio.data.tables.table import Table
    from dlstudio.engine.prediction.feature_model import FeatureModel
    from dlstudio.engine.prediction.result_columns import ResultColumn

ColumnRole = Literal["", "prediction", "score", "error"]
PARQUET = ".parquet"


@dataclass(frozen=True, slots=True)
class PredictedColumn:
    """A column of a predicted table.

    Attributes:
        name: As in the file that is saved.
        kind: The feature type of its values; "" where the model neither takes
            nor predicts it.
        role: Whether it is one of the table's own columns, or what it predicts.
        decimals: With how many its numbers are shown; None where each has its own.
        output: The feature that a prediction or a score is of.
    """

    name: str
    kind: str = ""
    role: ColumnRole = ""
    decimals: int | None = None
    output: str = ""


@dataclass(frozen=True, eq=False)
class PredictedTable:
    """A table with what a model predicts for its rows, or for the first of them.

    Attributes:
        path: The table's file.
        run: Id of the run whose model was used.
        total: Rows of the file.
        columns: In the order of the rows' texts: predictions, then the table's own.
        rows: The rows that are predicted.
        own: The table's own columns, as they were read.
        predicted: The columns of predictions.
        errors: Rows that could not be predicted, counted by the reason, the most
            frequent first.
        thumbnails: Of the files that its cells name; None where no column does.
        from_checkpoint: Whether the weights are from a checkpoint of an unfinished run.
    """

    path: Path
    run: str
    total: int
    columns: tuple[PredictedColumn, ...]
    rows: CellRows
    own: Mapping[str, pl.Series]
    predicted: Mapping[str, pl.Series]
    errors: Mapping[str, int]
    thumbnails: CellImages | None = None
    from_checkpoint: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether all rows are predicted."""
        return len(self.rows) == self.total


def predict_table_file(
    context: ReportingContext[Progress | PredictedTable],
    models: ModelCache,
    question: RunReference,
    path: Path,
) -> PredictedTable:
    """Predict the rows of a table; reports the first ones, and `Progress` in rows.

    Args:
        context: Context of the job; if it is cancelled, what is predicted so far is
            returned.
        models: Caches the last used model.
        question: The run and the project's folder.
        path: Of the table, in any format.

    Raises:
        UserError: The model or the table cannot be read, or the table lacks a column.
    """
    from dlstudio.data.tables.read import read_table
    from dlstudio.engine.prediction.predict_rows import predict_batches
    from dlstudio.engine.runs.store import RunStore

    run = RunStore(question.folder).find(question.run)
    model = models.features(run, question.catalog, question.search)
    table = read_table(path)
    made = _PredictedRows(path, model, table, run.model_path is None)
    total = len(table)
    context.report(Progress(0, total))
    for batch in predict_batches(model, table, path):
        for column, pieces in made.pieces.items():
            pieces.append(column.values(batch))
        made.count += len(batch)
        if made.count == len(batch) < total:
            context.report(made.table())
        context.report(Progress(made.count, total))
        if context.should_stop():
            break
    return made.table()


class _PredictedRows:
    """Predictions by column, as they come."""

    def __init__(
        self, path: Path, model: FeatureModel, table: Table, from_checkpoint: bool
    ) -> None:
        from dlstudio.engine.prediction.result_columns import result_columns

        self._path, self._model, self._table = path, model, table
        self._from_checkpoint = from_checkpoint
        self._thumbnails = _thumbnails(path, model)
        self.pieces: dict[ResultColumn, list[pl.Series]] = {
            each: [] for each in result_columns(model, table.columns)
        }
        self.count = 0

    def table(self) -> PredictedTable:
        """All rows so far."""
        from dlstudio.data.columns import Cells
        from dlstudio.data.row_ids import RowIds

        own = {name: self._so_far(each) for name, each in self._table.columns.items()}
        results = {column: _joined(pieces) for column, pieces in self.pieces.items()}
        errors = _errors(results)
        kept = {
            column: values
            for column, values in results.items()
            if column.part != "error" or errors
        }
        predicted = {column.name: values for column, values in kept.items()}
        columns = tuple(self._columns(kept, own))
        cells = {name: Cells(each) for name, each in {**predicted, **own}.items()}
        return PredictedTable(
            self._path,
            self._model.run,
            len(self._table),
            columns,
            CellRows(RowIds(self._table.row_numbers[: self.count]), cells),
            own,
            predicted,
            errors,
            self._thumbnails,
            self._from_checkpoint,
        )

    def _so_far(self, cells: Cells) -> pl.Series:
        """The cells of the rows that are predicted; no others are read."""
        import numpy as np

        if self.count == len(self._table):
            return cells.values
        return cells.take(np.arange(self.count)).values

    def _columns(
        self, kept: Mapping[ResultColumn, pl.Series], own: Mapping[str, pl.Series]
    ) -> Iterator[PredictedColumn]:
        from dlstudio.data.column_decimals import given_decimals, predicted_decimals

        roles: Mapping[str, ColumnRole] = {"score": "score", "error": "error"}
        for each, values in kept.items():
            role = roles.get(each.part, "prediction")
            kind = self._model.feature(each.output).kind if each.output else ""
            shown = predicted_decimals(values) if each.part == "value" else None
            yield PredictedColumn(each.name, kind, role, shown, each.output)
        targets = tuple(each.name for each in self._model.outputs)
        used = {
            self._model.feature(name).column or name: self._model.feature(name).kind
            for name in (*self._model.inputs, *targets)
        }
        for name, values in own.items():
            kind = used.get(name, "")
            shown = given_decimals(values) if kind else None
            yield PredictedColumn(name, kind, "", shown)


def _thumbnails(path: Path, model: FeatureModel) -> CellImages | None:
    """What makes thumbnails of the files that the cells of a table name."""
    from dlstudio.engine.prediction.predict_rows import cells_place

    features = {name: model.feature(name) for name in model.inputs}
    columns = [
        TableColumn(each.column or name, each.kind, params=each.params)
        for name, each in features.items()
        if model.catalog[each.kind].implementations.stored
    ]
    folder = cells_place(model, path)
    folders = {each.name: folder for each in columns}
    return CellImages(columns, folders) if columns else None


def _joined(pieces: list[pl.Series]) -> pl.Series:
    import polars as pl

    return pl.concat(pieces) if pieces else pl.Series()


def _errors(results: Mapping[ResultColumn, pl.Series]) -> dict[str, int]:
    (found,) = (values for column, values in results.items() if column.part == "error")
    counts = found.drop_nulls().value_counts(sort=True)
    return dict(counts.iter_rows())


def save_predictions(context: JobContext, found: PredictedTable, path: Path) -> Path:
    """Write a table with its predictions, whole or not at all; returns the path.

    Numbers of a CSV file are written as `dlstudio predict --json` writes them.

    Args:
        context: Context of the job.
        found: The table.
        path: Of a CSV file, or of a Parquet file if it ends with ".parquet".

    Raises:
        UserError: It cannot be written.
    """
    import polars as pl

    from dlstudio.data.columns import Cells
    from dlstudio.data.features.cell_text import cell_texts
    from dlstudio.data.tables.typed_columns import is_flat
    from dlstudio.data.tables.write import write_table
    from dlstudio.paths import atomic_file

    del context
    if path.suffix.lower() == PARQUET:
        frame = pl.DataFrame(
            [values.alias(name) for name, values in _all(found).items()]
        )
        with atomic_file(path) as stream:
            frame.write_parquet(stream)
        return path
    columns = {}
    for name, values in _all(found).items():
        if name in found.predicted and values.dtype.is_float():
            values = _json_numbers(values)
        cells = Cells(values)
        columns[name] = cells if is_flat(values.dtype) else Cells(cell_texts(cells))
    write_table(path, columns, byte_order_mark=True)
    return path


def _all(found: PredictedTable) -> dict[str, pl.Series]:
    return {**found.own, **found.predicted}


def _json_numbers(values: pl.Series) -> pl.Series:
    import polars as pl

    texts = [
        None if value is None or not math.isfinite(value) else repr(value)
        for value in values.to_list()
    ]
    return pl.Series(values.name, texts, pl.String)
