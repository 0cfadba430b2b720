"""The menu of a column: its type with one click, and what it is used for."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from dlstudio.i18n import _
from dlstudio.percent_text import percent
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.table import TableColumn


class ColumnMenu(QMenu):
    """Types with their certainties, the surest first; closes when one is chosen.

    Args:
        theme: Colours and sizes.
        views: All feature types.
        column: The column.

    Signals:
        kind_chosen: Emitted with another kind; "" to ignore the column.
        role_chosen: Emitted with "target" or "input".
    """

    kind_chosen = Signal(str)
    role_chosen = Signal(str)

    def __init__(
        self, theme: Theme, views: FeatureViews, column: TableColumn, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Type of “{column}”").format(column=column.name))
        group = QActionGroup(self)
        certain = dict(column.alternatives)
        if column.kind:
            certain[column.kind] = column.certainty
        kinds = [each for each in views if each in certain or each in views.of_cells()]
        for kind in sorted(kinds, key=lambda each: -certain.get(each, 0.0)):
            text = views.title(kind)
            if kind in certain:
                text += f"\t{percent(certain[kind], 0)}"
            action = self.addAction(
                icon(views.icon(kind), views.ink(kind, theme).name()), text
            )
            action.setCheckable(True)
            if kind == column.kind:
                action.setChecked(True)
                font = action.font()
                font.setBold(True)  # a menu with icons has no place for a tick
                action.setFont(font)
            action.triggered.connect(partial(self._choose, kind, column.kind))
            group.addAction(action)
        self.addSeparator()
        muted = theme.colors.text_muted
        ignore = self.addAction(icon("mdi6.cancel", muted), _("Ignore"))
        ignore.setEnabled(bool(column.kind))
        ignore.triggered.connect(partial(self.kind_chosen.emit, ""))
        if column.role == "target":
            use = self.addAction(icon("mdi6.import", muted), _("Use as input"))
            use.triggered.connect(partial(self.role_chosen.emit, "input"))
        else:
            use = self.addAction(icon("mdi6.target", muted), _("Use as target"))
            use.triggered.connect(partial(self.role_chosen.emit, "target"))

    def _choose(self, kind: str, now: str) -> None:
        if kind != now:
            self.kind_chosen.emit(kind)
