"""What can be done to the selected images: a menu, and keys for all of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from dlstudio.i18n import _
from dlstudio.ui.data.dataset_actions import DatasetActions
from dlstudio.ui.data.gallery.label_chooser import LabelChooser
from dlstudio.ui.services.dataset.dataset_controller import DatasetController
from dlstudio.ui.services.dataset.dataset_text import split_name
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.dataset import SPLITS

Key = Qt.Key


class SampleActions:
    """Actions of a widget that shows images.

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
        controller: DatasetController,
        dataset_actions: DatasetActions,
        chosen: Callable[[], Sequence[str]],
        place: Callable[[], QPoint],
        open_: Callable[[], None] | None = None,
    ) -> None:
        self._owner = owner
        self._theme = theme
        self._controller = controller
        self._actions = dataset_actions
        self._chosen = chosen
        self._place = place
        self.menu = QMenu(owner)
        if open_ is not None:
            self._add(_("View image"), "mdi6.magnify-plus-outline", open_)
            self.menu.addSeparator()
        self.out = self._add(
            _("Exclude"), "mdi6.eye-off-outline", self._toggle_out, Key.Key_Delete
        )
        self.label = self._add(
            _("Label as…"), "mdi6.tag-outline", self._relabel, Key.Key_L
        )
        self._add_split_menu()
        self.checked = self._add(
            _("Mark findings as reviewed"), "mdi6.check", self._check, Key.Key_C
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

    def _add_split_menu(self) -> None:
        inner = self.menu.addMenu(
            icon("mdi6.call-split", self._theme.colors.text_muted), _("Move to")
        )
        keys = (Key.Key_1, Key.Key_2, Key.Key_3)
        for split, key in zip(range(len(SPLITS)), keys, strict=True):
            self._add(
                split_name(split), "mdi6.circle-small", self._mover(split), key, inner
            )
        inner.addSeparator()
        self._add(_("Automatic split"), "mdi6.undo", self._mover(-1), Key.Key_0, inner)

    def _mover(self, split: int) -> Callable[[], None]:
        def move() -> None:
            ids = self._chosen()
            if ids:
                self._actions.move(ids, split)

        return move

    def _toggle_out(self) -> None:
        self._actions.toggle_excluded(self._chosen())

    def _check(self) -> None:
        self._actions.check_samples(self._chosen())

    def _relabel(self) -> None:
        ids, view = self._chosen(), self._controller.view
        if not ids or view is None:
            return
        rows = [view.dataset.rows[id] for id in ids]
        now = frozenset.intersection(*(frozenset(view.names(row)) for row in rows))
        chooser = LabelChooser(
            self._theme, view.classes, now, view.dataset.multi_label, self._owner
        )
        chooser.chosen.connect(lambda label: self._actions.relabel(ids, label))
        chooser.open_at(self._place())

    def _refresh(self) -> None:
        ids = self._chosen()
        out = frozenset(self._controller.recipe.leave_out)
        all_out = bool(ids) and out.issuperset(ids)
        self.out.setText(_("Include") if all_out else _("Exclude"))
        view = self._controller.view
        if view is not None:
            rows = [view.dataset.rows[id] for id in ids]
            self.checked.setEnabled(bool(view.flagged[rows].any()))
