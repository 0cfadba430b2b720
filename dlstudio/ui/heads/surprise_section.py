"""Held-out texts whose tokens are coloured by how surprising they were."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from dlstudio.document.language_sections import SurprisingText, TokenSurprise
from dlstudio.i18n import _
from dlstudio.ui.heads.section import ReportSection, titled_card
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import label

MOST_BITS = 10.0
"""A token with so many bits or more has the full colour."""
STRONGEST = 0.75
"""Share of the colour that such a token has."""
LINE_BREAK = "⏎"


class SurpriseSection(ReportSection):
    """One text at a time.

    Args:
        theme: Colours and sizes.
        section: Of the report.
    """

    def __init__(
        self, theme: Theme, section: TokenSurprise, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._section = theme, section
        self._place = 0
        note = _("The stronger the color, the less the model expected it")
        card = titled_card(theme, _("Surprise"), note, self)
        self.text = QLabel(card)
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.position = label("", "muted")
        self.back = button(theme, _("Previous"), "", "mdi6.chevron-left")
        self.next = button(theme, _("Next"), "", "mdi6.chevron-right")
        row = QHBoxLayout()
        row.setSpacing(8)
        for each in (self.back, self.next, self.position):
            row.addWidget(each)
        row.addStretch(1)
        card.body.addWidget(self.text)
        card.body.addLayout(row)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(card)
        self.back.clicked.connect(lambda: self._move(-1))
        self.next.clicked.connect(lambda: self._move(1))
        self._move(0)

    def _move(self, step: int) -> None:
        texts = self._section.texts
        self._place = max(0, min(len(texts) - 1, self._place + step))
        self.back.setEnabled(self._place > 0)
        self.next.setEnabled(self._place + 1 < len(texts))
        if texts:
            text = _("Text {number} of {count}")
            self.position.setText(text.format(number=self._place + 1, count=len(texts)))
            self.text.setText(self._html(texts[self._place]))

    def _html(self, text: SurprisingText) -> str:
        return "".join(map(self._token, text.tokens, text.bits))

    def _token(self, token: str, bits: float) -> str:
        share = STRONGEST * min(1.0, max(0.0, bits) / MOST_BITS)
        color = _mixed(self._theme.colors.surface, self._theme.colors.validation, share)
        written = html.escape(token.replace("\n", LINE_BREAK + "\n"))
        written = written.replace(" ", "&nbsp;<wbr>").replace("\n", "<br>")
        return f'<span style="background:{color}">{written}</span>'


def _mixed(first: str, second: str, share: float) -> str:
    """A colour between two, "#rrggbb".

    Args:
        first, second: The colours.
        share: Of the second one.
    """
    a, b = QColor(first), QColor(second)
    parts = zip(a.getRgb()[:3], b.getRgb()[:3], strict=True)  # type: ignore[index]
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in parts)
