"""Sections of language models: sample texts, and how surprising tokens were."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.document.language_sections import (
    Continuation,
    Continuations,
    SurprisingText,
    TokenSurprise,
)
from dlstudio.ui.heads.report_views import make_section
from dlstudio.ui.heads.section import ReportSection
from dlstudio.ui.theme.tokens import DARK_THEME, LIGHT_THEME

SAMPLES = Continuations(
    (Continuation("To ", "be\n<or>", 0.5), Continuation("", "x", 1))
)
FIRST = SurprisingText(
    "7", ("a", "\n", "<", "你"), (0.0, 1.5, 30.0, 2), ("", "b", "c", "d")
)
SURPRISE = TokenSurprise((FIRST, SurprisingText("8", ("z",), (0.0,), ("",))))


def made(section, qtbot: QtBot, theme=LIGHT_THEME) -> ReportSection:
    data = json.loads(json.dumps(section.to_json()))
    assert type(section).from_json(data) == section
    widget = make_section(section.NAME, theme, {section.NAME: data})
    assert widget is not None
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


@pytest.mark.parametrize("theme", [LIGHT_THEME, DARK_THEME], ids=lambda each: each.name)
@pytest.mark.parametrize("section", [SAMPLES, SURPRISE], ids=lambda each: each.NAME)
def test_every_section_has_a_widget(section, theme, qtbot: QtBot) -> None:
    assert not made(section, qtbot, theme).grab().isNull()
    damaged = {"samples": [{"x": 1}], "texts": [{"id": 1, "tokens": ["a"], "bits": []}]}
    assert make_section(section.NAME, theme, {section.NAME: damaged}) is None


def test_texts_are_shown_as_they_are(qtbot: QtBot) -> None:
    widget = made(SAMPLES, qtbot)
    assert [each.text() for each in widget.texts] == ["To be\n<or>", "x"]
    assert widget.texts[0].textFormat() == Qt.TextFormat.PlainText


def test_tokens_are_coloured_and_texts_leafed_through(qtbot: QtBot) -> None:
    widget = made(SURPRISE, qtbot)
    shown = widget.text.text()
    assert "&lt;" in shown and "⏎" in shown and "你" in shown
    assert shown.count(LIGHT_THEME.colors.surface) == 1, "only the first is expected"
    assert not widget.back.isEnabled()
    qtbot.mouseClick(widget.next, Qt.MouseButton.LeftButton)
    assert ">z<" in widget.text.text() and not widget.next.isEnabled()
