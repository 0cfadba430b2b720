"""Class counts and image sizes as charts; clicking a bar filters the gallery."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from dlstudio.i18n import _
from dlstudio.ui.data.class_chart import ClassChart
from dlstudio.ui.data.size_histogram import SizeHistogram
from dlstudio.ui.data.unlabeled_note import UnlabeledNote
from dlstudio.ui.services.dataset.dataset_view import DatasetView
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import heading

TALL_HEIGHT, SMALL_HEIGHT = 104, 32


class DataCharts(Card):
    """The class chart, or a note that there are none, above the size histogram."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=12)
        self.classes = ClassChart(theme, self)
        self.unlabeled = UnlabeledNote(theme, self)
        self.sizes = SizeHistogram(theme, self)
        self.sizes.setFixedHeight(SMALL_HEIGHT)
        self.body.addWidget(heading(theme, _("Classes")))
        self.body.addWidget(self.classes, 1)
        self.body.addWidget(self.unlabeled)
        self.body.addSpacing(8)
        self._rest = QWidget(self)
        self.body.addWidget(self._rest, 1)
        self.body.addWidget(heading(theme, _("Image size (longer side)")))
        self.body.addWidget(self.sizes)

    def show_data(self, view: DatasetView | None, reconstructs: bool = False) -> None:
        """Update both charts.

        Args:
            view: The dataset; None if there is none.
            reconstructs: Whether the model gives images back, and needs no classes.
        """
        self.classes.show_data(view)
        has_classes = view is None or bool(view.classes)
        self.classes.setVisible(has_classes)
        self._rest.setVisible(not has_classes)
        self.unlabeled.show_data(view, reconstructs)
        self.sizes.show_data(view.examined if view is not None else None)
        self.sizes.setFixedHeight(
            TALL_HEIGHT if len(self.sizes.bins.counts) > 1 else SMALL_HEIGHT
        )
