"""The page of language models: text appears as it is written, and can be stopped."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from dlstudio.document.token_choice import Decoding
from dlstudio.ui.predict.text_page import TextPage
from dlstudio.ui.theme.tokens import DARK_THEME
from dlstudio.workers.text_jobs import WrittenText

LEFT = Qt.MouseButton.LeftButton


class ByHandJob:
    """A job whose progress and end the test decides."""

    def __init__(self, *arguments: Any) -> None:
        self.arguments = arguments
        self.stopped = False

    def on_progress(self, callback: Any) -> ByHandJob:
        self.report = callback
        return self

    def on_failure(self, callback: Any) -> ByHandJob:
        self.fail = callback
        return self

    def on_end(self, callback: Any) -> ByHandJob:
        self.end = callback
        return self

    def start(self) -> ByHandJob:
        return self

    def cancel(self) -> None:
        self.stopped = True


@pytest.fixture
def jobs() -> list[ByHandJob]:
    return []


@pytest.fixture
def page(qtbot: QtBot, jobs: list[ByHandJob], tmp_path: Path) -> TextPage:
    def question(*arguments: Any) -> ByHandJob:
        jobs.append(ByHandJob(*arguments))
        return jobs[-1]

    studio: Any = SimpleNamespace(
        theme=DARK_THEME,
        session=SimpleNamespace(catalog=None, folder=tmp_path),
        services=SimpleNamespace(models="the models"),
        engine=SimpleNamespace(question=question),
        notices=SimpleNamespace(error=lambda *_a, **_k: None),
    )
    picker: Any = SimpleNamespace(run="a run", row=SimpleNamespace(has_model=False))
    made = TextPage(studio, picker)
    qtbot.addWidget(made)
    qtbot.addWidget(made.tools)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_text_is_typed_written_stopped_and_copied(
    page: TextPage, jobs: list[ByHandJob], qtbot: QtBot
) -> None:
    assert not page.is_filled and not page.stop.isVisible()
    qtbot.keyClicks(page.prompt, "To be ")
    page.settings.length.setValue(50)
    page.settings.temperature.setValue(0.5)
    page.settings.top_k.setValue(7)
    page.settings.top_p.setValue(0.9)
    page.settings.seed.setValue(3)
    qtbot.keyClick(page.prompt, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (job,) = jobs
    _work, models, reference, prompt, decoding = job.arguments
    assert (models, reference.run, prompt) == ("the models", "a run", "To be ")
    assert decoding == Decoding(50, 0.5, 7, 0.9, 3)
    job.report(WrittenText("", 0, ("你", "好")))
    assert "你, 好 are not in the model's vocabulary" in page.remark.text()
    assert page.remark.isVisible()
    job.report(WrittenText("or", 1))
    job.report(WrittenText(" 不", 2))
    assert page.note.text() == "2 tokens written · From the last checkpoint."
    assert page.text.toPlainText() == "To be or 不" and page.is_filled
    assert page.stop.isVisible() and not page.generate.isVisible()
    qtbot.mouseClick(page.stop, LEFT)
    assert job.stopped
    job.end("succeeded")
    assert page.generate.isVisible() and page.text.toPlainText() == "To be or 不"
    qtbot.mouseClick(page.copy, LEFT)
    assert QGuiApplication.clipboard().text() == "To be or 不"
    qtbot.mouseClick(page.generate, LEFT)
    assert page.text.toPlainText() == "To be ", "it begins anew"
    assert not page.remark.isVisible()
    jobs[-1].fail(ValueError("no model"))
    jobs[-1].end("failed")
    assert page.note.text() == "no model"


def test_a_text_that_is_pasted_becomes_the_beginning(page: TextPage) -> None:
    assert page.take_text("你好") and page.prompt.toPlainText() == "你好"
