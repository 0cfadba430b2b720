"""What a form for the values of a sample needs to know of a run; needs no TensorFlow.

What a missing value becomes and which names are known is what the run has learned;
ranges and the values to begin with come from the data as it is now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from dlstudio.catalog.features.text import TEXT
from dlstudio.catalog.features.tokens import TOKENS
from dlstudio.document.search_settings import SearchSettings, search_of
from dlstudio.document.written_features import given_inputs
from dlstudio.errors import UserError
from dlstudio.workers.jobs import Cancelled, JobContext
from dlstudio.workers.model_cache import RunReference
from dlstudio.workers.table import Role, TableColumn

if TYPE_CHECKING:
    from dlstudio.catalog.store import Catalog
    from dlstudio.data.columns import Cells, Column
    from dlstudio.data.features.base import FeatureType, Fitted
    from dlstudio.data.samples import Samples
    from dlstudio.document.feature import Feature
    from dlstudio.document.project import Project


SPOKEN = (TEXT.kind, TOKENS.kind)
"""Features of which a row of the data is an example."""
MOST_EXAMPLES = 24
"""Rows to try, spread over the data."""


@dataclass(frozen=True, slots=True)
class ExampleRow:
    """A row of the data to try.

    Attributes:
        id: Of the row.
        values: By feature.
    """

    id: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FeatureForm:
    """The inputs and outputs of a run's model, and values to begin with.

    Attributes:
        run: Id of the run.
        inputs: The features that enter the model, in the order of its inputs.
        targets: The features that it predicts.
        start: Values of a row by feature; None where one is missing.
        row: Id of that row; "" if there is none.
        error: Why the data could not be read, or "".
        search: How texts are searched that the model writes; None if it writes none.
        examples: Other rows to try, of a model that reads texts alone.
    """

    run: str
    inputs: tuple[TableColumn, ...]
    targets: tuple[TableColumn, ...]
    start: Mapping[str, str | None] = field(default_factory=dict)
    row: str = ""
    error: str = ""
    search: SearchSettings | None = None
    examples: tuple[ExampleRow, ...] = ()


def read_form(context: JobContext, question: RunReference) -> FeatureForm:
    """The form of a run; without its data there are no ranges, and no row.

    Args:
        context: Context of the job.
        question: The run and the project's folder.

    Raises:
        UserError: The run's record cannot be read.
        Cancelled: The job was cancelled.
    """
    from dlstudio.data.open_source import open_source
    from dlstudio.engine.runs.learned_features import learned_by
    from dlstudio.engine.runs.store import RunStore

    run = RunStore(question.folder).find(question.run)
    project = run.project()
    form = _Form(project, learned_by(run, project), question.catalog)
    samples, error = None, ""
    try:
        samples = open_source(project.data.source, question.catalog, question.folder)
    except UserError as problem:
        error = str(problem)
    row = None if samples is None else _last_row(samples, project)
    start: dict[str, str | None] = {}
    columns: dict[str, TableColumn] = {}
    inputs = tuple(dict.fromkeys(each.feature for each in given_inputs(project)))
    targets = tuple(dict.fromkeys(each.feature for each in project.outputs))
    for name in dict.fromkeys((*inputs, *targets)):
        if context.should_stop():
            raise Cancelled
        role: Role = "target" if name in targets else "input"
        columns[name] = form.known(name, role)
        try:
            if samples is not None:
                columns[name], start[name] = form.read(columns[name], samples, row)
        except UserError as problem:
            error = error or str(problem)
    return FeatureForm(
        question.run,
        tuple(columns[name] for name in inputs),
        tuple(columns[name] for name in targets),
        {name: start.get(name) for name in inputs},
        samples.ids[row] if samples is not None and row is not None else "",
        error,
        search_of(project),
        () if samples is None or error else form.examples(inputs, samples),
    )


@dataclass(frozen=True)
class _Form:
    """Describes the features of a run, one after the other."""

    project: Project
    fitted: Mapping[str, Fitted]
    catalog: Catalog

    def known(self, name: str, role: Role) -> TableColumn:
        """What the run alone says of a feature."""
        from dlstudio.data.table_rows import feature_of

        feature = feature_of(self.project.data, name)
        fitted = self.fitted.get(name, {})
        return TableColumn(
            name,
            feature.kind,
            role=role,
            params=feature.params,
            names=tuple(fitted.get("names", ())),
            fill=self._fill(feature, fitted) if role == "input" else "",
        )

    def read(
        self, column: TableColumn, samples: Samples, row: int | None
    ) -> tuple[TableColumn, str | None]:
        """The same with what is in the data, and the feature's value in a row.

        Raises:
            UserError: The data has no such column any more.
        """
        from dlstudio.data.columns import Cells
        from dlstudio.data.features.cell_text import cell_texts
        from dlstudio.data.table_rows import feature_cells, feature_of

        feature = feature_of(self.project.data, column.name)
        known = samples.columns.get(feature.column or column.name)
        if known is not None and not isinstance(known, Cells):
            count = replace(column.statistics, count=len(known))
            return replace(column, statistics=count), None
        cells = feature_cells(samples, self.project.data, column.name)
        feature_type = self._type(feature)
        parsed = feature_type.parse(cells, feature)
        found = replace(column, statistics=feature_type.statistics(parsed.column))
        if row is None or parsed.column.missing()[row]:
            return found, None
        place = np.array([row], np.int64)
        text = cell_texts(cells.take(place))[0]
        fitted = self.fitted.get(column.name, {})
        plain = self._plain(parsed.column.take(place), feature, fitted)
        return found, plain or text

    def examples(
        self, names: Sequence[str], samples: Samples
    ) -> tuple[ExampleRow, ...]:
        """Rows with texts, where nothing else enters the model.

        Args:
            names: Of the inputs.
            samples: The data, which has them all.
        """
        from dlstudio.data.features.cell_text import cell_texts
        from dlstudio.data.table_rows import feature_cells, feature_of

        data = self.project.data
        kinds = {feature_of(data, each).kind for each in names}
        if not len(samples) or not kinds or kinds - set(SPOKEN):
            return ()
        spread = np.linspace(0, len(samples) - 1, MOST_EXAMPLES).astype(np.int64)
        left_out = set(data.leave_out)
        rows = dict.fromkeys(spread.tolist())
        kept = [row for row in rows if samples.ids[row] not in left_out]
        places = np.array(kept, np.int64)
        cells = [feature_cells(samples, data, each).take(places) for each in names]
        found = zip(kept, *map(cell_texts, cells), strict=True)
        return tuple(
            ExampleRow(samples.ids[row], dict(zip(names, texts, strict=True)))
            for row, *texts in found
            if all(texts)
        )

    def _plain(self, value: Column, feature: Feature, fitted: Fitted) -> str:
        """A number, a date or a file as its field takes it; "" for other values."""
        from dlstudio.data.columns import Numbers
        from dlstudio.data.features.stored_values import load_stored_values

        stored = load_stored_values(self.catalog[feature.kind])
        if stored is not None:
            return stored.paths(value)[0]
        if not isinstance(value, Numbers):
            return ""
        feature_type = self._type(feature)
        rows = feature_type.encode(value, fitted, feature)
        return _text(feature_type.decode(rows, fitted, feature), feature)

    def _fill(self, feature: Feature, fitted: Fitted) -> str:
        """What takes the place of a missing value; "" if nothing does."""
        import polars as pl

        from dlstudio.data.columns import Cells

        if not self.catalog[feature.kind].implementations.data:
            return ""
        feature_type = self._type(feature)
        blank = Cells(pl.Series([None], dtype=pl.String))
        try:
            column = feature_type.parse(blank, feature).column
            rows = feature_type.encode(column, fitted, feature)
        except (UserError, KeyError):
            return ""  # it must not be missing, or is not read from cells
        return _text(feature_type.decode(rows, fitted, feature), feature)

    def _type(self, feature: Feature) -> FeatureType:
        from dlstudio.data.features.base import load_feature_type

        return load_feature_type(self.catalog[feature.kind])


def _text(value: Cells, feature: Feature) -> str:
    from dlstudio.data.features.cell_text import cell_texts

    text = cell_texts(value)[0] or ""
    comma = feature.params.get("decimal") == "comma"
    return text.replace(".", ",") if comma else text


def _last_row(samples: Samples, project: Project) -> int | None:
    """The last row that is not excluded."""
    excluded = set(project.data.leave_out)
    rows = range(len(samples) - 1, -1, -1)
    return next((row for row in rows if samples.ids[row] not in excluded), None)
