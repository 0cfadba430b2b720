"""What the user changes in a table, each a named step in the undo history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from dlstudio.document import column_edits
from dlstudio.document.edits.base import CompositeEdit, Edit
from dlstudio.document.values import Params
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.labelled_text import labelled
from dlstudio.ui.data import recipe_edits
from dlstudio.ui.data.dataset_actions import DatasetActions
from dlstudio.ui.data.table.table_view import TableView
from dlstudio.ui.services.dataset.dataset_text import rows_text, split_name
from dlstudio.ui.services.dataset.table_controller import TableController
from dlstudio.ui.session import Session
from dlstudio.workers.dataset import SPLITS, SourceChange
from dlstudio.workers.table_dataset import TableFinding, TableFix

CATEGORY = "dlstudio.features.category"


class TableEditor:
    """Edits of a table's columns and rows; its files are never modified.

    Args:
        session: With the open project.
        tables: The open table.
        actions: Apply edits, and report those that are not possible.
    """

    def __init__(
        self, session: Session, tables: TableController, actions: DatasetActions
    ) -> None:
        self._session = session
        self._tables = tables
        self._actions = actions

    def connect(self, view: TableView) -> None:
        """Apply what the user changes in a table's widget."""
        view.value_changed.connect(self.correct)
        view.labeled.connect(self.label)
        view.values_cleared.connect(self.clear)
        view.kind_changed.connect(self.set_kind)
        view.role_changed.connect(self.set_role)
        view.exclusion_changed.connect(self.set_excluded)
        view.moved.connect(self.move)

    def correct(self, id: str, feature: str, text: str) -> None:
        """Use another value in a row than the file has; "" for a missing one.

        Args:
            id: Of the row.
            feature: Its name.
            text: As a cell of the file would have it.
        """
        name = _("Correct “{column}” in row {row}").format(column=feature, row=id)
        self._actions.do(column_edits.correct([id], feature, text), name)

    def label(self, ids: Sequence[str], feature: str, label: str) -> None:
        """Use one label in rows instead of what the file has.

        Args:
            ids: Of the rows.
            feature: Name of the column with the labels.
            label: As a cell of the file would have it.
        """
        name = _("Label {rows} as {label}").format(rows=_rows_named(ids), label=label)
        self._actions.do(column_edits.correct(ids, feature, label), name)

    def clear(self, pairs: tuple[tuple[str, str], ...]) -> None:
        """Use the file's own values again."""
        if pairs:
            edit = column_edits.clear_corrections(pairs)
            self._actions.do(edit, _("Clear corrections"))

    def set_kind(self, name: str, kind: str) -> None:
        """Give a column another type; "" to ignore it."""
        if not kind:
            text = _("Ignore “{column}”").format(column=name)
            self._do(
                lambda: column_edits.ignore_column(self._session.project, name), text
            )
            return
        self._tables.infer_params(name, kind, partial(self._set_type, name, kind))

    def set_role(self, name: str, role: str) -> None:
        """Let the model predict a column, or see it."""
        project = self._session.project
        if role == "input":
            text = _("Use “{column}” as input").format(column=name)
            self._do(lambda: column_edits.use_as_input(project, name), text)
        elif name in project.data.features:
            self._predict(name, ())
        else:
            kind = self._likeliest(name)
            then = partial(self._predict_ignored, name, kind)
            self._tables.infer_params(name, kind, then)

    def set_excluded(self, ids: Sequence[str], excluded: bool) -> None:
        """Exclude rows, or include them again."""
        recipe, rows = self._session.project.data, _rows_named(ids)
        if excluded:
            text = _("Exclude {rows}").format(rows=rows)
            self._actions.do(recipe_edits.exclude(recipe, ids), text)
        else:
            text = _("Include {rows}").format(rows=rows)
            self._actions.do(recipe_edits.include(recipe, ids), text)

    def move(self, ids: Sequence[str], split: int) -> None:
        """Move rows to a split; -1 splits them automatically again."""
        name = SPLITS[split] if split >= 0 else ""
        where = split_name(split) if split >= 0 else _("automatic split")
        text = _("Move {rows} to: {split}").format(rows=_rows_named(ids), split=where)
        self._actions.do(recipe_edits.move(self._session.project.data, ids, name), text)

    def fix(self, fix: TableFix | SourceChange) -> None:
        """Apply a fix of a finding."""
        if isinstance(fix, SourceChange):
            self._actions.reopen(fix.params)
            return
        text = labelled(fix.column, fix.label) if fix.column else fix.label
        project = self._session.project
        if fix.kind is not None:
            self.set_kind(fix.column, fix.kind)
        else:
            self._do(
                lambda: column_edits.treat(
                    project, fix.column, fix.params, fix.exclude
                ),
                text,
            )

    def check(self, found: TableFinding) -> None:
        """Mark a finding as reviewed."""
        text = _("Mark as reviewed")
        self._actions.do(recipe_edits.check(self._session.project.data, [found]), text)

    def _set_type(self, name: str, kind: str, params: Params) -> None:
        project, catalog = self._session.project, self._session.catalog
        title = _(catalog[kind].title)
        text = _("Type of “{column}”: {type}").format(column=name, type=title)
        self._do(
            lambda: column_edits.set_type(project, name, kind, params, catalog), text
        )

    def _predict_ignored(self, name: str, kind: str, params: Params) -> None:
        project, catalog = self._session.project, self._session.catalog
        self._predict(
            name, (column_edits.set_type(project, name, kind, params, catalog),)
        )

    def _predict(self, name: str, first: tuple[Edit, ...]) -> None:
        def make() -> Edit:
            project = self._session.project
            for each in first:
                project = each.apply(project)
            catalog = self._session.catalog
            last = column_edits.use_as_target(project, name, catalog)
            return CompositeEdit((*first, last))

        self._do(make, _("Predict “{column}”").format(column=name))

    def _do(self, make: Callable[[], Edit], name: str) -> None:
        """Apply an edit; that it cannot be made is reported as a notice."""
        try:
            edit = make()
        except UserError as error:
            self._actions.report(error)
            return
        self._actions.do(edit, name)

    def _likeliest(self, name: str) -> str:
        snapshot = self._tables.snapshot
        columns = snapshot.content.columns if snapshot is not None else ()
        for each in columns:
            if each.name == name and each.alternatives:
                return each.alternatives[0][0]
        return CATEGORY


def _rows_named(ids: Sequence[str]) -> str:
    """A single row by its number, several by their count."""
    if len(ids) == 1:
        return _("row {number}").format(number=ids[0])
    return rows_text(len(ids))
