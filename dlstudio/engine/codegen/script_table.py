"""What a script needs to know of a project's table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np

from dlstudio.catalog.store import Catalog
from dlstudio.data.data_form import DataForm, data_form
from dlstudio.data.features.base import Fitted, load_feature_type
from dlstudio.data.features.stored_values import load_stored_values
from dlstudio.data.fileinfo import resolve
from dlstudio.data.open_source import open_source
from dlstudio.data.row_ids import RowIds
from dlstudio.data.row_split import split_rows
from dlstudio.data.samples import Samples
from dlstudio.data.table_rows import feature_cells, feature_of, table_rows
from dlstudio.data.tables.file_format import Format, find_format
from dlstudio.document.feature import Feature
from dlstudio.document.project import Project
from dlstudio.engine.codegen.program_input import program_inputs
from dlstudio.engine.codegen.tagged_reader import tagged_reading
from dlstudio.engine.codegen.text_folder_reader import text_folder_reading
from dlstudio.engine.codegen.text_reader import TextReading
from dlstudio.engine.features.base import load_tensor_feature
from dlstudio.engine.features.feature_script import (
    FeatureScript,
    ScriptColumn,
    not_written,
)
from dlstudio.engine.heads.find_head import find_head_type
from dlstudio.errors import UserError
from dlstudio.i18n import _

FOLDER, TAGGED = "dlstudio.sources.text_folder", "dlstudio.sources.conll"
"""Sources of other files whose samples are the rows of a table."""
TEXT_FORMATS = ("text", "workbook")
"""Formats whose cells pandas reads as texts."""
RowTexts = Mapping[int, str]
"""The text of a cell, by the number of its row."""


@dataclass(frozen=True, eq=False, slots=True)
class ScriptTable:
    """What a script needs to know of a table; not its cells.

    Attributes:
        path: Of the file.
        format: Of the file.
        names: Of all its columns.
        findings: Kinds of the findings while it was read.
        given: Splits that the table says itself.
        form: Which features are used.
        features: These, as the user set them.
        fitted: What they have learned.
        scripts: Their lines.
        changed: Cells that the user has changed, by feature and number of the row.
        rewritten: Cells to be written in another form, in the same way.
        left_out: Numbers of the rows that the user has left out.
        sizes: Rows of each split.
        target_values: See `ScriptData`.
        reading: How the rows are read of other files than a table; None of a table.
    """

    path: Path
    format: Format
    names: tuple[str, ...]
    findings: frozenset[str]
    given: frozenset[str]
    form: DataForm
    features: Mapping[str, Feature]
    fitted: Mapping[str, Fitted]
    scripts: Mapping[str, FeatureScript]
    changed: Mapping[str, RowTexts]
    rewritten: Mapping[str, RowTexts]
    left_out: tuple[int, ...]
    sizes: Mapping[str, int]
    target_values: int
    reading: TextReading | None = None

    @property
    def is_text(self) -> bool:
        """Whether pandas reads the cells as texts."""
        return self.format in TEXT_FORMATS

    @property
    def fills(self) -> bool:
        """Whether missing values of some input are filled with what was learned."""
        return any(
            "fill[" in row
            for name in self.form.inputs
            for row in self.scripts[name].prepare
        )

    @property
    def prepared(self) -> str:
        """What the function `prepare` of the script gives."""
        return "inputs, targets, fill" if self.fills else "inputs, targets"

    @property
    def loading(self) -> tuple[str, ...]:
        """The calls of the functions that read, split and prepare the table."""
        return (
            "table = read_table()",
            "splits = split_rows(table)",
            f'{self.prepared} = prepare(table, splits["train"])',
        )

    @property
    def results(self) -> Mapping[str, str]:
        """No result of an export is called otherwise."""
        return {}


def script_table(project: Project, folder: Path, catalog: Catalog) -> ScriptTable:
    """Read a project's table, and find how a script reads it.

    Args:
        project: Its data is a table.
        folder: Of the project, to which the path is relative.
        catalog: Describes source and features.

    Raises:
        UserError: The table cannot be read, or not by a script.
    """
    samples = open_source(project.data.source, catalog, folder)
    ids = samples.ids
    if not isinstance(ids, RowIds):
        raise UserError(_("The data is no table of values."))
    path = resolve(project.data.source.params.get("path"), folder)
    reading = _reading(project, folder, samples)
    form = data_form(project, catalog)
    format: Format = find_format(path) if reading is None else "text"
    columns, sizes = _columns(project, samples, form, format, catalog)
    scripts = {name: _script(column, catalog) for name, column in columns.items()}
    rewritten = {
        name: {int(ids.numbers[place]): text for place, text in each.rewritten.items()}
        for name, each in scripts.items()
    }
    return ScriptTable(
        path=path,
        format=format,
        names=tuple(samples.columns),
        findings=frozenset(note.kind for note in samples.notes),
        given=frozenset(samples.splits.tolist()) - {""},
        form=form,
        features={name: each.feature for name, each in columns.items()},
        fitted={name: each.fitted for name, each in columns.items()},
        scripts=scripts,
        changed={name: _changed(project, name, ids) for name in columns},
        rewritten=rewritten,
        left_out=tuple(ids.numbers[ids.places(project.data.leave_out)].tolist()),
        sizes=sizes,
        target_values=_target_values(project, columns, catalog),
        reading=reading,
    )


def _reading(project: Project, folder: Path, samples: Samples) -> TextReading | None:
    """How a script reads files that are no table; None of a table."""
    kind = project.data.source.kind
    if kind == FOLDER:
        return text_folder_reading(project, folder)
    return tagged_reading(project, folder, samples) if kind == TAGGED else None


def _target_values(
    project: Project, columns: Mapping[str, ScriptColumn], catalog: Catalog
) -> int:
    """Values of the target of a sample; the most of several targets."""
    entered = {each.feature: each.shape for each in program_inputs(project)}
    found = [1]
    for output in project.outputs:
        name = output.feature
        if find_head_type(output.head.kind, catalog).labels == "multi":
            found.append(len(columns[name].fitted["names"]))
        elif name in entered:  # it is given back as it enters
            found.append(prod(side or 1 for side in entered[name]))
    return max(found)


def _changed(project: Project, name: str, ids: RowIds) -> RowTexts:
    """Cells of a feature that the user has changed, of rows that there are."""
    changed = project.data.changed_values(name)
    return {
        int(id): str(value)
        for id, value in changed.items()
        if id.isdecimal() and len(ids.places([id]))
    }


def _columns(
    project: Project,
    samples: Samples,
    form: DataForm,
    format: Format,
    catalog: Catalog,
) -> tuple[dict[str, ScriptColumn], dict[str, int]]:
    """The columns that are used, and the number of rows of each split."""
    recipe = project.data
    rows = table_rows(samples, recipe, form, catalog)
    for name in form.stored:  # as where the table is prepared
        rows = rows.take(~rows.columns[name].missing())
    target = rows.columns[form.targets[0]] if form.targets else None
    splits = split_rows(rows.ids, rows.splits, recipe.split, target, recipe.moved)
    everything = np.arange(len(rows.ids), dtype=np.int64)
    marked = any(note.kind == "missing-marks" for note in samples.notes)
    columns = {}
    for name, column in rows.columns.items():
        feature = feature_of(recipe, name)
        learned = everything if name in form.targets else splits["train"]
        feature_type = load_feature_type(catalog[feature.kind])
        stored = load_stored_values(catalog[feature.kind])
        columns[name] = ScriptColumn(
            name,
            feature,
            feature_cells(samples, recipe, name),
            stored.learned(form.stored[name])
            if stored is not None and name in form.stored
            else feature_type.fit(column, learned, feature),
            is_text=format in TEXT_FORMATS,
            among_numbers=marked and format == "text",
        )
    return columns, {name: len(places) for name, places in splits.items()}


def _script(column: ScriptColumn, catalog: Catalog) -> FeatureScript:
    description = catalog[column.feature.kind]
    if not description.implementations.engine:
        raise not_written(column.name)
    return load_tensor_feature(description).script(column)
