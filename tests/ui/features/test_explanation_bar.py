"""Coloured tokens of an explained text in a field."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from dlstudio.document.text_explanation import (
    ExplainedText,
    ExplainedToken,
    TextAttention,
    TextExplanation,
)
from dlstudio.ui.features.explanation_bar import ExplanationBar
from dlstudio.ui.features.token_marks import Underline, qt_position
from dlstudio.ui.features.value_edit import ParagraphEdit
from dlstudio.ui.theme.tokens import LIGHT_THEME

TEXT = "  🎁 难吃 not bad"
TOKENS = (
    ExplainedToken("🎁", 0, 1, 0.1, known=False),
    ExplainedToken("难吃", 2, 4, 0.5),
    ExplainedToken("not", 5, 8, -0.4),
    ExplainedToken("bad", 9, 12, 0.0),
)


def explained(
    *attention: TextAttention, label: str = "neg", cut: int = 0
) -> TextExplanation:
    text = ExplainedText("review", TOKENS, cut)
    return TextExplanation("y", label, 0.9, 0.5, 0.0, 1.0, (text,), attention)


@pytest.fixture
def bar(qtbot: QtBot) -> ExplanationBar:
    field = ParagraphEdit()
    qtbot.addWidget(field)
    field.set_value(TEXT)
    field.show()
    made = ExplanationBar(LIGHT_THEME, field, "review", field)
    made.field = field  # type: ignore[attr-defined]
    return made


def selected(bar: ExplanationBar) -> list[tuple[str, Underline]]:
    found = bar.field.extraSelections()  # type: ignore[attr-defined]
    return [(e.cursor.selectedText(), e.format.underlineStyle()) for e in found]


def test_tokens_are_coloured_where_they_stand(bar: ExplanationBar) -> None:
    bar.show_explanation(explained(cut=2))
    single, dots = Underline.SingleUnderline, Underline.DotLine
    wave = Underline.WaveUnderline  # outside the vocabulary
    assert selected(bar) == [("🎁", wave), ("难吃", single), ("not", dots)]
    colors = [each.color for each in bar.marker.marks]
    assert colors[1].alpha() > colors[0].alpha() > colors[3].alpha() == 0
    assert colors[1].name() == LIGHT_THEME.colors.bad
    assert colors[2].name() == LIGHT_THEME.colors.good
    said = bar.text()
    assert "6 tokens" in said and "(🎁)" in said and "“neg”" in said and "2" in said
    assert bar.isHidden(), "there is no attention to switch to"
    bar.show_explanation(explained(label=""))
    assert "raises the number" in bar.text()
    bar.show_explanation(None)
    assert not selected(bar) and not bar.text()


def test_a_tooltip_says_the_number(bar: ExplanationBar) -> None:
    bar.show_explanation(explained())
    field = bar.field  # type: ignore[attr-defined]
    cursor = field.textCursor()
    cursor.setPosition(qt_position(TEXT, TEXT.index("not")) + 1)
    place = field.cursorRect(cursor).center() + QPoint(2, 0)
    event = QHelpEvent(QEvent.Type.ToolTip, place, field.mapToGlobal(place))
    QApplication.sendEvent(field.viewport(), event)
    assert QToolTip.text() == "“not”: 40.0 % against “neg”"
    QToolTip.hideText()
    assert "Outside the vocabulary" in bar.marker.marks[0].tip


def test_attention_is_shown_by_layer_and_head(bar: ExplanationBar) -> None:
    one, two = (0.1, 0.7, 0.1, 0.1), (0.1, 0.1, 0.1, 0.7)
    bar.show_explanation(explained(TextAttention("attention", "review", (one, two))))
    assert not bar.isHidden() and bar.head.isHidden()
    bar.mode.buttons[1].click()
    names = [bar.head.itemText(n) for n in range(bar.head.count())]
    assert names == ["attention", "attention, head 1", "attention, head 2"]
    assert [text for text, _line in selected(bar)] == ["难吃", "bad"]
    bar.head.setCurrentIndex(2)
    assert [text for text, _line in selected(bar)] == ["bad"]
    assert "attention looks at" in bar.text()
    # What is chosen stays for the next text, and a model without attention has none.
    bar.show_explanation(None)
    bar.show_explanation(explained(TextAttention("attention", "review", (one, two))))
    assert bar.head.currentIndex() == 2 and [t for t, _l in selected(bar)] == ["bad"]
    bar.show_explanation(explained())
    assert bar.isHidden() and "“neg”" in bar.text()
