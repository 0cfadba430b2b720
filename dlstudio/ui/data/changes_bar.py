"""A notice that the source files have changed since they were prepared."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.notice_bar import NoticeBar
from dlstudio.workers.image_files import FileChanges

LISTED = 500


class ChangesBar(QWidget):
    """Hidden while there are no changes.

    Signals:
        examine_requested: Emitted to examine every image again.
    """

    examine_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.notice: NoticeBar | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def show_changes(self, changes: FileChanges) -> None:
        """Show the changes; hide the bar if there are none."""
        if self.notice is not None:
            self._column.removeWidget(self.notice)
            self.notice.hide()
            self.notice.deleteLater()
            self.notice = None
        self.setVisible(bool(changes))
        if not changes:
            return
        counts = (
            (_("{count} new"), changes.added),
            (_("{count} changed"), changes.changed),
            (_("{count} removed"), changes.gone),
        )
        texts = [text.format(count=f"{len(ids):,}") for text, ids in counts if ids]
        text = _("The images have changed since the last training run: {changes}.")
        see = button(self._theme, _("Check images"), "link")
        see.clicked.connect(self.examine_requested)
        self.notice = NoticeBar(
            self._theme,
            text.format(changes=", ".join(texts)),
            "warning",
            "\n".join([*changes.added, *changes.changed, *changes.gone][:LISTED]),
            (see,),
            passing=False,
        )
        self.notice.closed.connect(self._close)
        self._column.addWidget(self.notice)

    def _close(self) -> None:
        self.show_changes(FileChanges())
