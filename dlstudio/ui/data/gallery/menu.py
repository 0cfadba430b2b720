"""What can be done to the selected pictures: a menu, and keys for all of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from dlstudio.i18n import _
from dlstudio.ui.data.deeds import Deeds
from dlstudio.ui.data.desk import DataDesk
from dlstudio.ui.data.gallery.labels import LabelChooser
from dlstudio.ui.data.words import part_word
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.dataset import PARTS

Key = Qt.Key


class Actions:
    """Actions of a widget that shows pictures.

    Args:
        owner: Its keys work while it (or what is in it) has the focus.
        chosen: Ids of the samples they are about.
        place: Where on the screen a chooser opens.
        open_: Shows the first one in full, or None where it is shown already.
    """

    def __init__(
        self,
        owner: QWidget,
        theme: Theme,
        desk: DataDesk,
        deeds: Deeds,
        chosen: Callable[[], Sequence[str]],
        place: Callable[[], QPoint],
        open_: Callable[[], None] | None = None,
    ) -> None:
        self._owner = owner
        self._theme = theme
        self._desk = desk
        self._deeds = deeds
        self._chosen = chosen
        self._place = place
        self.menu = QMenu(owner)
        if open_ is not None:
            self._add(_("Look at it"), "mdi6.magnify-plus-outline", open_)
            self.menu.addSeparator()
        self.out = self._add(
            _("Leave out"), "mdi6.eye-off-outline", self._toggle_out, Key.Key_Delete
        )
        self.label = self._add(
            _("Label as …"), "mdi6.tag-outline", self._relabel, Key.Key_L
        )
        self._add_parts()
        self.checked = self._add(
            _("Mark findings as checked"), "mdi6.check", self._check, Key.Key_C
        )
        self.menu.aboutToShow.connect(self._refresh)

    def show(self, place: QPoint) -> None:
        """Open the menu, if anything is chosen."""
        if self._chosen():
            self.menu.popup(place)

    def _add(
        self,
        text: str,
        icon_name: str,
        do: Callable[[], None],
        key: Qt.Key | None = None,
        menu: QMenu | None = None,
    ) -> QAction:
        made = QAction(
            icon(icon_name, self._theme.colors.text_muted), text, self._owner
        )
        made.triggered.connect(do)
        if key is not None:
            made.setShortcut(QKeySequence(key))
            context = Qt.ShortcutContext.WidgetWithChildrenShortcut
            made.setShortcutContext(context)
            self._owner.addAction(made)
        (menu or self.menu).addAction(made)
        return made

    def _add_parts(self) -> None:
        inner = self.menu.addMenu(
            icon("mdi6.call-split", self._theme.colors.text_muted), _("Move to")
        )
        keys = (Key.Key_1, Key.Key_2, Key.Key_3)
        for part, key in zip(range(len(PARTS)), keys, strict=True):
            self._add(
                part_word(part), "mdi6.circle-small", self._mover(part), key, inner
            )
        inner.addSeparator()
        self._add(
            _("Where the split says"), "mdi6.undo", self._mover(-1), Key.Key_0, inner
        )

    def _mover(self, part: int) -> Callable[[], None]:
        def move() -> None:
            ids = self._chosen()
            if ids:
                self._deeds.move(ids, part)

        return move

    def _toggle_out(self) -> None:
        self._deeds.toggle_out(self._chosen())

    def _check(self) -> None:
        self._deeds.check_samples(self._chosen())

    def _relabel(self) -> None:
        ids, shown = self._chosen(), self._desk.shown
        if not ids or shown is None:
            return
        rows = [shown.dataset.rows[id] for id in ids]
        now = frozenset.intersection(*(frozenset(shown.names(row)) for row in rows))
        chooser = LabelChooser(
            self._theme, shown.classes, now, shown.dataset.multi_label, self._owner
        )
        chooser.chosen.connect(lambda label: self._deeds.relabel(ids, label))
        chooser.open_at(self._place())

    def _refresh(self) -> None:
        ids = self._chosen()
        out = frozenset(self._desk.recipe.leave_out)
        all_out = bool(ids) and out.issuperset(ids)
        self.out.setText(_("Take in again") if all_out else _("Leave out"))
        shown = self._desk.shown
        if shown is not None:
            rows = [shown.dataset.rows[id] for id in ids]
            self.checked.setEnabled(bool(shown.flagged[rows].any()))
