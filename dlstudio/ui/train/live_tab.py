"""The tab that follows the newest checkpoint, as the run's heads want it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from dlstudio.i18n import _, marked
from dlstudio.ui.heads.head_view import HeadView, head_view, implementation
from dlstudio.ui.heads.live_panel import LivePanel
from dlstudio.ui.services.training.run_history import RunHistory
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.no_wheel_combo_box import NoWheelComboBox

SEVERAL = marked("Newest checkpoint")
"""Title of the tab of a run with several outputs to show."""
OUTPUT_WIDTH = 160
OutputHeads = Sequence[tuple[str, str]]
"""The feature that each output predicts, and the kind of its head."""


class LiveTab(QWidget):
    """Holds the panel of one output of a run; of several outputs one is chosen.

    Args:
        studio: The window's services, theme and navigation.

    Attributes:
        panel: The panel; None where no head has one, or it was never shown.
        outputs: Chooses the output.

    Signals:
        changed: Emitted when `title` may have changed.
    """

    changed = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._heads: OutputHeads = ()
        self._views: dict[str, HeadView] = {}
        self._history: RunHistory | None = None
        self.panel: LivePanel[object] | None = None
        self.outputs = NoWheelComboBox(self)
        self.outputs.setAccessibleName(_("Output"))
        self.outputs.setMinimumWidth(OUTPUT_WIDTH)
        self.outputs.activated.connect(self._choose)
        fits = QComboBox.SizeAdjustPolicy.AdjustToContents
        self.outputs.setSizeAdjustPolicy(fits)
        self.outputs.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.outputs.hide()
        self._top = QHBoxLayout()
        self._top.setSpacing(12)
        self._top.addWidget(self.outputs)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(6)
        self._lines.addLayout(self._top)

    @property
    def title(self) -> str:
        """Of the tab; "" for no tab."""
        if len(self._views) > 1:
            return _(SEVERAL)
        return next((_(each.live_title) for each in self._views.values()), "")

    def show_heads(self, heads: OutputHeads) -> None:
        """Show what fits a run.

        Args:
            heads: Those of its outputs.
        """
        if heads == self._heads:
            return
        self._heads = heads
        catalog = self._studio.session.catalog
        views = {name: head_view(kind, catalog) for name, kind in heads}
        self._views = {name: view for name, view in views.items() if view.live}
        self.outputs.clear()
        for name, view in self._views.items():
            self.outputs.addItem(f"{name} · {_(view.live_title)}", name)
        self.outputs.setVisible(len(self._views) > 1)
        self._remove_panel()
        self.changed.emit()

    def show_history(self, history: RunHistory) -> None:
        """Show the newest checkpoint of a run."""
        self._history = history
        if self.panel is None and self._views:
            name = str(self.outputs.currentData())
            make = implementation(self._views[name].live)
            self.panel = made = make(self._studio, name, self)
            self._lines.addWidget(made, 1)
            if len(self._views) > 1:  # beside the chooser, as there is little height
                self._top.addWidget(made.note, 1)
            made.show()  # before it asks: what is hidden does not
        if self.panel is not None:
            self.panel.show_history(history)

    def _choose(self) -> None:
        self._remove_panel()
        if self._history is not None:
            self.show_history(self._history)

    def _remove_panel(self) -> None:
        if self.panel is not None:
            for each in (self.panel, self.panel.note):
                each.hide()
                each.deleteLater()
            self.panel = None
