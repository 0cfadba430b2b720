"""How large the errors of images are, and which of them are anomalies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from dlstudio.document.image_sections import AnomalyThreshold, ErrorHistogram
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.number_text import read_number
from dlstudio.percent_text import percent
from dlstudio.ui.features.number_format import short_value
from dlstudio.ui.heads.error_plot import ErrorPlot
from dlstudio.ui.heads.section import ReportSection, titled_card
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import label

FIELD_WIDTH = 96


class ErrorSection(ReportSection):
    """A histogram of errors; its threshold can be dragged or typed.

    Args:
        theme: Colours and sizes.
        section: The errors.
    """

    def __init__(
        self, theme: Theme, section: ErrorHistogram, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._section = section
        self.plot = ErrorPlot(theme, section, self)
        self.field = QLineEdit(self)
        self.field.setFixedWidth(FIELD_WIDTH)
        self.field.setAccessibleName(_("Anomaly threshold"))
        self.share = label("", "strong")
        self.restore = button(theme, _("Restore default"))
        self.restore.hide()
        self._kept = 0.0
        self._default = 0.0
        self.origin = label("", "faint")
        note = _("Mean squared error of each image, of values from 0 to 1")
        card = titled_card(theme, _("Errors and anomalies"), note, self)
        card.body.addWidget(self.plot)
        self._line = QWidget(card)
        line = QHBoxLayout(self._line)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(label(_("Anomaly threshold"), "muted"))
        for each in (self.field, self.restore, self.share):
            line.addWidget(each)
        line.addStretch(1)
        line.addWidget(self.origin)
        card.body.addWidget(self._line)
        self._line.hide()
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(card)
        self.plot.moved.connect(self._moved)
        self.field.textEdited.connect(self._typed)
        self.field.editingFinished.connect(self._finish)
        self.plot.released.connect(self._finish)
        self.restore.clicked.connect(self._restore)

    def show_beside(self, sections: Mapping[str, Any]) -> None:
        """See `ReportSection`: the threshold is a section of its own."""
        if AnomalyThreshold.NAME not in sections:
            return
        found = AnomalyThreshold.from_json(sections[AnomalyThreshold.NAME])
        self._line.show()
        self._default = found.value if found.default is None else found.default
        self._kept = found.value
        self.restore.setVisible(found.default is not None)
        self.origin.setText(
            _("{share} of {count} validation images are below {value}").format(
                share=percent(found.quantile),
                count=found.samples,
                value=short_value(self._default),
            )
        )
        self.plot.show_threshold(found.value)
        self._show_value()
        self._show_share(found.share)

    def _moved(self) -> None:
        self._show_value()
        self._show_share()

    def _typed(self, text: str) -> None:
        try:
            value = read_number(text)
        except UserError:
            return  # restored when the field is left
        self.plot.show_threshold(max(value, 0.0))
        self._show_share()

    def _finish(self) -> None:
        self._show_value()
        self._keep(self.plot.threshold)

    def _restore(self) -> None:
        self.plot.show_threshold(self._default)
        self._moved()
        self._keep(self._default)

    def _keep(self, value: float) -> None:
        """Report a threshold that the user has chosen, once."""
        if value != self._kept:
            self._kept = value
            own = value != self._default
            self.restore.setVisible(own)
            self.threshold_chosen.emit(value if own else None)

    def _show_value(self) -> None:
        self.field.setText(short_value(self.plot.threshold))

    def _show_share(self, known: float | None = None) -> None:
        share = self._section.share_above(self.plot.threshold)
        share = known if share is None else share
        text = "" if share is None else _("{share} of the images are above it")
        self.share.setText(text.format(share=percent(share)))
