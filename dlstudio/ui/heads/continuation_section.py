"""Texts that a language model has gone on with."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.document.language_sections import Continuations
from dlstudio.i18n import _
from dlstudio.ui.heads.section import ReportSection, titled_card
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.labels import label


class ContinuationSection(ReportSection):
    """One below the other, each with its temperature.

    Args:
        theme: Colours and sizes.
        section: Of the report.
    """

    def __init__(
        self, theme: Theme, section: Continuations, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        title = _("Sample text")
        card = titled_card(theme, title, _("Drawn from the model"), self)
        self.texts = []
        for each in section.samples:
            text = _("Temperature {temperature}")
            card.body.addWidget(
                label(text.format(temperature=each.temperature), "muted")
            )
            shown = label((each.prompt + each.text).strip("\n"), wrap=True)
            shown.setTextFormat(Qt.TextFormat.PlainText)
            selectable = Qt.TextInteractionFlag.TextSelectableByMouse
            shown.setTextInteractionFlags(selectable)
            card.body.addWidget(shown)
            self.texts.append(shown)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(card)
