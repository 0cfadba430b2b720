"""Actions for the selected images: a context menu, with a shortcut for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from dlstudio.i18n import _
from dlstudio.ui.actions import GALLERY_ACTIONS, CommandHandler
from dlstudio.ui.data.dataset_actions import DatasetActions
from dlstudio.ui.services.dataset.dataset_controller import DatasetController
from dlstudio.ui.services.dataset.dataset_text import split_name
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.label_chooser import LabelChooser
from dlstudio.workers.dataset import SPLITS

AUTOMATIC = -1  # assigned automatically by the split
BY_ID = {action.id: action for action in GALLERY_ACTIONS}


class SampleActions:
    """The sample actions of a widget that shows images.

    Args:
        owner: Widget in which the shortcuts work, including its children.
        theme: Colours and sizes.
        controller: State of the open dataset.
        dataset_actions: Edits of samples.
        chosen: Returns the ids of the samples to act on.
        place: Returns the screen position at which a chooser opens.
        open_: Opens the first sample in the viewer; None if it is open already.
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
        self._made: dict[str, QAction] = {}
        self._handlers = self._make_handlers()
        if open_ is not None:
            view = self.menu.addAction(
                self._icon("mdi6.magnify-plus-outline"), _("View image")
            )
            view.triggered.connect(open_)
            self.menu.addSeparator()
        self._add("gallery.exclude", self.menu)
        self._add("gallery.label", self.menu)
        self._add_split_menu()
        self._add("gallery.review", self.menu)
        self.menu.aboutToShow.connect(self._refresh)
        self.menu.aboutToHide.connect(self._enable)

    def commands(self) -> Mapping[str, CommandHandler]:
        """The handlers of the gallery's actions by id."""
        return self._handlers

    def show(self, place: QPoint) -> None:
        """Open the menu if any sample is selected."""
        if self._chosen():
            self.menu.popup(place)

    def _make_handlers(self) -> dict[str, CommandHandler]:
        moves = {f"gallery.move_{split}": split for split in range(len(SPLITS))}
        moves["gallery.move_automatic"] = AUTOMATIC
        movers = {id: partial(self._move, split) for id, split in moves.items()}
        return {
            "gallery.exclude": CommandHandler(
                self._toggle_excluded, self._any, text=self._exclude_text
            ),
            "gallery.label": CommandHandler(self._relabel, self._any),
            "gallery.review": CommandHandler(self._review, self._any_flagged),
            **{id: CommandHandler(move, self._any) for id, move in movers.items()},
        }

    def _add(self, id: str, menu: QMenu, text: str = "") -> None:
        action = BY_ID[id]
        made = QAction(text or action.plain_text(), self._owner)
        if action.icon:
            made.setIcon(self._icon(action.icon))
        made.setShortcuts([QKeySequence(each) for each in action.shortcuts])
        made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.triggered.connect(lambda: self._handlers[id].run())
        self._owner.addAction(made)
        menu.addAction(made)
        self._made[id] = made

    def _icon(self, name: str) -> QIcon:
        return icon(name, self._theme.colors.text_muted)

    def _add_split_menu(self) -> None:
        inner = self.menu.addMenu(self._icon("mdi6.call-split"), _("Move to"))
        for split in range(len(SPLITS)):
            self._add(f"gallery.move_{split}", inner, split_name(split))
        inner.addSeparator()
        self._add("gallery.move_automatic", inner)

    def _any(self) -> bool:
        return bool(self._chosen())

    def _any_flagged(self) -> bool:
        ids, view = self._chosen(), self._controller.view
        if not ids or view is None:
            return False
        return bool(view.flagged[[view.dataset.rows[id] for id in ids]].any())

    def _exclude_text(self) -> str:
        ids, out = self._chosen(), frozenset(self._controller.recipe.leave_out)
        return _("Include") if ids and out.issuperset(ids) else _("Exclude")

    def _move(self, split: int) -> None:
        ids = self._chosen()
        if ids:
            self._actions.move(ids, split)

    def _toggle_excluded(self) -> None:
        self._actions.toggle_excluded(self._chosen())

    def _review(self) -> None:
        self._actions.check_samples(self._chosen())

    def _relabel(self) -> None:
        ids, view = self._chosen(), self._controller.view
        if not ids or view is None:
            return
        rows = [view.dataset.rows[id] for id in ids]
        now = frozenset.intersection(*(frozenset(view.names(row)) for row in rows))
        chooser = LabelChooser(
            self._theme, view.classes, now, view.dataset.has_several_labels, self._owner
        )
        chooser.chosen.connect(lambda label: self._actions.relabel(ids, label))
        chooser.open_at(self._place())

    def _refresh(self) -> None:
        self._made["gallery.exclude"].setText(self._exclude_text())
        self._made["gallery.review"].setEnabled(self._any_flagged())

    def _enable(self) -> None:
        """Enable all actions: a disabled action's shortcut stays inactive."""
        self._made["gallery.review"].setEnabled(True)
