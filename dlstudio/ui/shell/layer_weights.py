"""What is shown of the chosen layer of a converted model."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from dlstudio.byte_size import size_text
from dlstudio.document.viewed_model import ViewedLayer, shape_text
from dlstudio.i18n import _
from dlstudio.ui.theme.fonts import mono_font
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.histogram_chart import HistogramChart
from dlstudio.ui.widgets.labels import heading, label

WIDTH = 280


class LayerWeights(QWidget):
    """The name, facts and histogram of the weights of one layer.

    Args:
        theme: Colours and fonts.
        parent: The dialog.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "clear")
        self.name = label("", "strong", wrap=True)
        self.kind = label("", "muted", wrap=True)
        self.values = {
            name: label("", "")
            for name in ("output", "parameters", "size", "least", "mean", "most")
        }
        self.values["output"].setFont(mono_font(theme))
        self.values["output"].setWordWrap(True)
        titles = {
            **{"output": _("Output"), "parameters": _("Parameters")},
            **{"size": _("Size"), "least": _("Smallest")},
            **{"mean": _("Mean"), "most": _("Largest")},
        }
        self._titles = {name: label(text, "muted") for name, text in titles.items()}
        self.heading = heading(theme, _("Weights"))
        self.chart = HistogramChart(theme, self)
        self.none = label(_("This layer has no weights."), "muted", wrap=True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(self.values.items()):
            grid.addWidget(self._titles[name], row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.name)
        column.addWidget(self.kind)
        column.addSpacing(4)
        column.addLayout(grid)
        column.addSpacing(8)
        for each in (self.heading, self.chart, self.none):
            column.addWidget(each)
        column.addStretch(1)
        self.setFixedWidth(WIDTH)

    def show_layer(self, layer: ViewedLayer) -> None:
        """Show another layer."""
        self.name.setText(layer.name)
        self.kind.setText(layer.kind)
        texts = {
            "output": ", ".join(map(shape_text, layer.shapes)) or "?",
            "parameters": f"{layer.parameters:,}" if layer.parameters else "",
            "size": size_text(layer.size) if layer.size else "",
        }
        found = layer.weights
        if found is not None:
            edges = np.linspace(found.least, found.most, len(found.histogram) + 1)
            self.chart.show_counts(np.array(found.histogram, np.int64), edges)
            texts |= {
                "least": f"{found.least:.4g}",
                "mean": f"{found.mean:.4g}",
                "most": f"{found.most:.4g}",
            }
        for name, value in self.values.items():
            value.setText(texts.get(name, ""))
            value.setVisible(bool(value.text()))
            self._titles[name].setVisible(bool(value.text()))
        self.heading.setVisible(found is not None)
        self.chart.setVisible(found is not None)
        self.none.setVisible(not layer.parameters)
