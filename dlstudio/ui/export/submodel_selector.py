"""Chooses the part of a model that is exported."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.heads.head_view import head_view
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import SegmentedControl
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.model_export import WHOLE


class SubmodelSelector(QWidget):
    """Hidden, like its caption, for models that are exported whole.

    Args:
        studio: The window's services, theme and navigation.

    Attributes:
        part: The chosen one.
        caption: Beside it in a form.

    Signals:
        chosen: Emitted with the part that the user selects.
    """

    chosen = Signal(str)

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._catalog = studio.session.catalog
        self.part = WHOLE
        self.caption = label(_("Submodel"), "muted")
        self.control: SegmentedControl | None = None
        self._parts: tuple[tuple[str, str], ...] = ()
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self.hide()
        self.caption.hide()

    def show_head(self, head: str) -> None:
        """Offer the parts of models with this head.

        Args:
            head: Kind of the head of the selected run.
        """
        parts = head_view(head, self._catalog).parts
        if parts == self._parts:
            return
        self._parts = parts
        if self.control is not None:
            self._line.removeWidget(self.control)
            self.control.hide()
            self.control.deleteLater()
            self.control = None
        if parts:
            offered = [
                (WHOLE, _("Whole model")),
                *((key, _(text)) for key, text in parts),
            ]
            self.control = SegmentedControl(offered, WHOLE)
            self.control.chosen.connect(self._choose)
            self._line.addWidget(self.control)
        for widget in (self, self.caption):
            widget.setVisible(bool(parts))
        self._choose(WHOLE)

    def stops(self) -> tuple[QWidget, ...]:
        """What the Tab key reaches, in this order."""
        return () if self.control is None else self.control.buttons

    def _choose(self, part: str) -> None:
        self.part = part
        self.chosen.emit(part)
