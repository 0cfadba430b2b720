"""What is wrong with the data, in groups, each with what can be done about it."""

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
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dlstudio.i18n import _
from dlstudio.ui.data.deeds import Deeds
from dlstudio.ui.data.shown import Shown
from dlstudio.ui.data.words import ORDER, count_text, kind_of
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import IconButton, button
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.dataset import Found

Index = QModelIndex | QPersistentModelIndex
LINE, LINES = 24, 6
ICONS = {
    "bad": "mdi6.alert-circle",
    "warning": "mdi6.alert",
    "plain": "mdi6.information-outline",
}


class FoundModel(QAbstractListModel):
    """The paths of findings; their sentences as tooltips."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.found: list[Found] = []

    def show(self, found: list[Found]) -> None:
        """Show other ones."""
        if found != self.found:
            self.beginResetModel()
            self.found = found
            self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """See Qt."""
        inside = parent is not None and parent.isValid()
        return 0 if inside else len(self.found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """See Qt."""
        each = self.found[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return each.path or each.message
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{each.path}\n{each.message}".strip()
        return None


class Group(QFrame):
    """Findings of one kind.

    Signals:
        seen: All of them are to be seen in the gallery.
        pointed: One of them is.
    """

    seen = Signal(str)
    pointed = Signal(object)

    def __init__(
        self, theme: Theme, kind: str, deeds: Deeds, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "well")
        self.kind = kind
        self._deeds = deeds
        self._about: list[str] = []
        self._known = kind_of(kind)
        self.setAccessibleName(_(self._known.title))
        self.model = FoundModel(self)
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
        self.more = IconButton(theme, "mdi6.chevron-down", _("List them"))
        self.more.setCheckable(True)
        self.more.toggled.connect(self.list.setVisible)
        self.show_ = button(theme, _("Show"), "link")
        self.show_.clicked.connect(lambda: self.seen.emit(self.kind))
        self.out = button(theme, _("Leave out"), "link")
        self.out.clicked.connect(lambda: self._deeds.leave_out(self._about))
        self.checked = button(theme, _("Mark as checked"), "link")
        self.checked.clicked.connect(lambda: self._deeds.check(self.model.found))
        self._lay_out(theme)

    def show_found(self, found: list[Found], about: list[str]) -> None:
        """Show findings; `about` are the samples among what they are about."""
        self.model.show(found)
        self._about = about
        title = _(self._known.title)
        self.title.setText(f"{title}  {len(found):,}")
        lines = min(LINES, len(found))
        self.list.setFixedHeight(LINE * lines + 6)
        self.show_.setVisible(bool(about) or found[0].kind in ("few-samples",))
        self.out.setVisible(bool(about))
        if about:
            text = _("Leave {pictures} out; the files stay.")
            self.out.setToolTip(text.format(pictures=count_text(len(about))))

    def _lay_out(self, theme: Theme) -> None:
        c = theme.colors
        color = {"bad": c.bad, "warning": c.warning, "plain": c.text_faint}
        picture = label("")
        drawn = icon(ICONS[self._known.tone], color[self._known.tone])
        picture.setPixmap(drawn.pixmap(QSize(16, 16), self.devicePixelRatioF()))
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(picture)
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
        column.addWidget(self.list)
        column.addLayout(row)

    def _point(self, index: Index) -> None:
        self.pointed.emit(self.model.found[index.row()])


class FindingsPanel(QWidget):
    """All groups, worst first; what was left out or checked, below.

    Signals:
        seen: A kind of finding; the gallery shows what it is about.
        pointed: One `Found`.
        out_seen: What is left out is to be seen.
        examine_wanted: Every picture is to be looked at.
    """

    seen = Signal(str)
    pointed = Signal(object)
    out_seen = Signal()
    examine_wanted = Signal()

    def __init__(
        self, theme: Theme, deeds: Deeds, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._deeds = deeds
        self._left_out: tuple[str, ...] = ()
        self.groups: dict[str, Group] = {}
        self._note = label("", "muted", wrap=True)
        self._examine = button(theme, _("Examine every picture"), "primary")
        self._examine.clicked.connect(self.examine_wanted)
        inside = QWidget()
        inside.setProperty("role", "clear")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 8, 8, 8)
        self._column.setSpacing(8)
        self._column.addWidget(self._note)
        self._column.addWidget(self._examine, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self._foot(), 0)
        self._column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)

    def show_data(self, shown: Shown | None, examined: bool, busy: bool) -> None:
        """Show newer findings."""
        kinds = shown.findings if shown is not None else {}
        for kind in set(self.groups) - set(kinds):
            gone = self.groups.pop(kind)
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        if shown is not None:
            for kind in sorted(kinds, key=_rank):
                self._show_group(kind, kinds[kind], shown)
        self._examine.setVisible(not examined and not busy and shown is not None)
        self._note.setText(self._text(bool(kinds), examined, busy))
        self._note.setVisible(bool(self._note.text()))
        recipe = shown.recipe if shown is not None else None
        self._left_out = recipe.leave_out if recipe is not None else ()
        checked = len(recipe.checked) if recipe is not None else 0
        self._out.setVisible(bool(self._left_out))
        text = _("{pictures} left out.").format(
            pictures=count_text(len(self._left_out))
        )
        self._out_text.setText(text)
        self._checked.setVisible(bool(checked))
        text = _("{count} findings were checked.").format(count=checked)
        self._checked_text.setText(text)

    def _show_group(self, kind: str, found: list[Found], shown: Shown) -> None:
        if kind not in self.groups:
            made = Group(self._theme, kind, self._deeds, self)
            made.seen.connect(self.seen)
            made.pointed.connect(self.pointed)
            after = sum(_rank(each) < _rank(kind) for each in self.groups)
            self.groups[kind] = made
            self._column.insertWidget(2 + after, made)
        there = shown.dataset.rows
        about = list(dict.fromkeys(e.path for e in found if e.path in there))
        self.groups[kind].show_found(found, about)

    def _text(self, any_: bool, examined: bool, busy: bool) -> str:
        if busy:
            return _("The pictures are being examined …")
        if not examined:
            return _(
                "Look at every picture once: for files that cannot be read, copies, "
                "pictures with two labels and uneven classes."
            )
        if not any_:
            return _("✓ Every picture was examined, and nothing is wrong with them.")
        return ""

    def _foot(self) -> QWidget:
        foot = QWidget()
        column = QVBoxLayout(foot)
        column.setContentsMargins(0, 0, 0, 0)
        self._out_text = label("", "muted", wrap=True)
        self._checked_text = label("", "muted", wrap=True)
        see = button(self._theme, _("Show"), "link")
        see.clicked.connect(self.out_seen)
        back = button(self._theme, _("Take in again"), "link")
        back.clicked.connect(lambda: self._deeds.take_in(self._left_out))
        again = button(self._theme, _("Show again"), "link")
        again.clicked.connect(self._deeds.uncheck_all)
        self._out = _row(self._out_text, (see, back))
        self._checked = _row(self._checked_text, (again,))
        column.addWidget(self._out)
        column.addWidget(self._checked)
        return foot


def _row(text: QWidget, buttons: Sequence[QPushButton]) -> QWidget:
    made = QWidget()
    line = QHBoxLayout(made)
    line.setContentsMargins(0, 0, 0, 0)
    line.addWidget(text, 1)
    for each in buttons:
        line.addWidget(each)
    return made


def _rank(kind: str) -> tuple[int, str]:
    return (ORDER.index(kind) if kind in ORDER else len(ORDER), kind)
