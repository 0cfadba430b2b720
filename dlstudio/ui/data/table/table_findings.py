"""What is wrong with a table, with what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dlstudio.catalog.findings import ORDER, finding_kind
from dlstudio.i18n import _
from dlstudio.labelled_text import labelled
from dlstudio.ui.data.findings_foot import FindingsFoot, scrolled_column
from dlstudio.ui.data.findings_group import ICONS
from dlstudio.ui.services.dataset.dataset_text import rows_text
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.flow_row import FlowRow
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.table_dataset import MOST_ROWS, TableFinding

MOST_CARDS = 60
"""So many findings are shown at once."""
Top = Qt.AlignmentFlag.AlignTop


class TableFindingCard(QFrame):
    """One finding: the column, what is wrong, and a button for each remedy.

    Args:
        theme: Colours and sizes.
        found: The finding.

    Signals:
        fix_requested: Emitted with a `TableFix` or `SourceChange`.
        rows_requested, checked: Emitted with the finding.
    """

    fix_requested = Signal(object)
    rows_requested = Signal(object)
    checked = Signal(object)

    def __init__(
        self, theme: Theme, found: TableFinding, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "well")
        self.found = found
        known = finding_kind(found.kind)
        title = _(known.title)
        text = labelled(found.path, found.message) if found.path else found.message
        self.setAccessibleName(f"{title} {found.path}".strip())
        c = theme.colors
        color = {"bad": c.bad, "warning": c.warning, "plain": c.text_faint}[known.tone]
        sign = label("")
        drawn = icon(ICONS[known.tone], color)
        sign.setPixmap(drawn.pixmap(QSize(16, 16), self.devicePixelRatioF()))
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(sign, 0, Top)
        top.addWidget(label(title, "strong", wrap=True), 1)
        message = label(text, "muted", wrap=True)
        message.setToolTip(_(known.text))
        self.fixes = [self._button(theme, fix.label) for fix in found.fixes]
        for made, fix in zip(self.fixes, found.fixes, strict=True):
            made.clicked.connect(lambda *_, fix=fix: self.fix_requested.emit(fix))
        self.show_rows = self._button(theme, _rows_text(len(found.rows)))
        self.show_rows.setHidden(not found.rows)
        self.show_rows.clicked.connect(lambda: self.rows_requested.emit(found))
        self.check = self._button(theme, _("Mark as reviewed"))
        self.check.clicked.connect(lambda: self.checked.emit(found))
        shown = (*self.fixes, *([self.show_rows] if found.rows else ()), self.check)
        row = FlowRow(shown, 2, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 6, 6)
        column.setSpacing(2)
        column.addLayout(top)
        column.addWidget(message)
        column.addWidget(row)

    def _button(self, theme: Theme, text: str) -> QPushButton:
        made = button(theme, text, "link")
        made.setParent(self)
        return made


class TableFindingsPanel(QWidget):
    """All findings, most severe first; excluded rows and reviewed ones at the bottom.

    Args:
        theme: Colours and sizes.

    Signals:
        fix_requested, rows_requested, checked: As those of `TableFindingCard`.
        show_excluded_requested, include_requested, uncheck_requested: Emitted by the
            buttons at the bottom.
    """

    fix_requested = Signal(object)
    rows_requested = Signal(object)
    checked = Signal(object)
    show_excluded_requested = Signal()
    include_requested = Signal()
    uncheck_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.cards: list[TableFindingCard] = []
        self._shown: tuple[TableFinding, ...] = ()
        self.note = label("", "muted", wrap=True)
        self.foot = FindingsFoot(theme, self)
        self.foot.show_excluded_requested.connect(self.show_excluded_requested)
        self.foot.include_requested.connect(self.include_requested)
        self.foot.uncheck_requested.connect(self.uncheck_requested)
        self._column = scrolled_column(self)
        self._column.insertWidget(0, self.note)
        self._column.insertWidget(1, self.foot)

    def show_findings(self, found: Sequence[TableFinding], is_examined: bool) -> None:
        """Show the findings of a table.

        Args:
            found: Those that are not reviewed.
            is_examined: Whether they are known yet.
        """
        ordered = tuple(sorted(found, key=_rank))
        if ordered != self._shown:
            self._shown = ordered
            self._replace_cards(ordered[:MOST_CARDS])
        text = "" if found else _("✓ All columns checked. No problems found.")
        self.note.setText(text if is_examined else _("Checking columns…"))
        self.note.setVisible(bool(self.note.text()))

    def show_recipe(self, excluded: int, checked: int) -> None:
        """Show how many rows are excluded, and how many findings are reviewed."""
        self.foot.show_counts(rows_text(excluded) if excluded else "", checked)

    def _replace_cards(self, found: Sequence[TableFinding]) -> None:
        for old in self.cards:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.cards = [TableFindingCard(self._theme, each, self) for each in found]
        for place, card in enumerate(self.cards):
            card.fix_requested.connect(self.fix_requested)
            card.rows_requested.connect(self.rows_requested)
            card.checked.connect(self.checked)
            self._column.insertWidget(1 + place, card)


def _rows_text(count: int) -> str:
    """The button that shows a finding's rows, of which only the first are known."""
    if count < MOST_ROWS:
        return _("Show rows")
    return _("Show first {rows}").format(rows=rows_text(count))


def _rank(found: TableFinding) -> int:
    return ORDER.index(found.kind) if found.kind in ORDER else len(ORDER)
