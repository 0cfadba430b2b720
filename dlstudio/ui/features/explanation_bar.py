"""What is shown of an explained text: attribution, or an attention layer's weights."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from dlstudio.document.explanation_text import tokens_text
from dlstudio.document.text_explanation import (
    ExplainedText,
    TextAttention,
    TextExplanation,
)
from dlstudio.i18n import _
from dlstudio.percent_text import percent
from dlstudio.ui.features.token_marks import (
    TokenMarker,
    attention_marks,
    attribution_marks,
)
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import SegmentedControl
from dlstudio.ui.widgets.no_wheel_combo_box import NoWheelComboBox

ATTRIBUTION, ATTENTION = "attribution", "attention"


class ExplanationBar(QWidget):
    """Colours the tokens in a field; a switch where a model has attention.

    Args:
        theme: Colours and sizes.
        field: The field with the text.
        feature: The input that the text enters.

    Signals:
        changed: Emitted when something else is shown.
    """

    changed = Signal()

    def __init__(
        self,
        theme: Theme,
        field: QPlainTextEdit,
        feature: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._field = field
        self._feature = feature
        self._found: TextExplanation | None = None
        self._layers: tuple[TextAttention, ...] = ()
        self.marker = TokenMarker(field)
        choices = [(ATTRIBUTION, _("Attribution")), (ATTENTION, _("Attention"))]
        self.mode = SegmentedControl(choices, ATTRIBUTION)
        self.head = NoWheelComboBox(self)
        self.head.setAccessibleName(_("Attention head"))
        self.head.setSizeAdjustPolicy(NoWheelComboBox.SizeAdjustPolicy.AdjustToContents)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.head)
        row.addWidget(self.mode)
        self.mode.chosen.connect(self._show)
        self.head.currentIndexChanged.connect(self._show)
        self.show_explanation(None)

    def show_explanation(self, found: TextExplanation | None) -> None:
        """Show an explanation of the text that is in the field; None for none."""
        self._found = found
        layers = () if found is None else found.attention
        layers = tuple(each for each in layers if each.feature == self._feature)
        if found is not None and self._names(layers) != self._names(self._layers):
            self._fill(layers)
        self._layers = layers or self._layers
        if found is not None and not layers:
            self._layers = ()
            self.mode.choose(ATTRIBUTION)
        self.setVisible(bool(self._layers))
        self._show()

    def text(self) -> str:
        """The tokens and what the colours mean; "" without an explanation."""
        text = self._text()
        if text is None or self._found is None:
            return ""
        weights = self._weights()
        if weights:
            said = _("blue: what attention looks at, {least} to {most} of it per token")
            meaning = said.format(
                least=percent(min(weights)), most=percent(max(weights))
            )
        elif self._found.label:
            meaning = _("red: evidence for “{label}”, green with dots: against").format(
                label=self._found.label
            )
        else:
            meaning = _("red: raises the number, green with dots: lowers it")
        parts = [tokens_text(text)] + [meaning] * bool(text.tokens)
        return " · ".join(parts)

    def _text(self) -> ExplainedText | None:
        return None if self._found is None else self._found.text(self._feature)

    def _weights(self) -> tuple[float, ...] | None:
        """Those that are chosen; None for attribution."""
        chosen: tuple[int, int] | None = self.head.currentData()
        if self.mode.current != ATTENTION or chosen is None:
            return None
        layer, head = chosen
        if self._found is None or layer >= len(self._layers):
            return None
        found = self._layers[layer]
        return found.mean if head < 0 else found.heads[head]

    def _show(self, _choice: object = None) -> None:
        text, weights = self._text(), self._weights()
        self.head.setVisible(self.mode.current == ATTENTION and self.head.count() > 1)
        if text is None or self._found is None:
            self.marker.show_marks(())
        else:
            content = self._field.toPlainText()
            offset = len(content) - len(content.lstrip())
            marks = (
                attribution_marks(self._theme, text, self._found.label)
                if weights is None
                else attention_marks(self._theme, text, weights)
            )
            self.marker.show_marks(marks, offset)
        self.changed.emit()

    def _fill(self, layers: tuple[TextAttention, ...]) -> None:
        """The layers and heads to choose from."""
        self.head.blockSignals(True)
        self.head.clear()
        for number, each in enumerate(layers):
            self.head.addItem(each.layer, (number, -1))
            if len(each.heads) > 1:
                for head in range(len(each.heads)):
                    said = _("{layer}, head {number}")
                    text = said.format(layer=each.layer, number=head + 1)
                    self.head.addItem(text, (number, head))
        self.head.blockSignals(False)

    def _names(self, layers: tuple[TextAttention, ...]) -> list[tuple[str, int]]:
        return [(each.layer, len(each.heads)) for each in layers]
