"""A note about images without classes, and what can be done with them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.i18n import _, ngettext
from dlstudio.ui.services.dataset.dataset_view import DatasetView
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import label


class UnlabeledNote(QWidget):
    """Hidden while every image has a class.

    Signals:
        autoencoder_requested: Emitted when its button is clicked.
    """

    autoencoder_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = label("", "", wrap=True)
        self.hint = label("", "muted", wrap=True)
        self.use = button(theme, _("Use an autoencoder"))
        self.use.clicked.connect(self.autoencoder_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.text)
        column.addWidget(self.hint)
        column.addWidget(self.use, 0, Qt.AlignmentFlag.AlignLeft)

    def show_data(self, view: DatasetView | None, reconstructs: bool) -> None:
        """Say how many images have no class, and what to do.

        Args:
            view: The dataset; None if there is none.
            reconstructs: Whether the model gives images back, and needs no classes.
        """
        count = int((view.unlabeled & ~view.excluded).sum()) if view else 0
        self.setVisible(bool(count))
        if view is None or not count:
            return
        alone = not view.classes
        self.text.setText(_("These images have no classes.") if alone else _some(count))
        self.hint.setText(_hint(alone, reconstructs))
        self.use.setVisible(alone and not reconstructs and view.dataset.complete)


def _some(count: int) -> str:
    return ngettext(
        "{count} image has no class.", "{count} images have no class.", count
    ).format(count=f"{count:,}")


def _hint(alone: bool, reconstructs: bool) -> str:
    if reconstructs:
        return _("An autoencoder needs none: it learns to reconstruct the images.")
    if alone:
        return _(
            "An autoencoder can learn from them. For classification, put the images of "
            "each class into a separate subfolder and reload, or select images here "
            "and press L to label them."
        )
    return _("They are not used for classification until they are labeled.")
