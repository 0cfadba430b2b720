"""The header: menus, project name, device, running job and main button."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
)

from dlstudio.document.edits.project import SetName
from dlstudio.i18n import _
from dlstudio.ui.activity import ActivityControl
from dlstudio.ui.session import Session
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import Pill, button, escape_mnemonic
from dlstudio.ui.widgets.focus import transfer_focus
from dlstudio.ui.widgets.labels import label

HEIGHT = 48
WIDEST = 300  # maximum width of the project's name in pixels
EDGES = 26  # horizontal space around a button's text in pixels


class Header(QFrame):
    """The bar above all rooms.

    Args:
        studio: The window's services, theme and navigation.
        menus: The menu bar.
        actions: Actions in the menu of the project's name.

    Signals:
        train_requested: Emitted when the main button is clicked.
    """

    train_requested = Signal()

    def __init__(self, studio: Studio, menus: QMenuBar, actions: list[QAction]) -> None:
        super().__init__()
        self._studio = studio
        self.setProperty("role", "bar")
        self.setFixedHeight(HEIGHT)
        self.title = ProjectTitle(studio.theme, studio.session, actions)
        self.device = Pill(studio.theme)
        self.device.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.device.hide()
        self.job = Pill(studio.theme, dot=True)
        self.controls: dict[str, QPushButton] = {}
        self._offered: tuple[ActivityControl, ...] = ()
        self._control_row = QHBoxLayout()
        self._control_row.setSpacing(8)
        self.train_button = button(studio.theme, _("Train"), "primary", "mdi6.play")
        self.train_button.setToolTip(_("Train the model (Ctrl+Enter)"))
        self.train_button.clicked.connect(self.train_requested)
        self._fill(menus)
        studio.activity.changed.connect(self._show_job)
        self.job.clicked.connect(self._go_to_job)
        self._show_job()

    def report_device(self, text: str, tip: str = "") -> None:
        """Show the training device."""
        self.device.set_status(text)
        self.device.setToolTip(tip)
        self.device.setVisible(bool(text))

    def _fill(self, menus: QMenuBar) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(10)
        brand = label("dlstudio", "title")
        row.addWidget(brand)
        if not menus.isNativeMenuBar():
            menus.setMinimumWidth(menus.sizeHint().width())
            row.addWidget(menus, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.title)
        row.addStretch(1)
        for each in (self.device, self.job):
            row.addWidget(each, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(self._control_row)
        row.addWidget(self.train_button, 0, Qt.AlignmentFlag.AlignVCenter)

    def _show_job(self) -> None:
        activity = self._studio.activity
        self.job.set_status(activity.text, activity.tone)
        self.job.setVisible(bool(activity.text))
        if activity.controls != self._offered:
            self._offered = activity.controls
            self._show_controls(activity.controls)

    def _show_controls(self, controls: tuple[ActivityControl, ...]) -> None:
        """Show the job's controls in place of the main button."""
        old_buttons = tuple(self.controls.values())
        self.controls = {}
        for each in controls:
            made = button(self._studio.theme, _(each.text), each.role, each.icon)
            made.clicked.connect(each.work)
            self.controls[each.text] = made
            self._control_row.addWidget(made)
            made.show()
        if not controls:
            self.train_button.show()
        focus_target = next(iter(self.controls.values()), self.train_button)
        for old in (*old_buttons, self.train_button):
            if old is not focus_target:
                transfer_focus(old, focus_target)
        for old in old_buttons:
            old.hide()
            old.deleteLater()
        self.train_button.setVisible(not controls)

    def _go_to_job(self) -> None:
        self._studio.go(self._studio.activity.room)


class ProjectTitle(QStackedWidget):
    """The project's name with its menu; it can be edited in place.

    Args:
        theme: Colours and sizes.
        session: The session with the open project.
        actions: Actions in the menu of the project's name.
    """

    def __init__(self, theme: Theme, session: Session, actions: list[QAction]) -> None:
        super().__init__()
        self._session = session
        self.button = QPushButton()
        self.button.setProperty("role", "ghost")
        menu = QMenu(self.button)
        menu.addActions(actions)
        self.button.setMenu(menu)
        self.field = _NameField(self)
        self.field.setAccessibleName(_("Project name"))
        self.field.returnPressed.connect(self._rename)
        self.field.left.connect(self._leave)
        self.addWidget(self.button)
        self.addWidget(self.field)
        self._name = self._suffix = ""
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        session.changed.connect(self.refresh)
        session.saved_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the name and whether there are unsaved changes."""
        name = self._session.project.name or _("Untitled")
        self._name = name
        self._suffix = " · " + _("edited") if self._session.unsaved else ""
        place = self._session.folder or _("Not saved yet")
        self.button.setToolTip(f"{name}\n{place}")
        self.button.setAccessibleName(_("Project {name}").format(name=name))
        self.updateGeometry()
        bar = self.parentWidget()
        layout = bar.layout() if bar is not None else None
        if layout is not None:  # apply the new name's width at once, not a frame later
            layout.activate()
        self._fit()

    def begin_rename(self) -> None:
        """Start editing the name."""
        self.field.setText(self._session.project.name)
        self.field.selectAll()
        self.setCurrentWidget(self.field)
        self.updateGeometry()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def sizeHint(self) -> QSize:
        """Space for the name and the unsaved mark, or for editing."""
        if self.currentWidget() is self.field:
            return QSize(WIDEST, 32)
        width = self.fontMetrics().horizontalAdvance(f"{self._name} ▾{self._suffix}")
        return QSize(min(width + EDGES, WIDEST + 80), 32)

    def minimumSizeHint(self) -> QSize:
        """Space for a few letters."""
        return QSize(min(130, self.sizeHint().width()), 32)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Elide the name to the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        room = self.width() - EDGES - metrics.horizontalAdvance(f" ▾{self._suffix}")
        shown = metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, room + 2)
        self.button.setText(f"{escape_mnemonic(shown)} ▾{self._suffix}")

    def _rename(self) -> None:
        name = self.field.text().strip()
        if name:
            self._session.do(SetName(name), _("Rename"))
        self._leave()

    def _leave(self) -> None:
        self.setCurrentWidget(self.button)
        self.refresh()


class _NameField(QLineEdit):
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)
