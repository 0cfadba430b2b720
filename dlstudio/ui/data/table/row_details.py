"""The selected row of a table in full, below the table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dlstudio.catalog.features.tags import TAGS
from dlstudio.catalog.features.text import TEXT
from dlstudio.catalog.features.tokens import TOKENS
from dlstudio.i18n import _
from dlstudio.ui.data.table.model import TableModel
from dlstudio.ui.data.table.table_view import TableView
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.features.span_text import SpanText
from dlstudio.ui.features.value_edit import AnyEdit, ParagraphEdit, ValueEdit
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import ElidedLabel
from dlstudio.workers.table import TableColumn

MOST_VALUES = 24
"""Other values that are shown beside the texts."""
VALUES_WIDTH = 260
PER_LINE = 2
"""Texts beside one another, such as one and its translation."""
LEAST_LINES, LEAST_HEIGHT = 2, 104
NO_LIMIT = 16_777_215


def has_texts(columns: Sequence[TableColumn]) -> bool:
    """Whether a column is better read in full than in a cell."""
    return any(each.kind in (TEXT.kind, TOKENS.kind) for each in columns)


class RowDetails(QWidget):
    """Texts with their line ends on the left, the other values on the right.

    What is changed here is a correction, as in the cells of the table.

    Args:
        theme: Colours and sizes.
        views: Show and edit the values of each feature type.
        view: The table whose current row is shown.
    """

    def __init__(
        self,
        theme: Theme,
        views: FeatureViews,
        view: TableView,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._views, self._view = theme, views, view
        self._columns: tuple[TableColumn, ...] = ()
        self._fields: object = None
        self._row = QPersistentModelIndex()
        self._edited: set[int] = set()
        self.editors: dict[int, AnyEdit] = {}
        self.plain: dict[int, ElidedLabel] = {}
        self.spans: SpanText | None = None
        self._tags = -1
        self.title = ElidedLabel("", "strong")
        self._content = QWidget(self)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 4, 0, 0)
        self._lines.setSpacing(6)
        self._lines.addWidget(self.title)
        self._lines.addWidget(self._content, 1)
        self.setMinimumHeight(LEAST_HEIGHT)
        table = view.table
        view.selectionModel().currentRowChanged.connect(self._show_current)
        table.dataChanged.connect(self.refresh)
        table.modelReset.connect(self.refresh)

    def refresh(self, *_changed: object) -> None:
        """Show the current row again, if this is visible."""
        if self.isVisible():
            self._show_current(self._view.currentIndex())

    def showEvent(self, event: object) -> None:
        """Show what was not shown while this was hidden."""
        super().showEvent(event)  # type: ignore[arg-type]
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A change counts when its field loses the focus."""
        if event.type() == QEvent.Type.FocusOut:
            for column, editor in self.editors.items():
                if editor is watched:
                    self._commit(column)
        return super().eventFilter(watched, event)

    def _show_current(self, index: QModelIndex, _before: object = None) -> None:
        if not self.isVisible():
            return
        if not index.isValid():
            index = self._table.index(0, 0)  # invalid too, if there is no row
        if index.row() != self._row.row():
            for column in tuple(self._edited):
                self._commit(column)
        self._row = QPersistentModelIndex(index)
        self._columns = self._table.columns
        fields = [(e.name, e.kind, e.params, e.names) for e in self._columns]
        if fields != self._fields:  # other statistics keep the fields and the focus
            self._fields = fields
            self._build()
        self._content.setVisible(index.isValid())
        if not index.isValid():
            self.title.set_text(_("No rows match."))
            return
        (id,) = self._table.ids([index.row()])
        self.title.set_text(_("Row {number}").format(number=id))
        self._fill(index.row())

    @property
    def _table(self) -> TableModel:
        return self._view.table

    def _fill(self, row: int) -> None:
        for column, editor in self.editors.items():
            text = self._table.cell(row, column).text or ""
            if column not in self._edited and editor.text() != text:
                editor.set_value(text)
        for column, shown in self.plain.items():
            shown.set_text(
                self._table.shown_text(self._table.cell(row, column), column)
            )
        if self.spans is not None:
            tags = (self._table.cell(row, self._tags).text or "").split()
            tokens = self._table.tokens_beside(row).split()
            filled = [*tags, *["O"] * (len(tokens) - len(tags))][: len(tokens)]
            self.spans.show_sentence(tokens, filled)

    def _build(self) -> None:
        """Make the fields of other columns."""
        self._edited.clear()
        self.editors, self.plain, self.spans = {}, {}, None
        old, self._content = self._content, QWidget(self)
        self._lines.replaceWidget(old, self._content)
        old.deleteLater()
        kinds = [each.kind for each in self._columns]
        self._tags = kinds.index(TAGS.kind) if _are_tagged(kinds) else -1
        row = QHBoxLayout(self._content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        texts, values = QVBoxLayout(), QWidget(self._content)
        beside = QVBoxLayout(values)
        beside.setContentsMargins(0, 0, 6, 0)
        for made in (texts, beside):
            made.setSpacing(4)
        if self._tags >= 0:
            self._add_spans(texts)
        spoken = (TOKENS.kind, TAGS.kind) if self._tags >= 0 else ()
        pairs: list[QHBoxLayout] = []
        for number, each in enumerate(self._columns):
            if each.kind == TEXT.kind:
                if not pairs or pairs[-1].count() == PER_LINE:
                    pairs.append(QHBoxLayout())
                    texts.addLayout(pairs[-1], 1)
                field = QVBoxLayout()
                field.setSpacing(4)
                pairs[-1].addLayout(field, 1)
                self._add_field(number, field)
            elif each.kind not in spoken and beside.count() < 2 * MOST_VALUES:
                self._add_field(number, beside)
        if texts.count():
            row.addLayout(texts, 1)
        if beside.count():
            beside.addStretch(1)
            row.addWidget(_scrolled(values, bool(texts.count())), not texts.count())
        else:
            values.hide()

    def _add_field(self, number: int, lines: QVBoxLayout) -> None:
        column = self._columns[number]
        lines.addWidget(ElidedLabel(column.name, "muted"))
        if not column.kind:
            self.plain[number] = ElidedLabel("", "")
            lines.addWidget(self.plain[number])
            return
        editor = self._views[column.kind].editor(self._theme, column, self._content)
        editor.setAccessibleName(column.name)
        if isinstance(editor, ParagraphEdit):
            lined = editor.fontMetrics().lineSpacing() * LEAST_LINES
            editor.setMinimumHeight(lined)
            editor.setMaximumHeight(NO_LIMIT)
        elif isinstance(editor, ValueEdit):
            editor.returnPressed.connect(lambda: self._commit(number))
        editor.edited.connect(lambda: self._edited.add(number))
        editor.installEventFilter(self)
        lines.addWidget(editor, int(isinstance(editor, ParagraphEdit)))
        self.editors[number] = editor

    def _add_spans(self, lines: QVBoxLayout) -> None:
        column = self._columns[self._tags]
        types = sorted(name for name, _count in column.statistics.frequent)
        self.spans = SpanText(self._theme, types)
        area = _scrolled(self.spans, False)
        change = button(self._theme, _("Edit entities…"), "link")
        change.clicked.connect(self._edit_spans)
        lines.addWidget(area, 1)
        lines.addWidget(change, 0, Qt.AlignmentFlag.AlignLeft)

    def _edit_spans(self) -> None:
        if self._row.isValid():
            self._view.edit(self._table.index(self._row.row(), self._tags))

    def _commit(self, column: int) -> None:
        """Report a correction as the cell of the table would."""
        if column not in self._edited:
            return
        self._edited.discard(column)
        editor = self.editors[column]
        if not self._row.isValid() or editor.problem():
            self.refresh()
            return
        index = self._table.index(self._row.row(), column)
        self._table.setData(index, editor.value())


def _are_tagged(kinds: Sequence[str]) -> bool:
    return TAGS.kind in kinds and TOKENS.kind in kinds


def _scrolled(widget: QWidget, narrow: bool) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    widget.setProperty("role", "clear")
    area.setWidget(widget)
    if narrow:
        area.setFixedWidth(VALUES_WIDTH)
    return area
