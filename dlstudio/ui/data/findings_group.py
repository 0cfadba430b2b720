"""Findings of one kind: a summary, the affected samples, and the available actions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QVBoxLayout, QWidget

from dlstudio.catalog.findings import finding_kind
from dlstudio.i18n import _, ngettext
from dlstudio.labelled_text import labelled
from dlstudio.ui.data.dataset_actions import DatasetActions
from dlstudio.ui.data.findings_fixes import FindingFixes
from dlstudio.ui.services.dataset.dataset_text import count_text
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import IconButton, button
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.dataset import DatasetFinding

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT, MAX_ROWS = 24, 6
MAX_MESSAGES = 3  # findings without a sample that are listed in full
MAX_NAMED = 10  # duplicates of an image that a tooltip lists
ICONS = {
    "bad": "mdi6.alert-circle",
    "warning": "mdi6.alert",
    "plain": "mdi6.information-outline",
}


class FindingListModel(QAbstractListModel):
    """Paths of findings, with messages as tooltips; duplicates share a row."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.found: list[DatasetFinding] = []
        self.groups: list[list[DatasetFinding]] = []

    def show(self, found: list[DatasetFinding]) -> None:
        """Replace the findings."""
        if found != self.found:
            self.beginResetModel()
            self.found = found
            groups: dict[str, list[DatasetFinding]] = {}
            for number, each in enumerate(found):
                groups.setdefault(each.original or f"\0{number}", []).append(each)
            self.groups = list(groups.values())
            self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        inside = parent is not None and parent.isValid()
        return 0 if inside else len(self.groups)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        group = self.groups[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _row_text(group)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _row_details(group)
        return None


def _message_text(found: DatasetFinding) -> str:
    named = found.path not in ("", ".") and found.path not in found.message
    return labelled(found.path, found.message) if named else found.message


def _row_text(group: Sequence[DatasetFinding]) -> str:
    if len(group) == 1:
        return group[0].path or group[0].message
    text = ngettext("{name} and {count} other", "{name} and {count} others", len(group))
    return text.format(name=group[0].original, count=f"{len(group):,}")


def _row_details(group: Sequence[DatasetFinding]) -> str:
    if len(group) == 1:
        return f"{group[0].path}\n{group[0].message}".strip()
    lines = [each.path for each in group[:MAX_NAMED]]
    if len(group) > MAX_NAMED:
        more = len(group) - MAX_NAMED
        text = ngettext("… and {count} more", "… and {count} more", more)
        lines.append(text.format(count=f"{more:,}"))
    return "\n".join(lines)


class FindingGroup(QFrame):
    """Findings of one kind.

    Args:
        theme: Colours and sizes.
        kind: The kind of the findings.
        dataset_actions: Edits of samples.

    Signals:
        show_requested: Emitted to show all affected samples in the gallery.
        finding_selected: Emitted with the selected finding.
    """

    show_requested = Signal(str)
    finding_selected = Signal(object)

    def __init__(
        self,
        theme: Theme,
        kind: str,
        dataset_actions: DatasetActions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "well")
        self.kind = kind
        self._actions = dataset_actions
        self._about: list[str] = []
        self._known = finding_kind(kind)
        self.setAccessibleName(_(self._known.title))
        self.model = FindingListModel(self)
        self.title = label("", "strong", wrap=True)
        self.list = QListView(self)
        self.list.setModel(self.model)
        self.list.setUniformItemSizes(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setAccessibleName(_(self._known.title))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumWidth(80)
        self.list.hide()
        self.list.clicked.connect(self._point)
        self.list.activated.connect(self._point)
        self.more = IconButton(theme, "mdi6.chevron-down", _("Show list"))
        self.more.setCheckable(True)
        self.more.toggled.connect(self.list.setVisible)
        self.show_ = button(theme, _("Show"), "link")
        self.show_.clicked.connect(lambda: self.show_requested.emit(self.kind))
        self.out = button(theme, _("Exclude"), "link")
        self.out.clicked.connect(lambda: self._actions.exclude(self._about))
        self.checked = button(theme, _("Mark as reviewed"), "link")
        self.checked.clicked.connect(lambda: self._actions.check(self.model.found))
        self.messages = label("", "", wrap=True)
        self.fixes = FindingFixes(theme, dataset_actions, self)
        self._lay_out(theme)

    def show_findings(self, found: list[DatasetFinding], about: list[str]) -> None:
        """Show findings; `about` lists the ids of the affected samples."""
        self.model.show(found)
        self._about = about
        title = _(self._known.title)
        self.title.setText(f"{title}  {len(found):,}")
        lines = min(MAX_ROWS, len(self.model.groups))
        self.list.setFixedHeight(ROW_HEIGHT * lines + 6)
        self.show_.setVisible(bool(about) or found[0].kind in ("few-samples",))
        self.out.setVisible(bool(about))
        self.fixes.show_fixes(found)
        texts = (
            [_message_text(each) for each in found]
            if len(found) <= MAX_MESSAGES
            else []
        )
        self.messages.setText("\n".join(texts))
        self.messages.setVisible(not about and bool(texts))
        self.more.setVisible(self.messages.isHidden())
        if about:
            text = _("Exclude {images}. The files are kept.")
            self.out.setToolTip(text.format(images=count_text(len(about))))

    def _lay_out(self, theme: Theme) -> None:
        c = theme.colors
        color = {"bad": c.bad, "warning": c.warning, "plain": c.text_faint}
        icon_label = label("")
        drawn = icon(ICONS[self._known.tone], color[self._known.tone])
        icon_label.setPixmap(drawn.pixmap(QSize(16, 16), self.devicePixelRatioF()))
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(icon_label)
        top.addWidget(self.title, 1)
        top.addWidget(self.more)
        row = QHBoxLayout()
        row.setSpacing(4)
        for each in (self.show_, self.out, self.checked):
            row.addWidget(each)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 6, 6)
        column.setSpacing(2)
        column.addLayout(top)
        column.addWidget(label(_(self._known.text), "muted", wrap=True))
        column.addWidget(self.messages)
        column.addWidget(self.fixes)
        column.addWidget(self.list)
        column.addLayout(row)

    def _point(self, index: Index) -> None:
        self.finding_selected.emit(self.model.groups[index.row()][0])
