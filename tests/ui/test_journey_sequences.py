"""Models that write texts, in the real window: trained, judged and asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from killed_language import language_project, write_story
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from rooms import until
from small_pairs import small_project, write_pairs
from tiny_words import ANIMALS, words_project, write_texts

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.document.storage import save_project
from dlstudio.ui.shell.rooms import ROOMS

pytestmark = pytest.mark.slow
LEFT = Qt.MouseButton.LeftButton


def trained(make_window: Any, qtbot: QtBot, project: Project, folder: Path) -> Any:
    """The window after one epoch, by a click on Train.

    Args:
        make_window: Makes it.
        qtbot: Clicks.
        project: Its data is in the folder.
        folder: Of the project.
    """
    plan = replace(project.plan, epochs=1, checkpoint_minutes=10.0)
    save_project(replace(project, plan=plan), folder)
    window = make_window(ROOMS, with_catalog=Catalog.load())
    shell = window.shell
    shell.engine_status.begin()
    window.core.session.open(folder)
    shell.go("model")
    train = shell.content.header.train_button
    until(lambda: window.core.engine.state == "ready" and train.isEnabled())
    qtbot.mouseClick(train, LEFT)
    until(lambda: "finished" in shell.content.header.job.text())
    return window


def judged(make_window: Any, qtbot: QtBot, project: Project, folder: Path) -> Any:
    """The window with the verdict of a training in the Evaluate room; as `trained`."""
    window = trained(make_window, qtbot, project, folder)
    window.shell.go("evaluate")
    until(lambda: bool(window.shell.room().verdict.title.text()))
    return window


def words(widget: Any) -> str:
    return " ".join(each.text() for each in widget.findChildren(QLabel))


def test_a_language_model_continues_what_is_typed(
    make_window: Any, qtbot: QtBot, tmp_path: Path
) -> None:
    write_story(tmp_path)
    window = judged(make_window, qtbot, language_project(), tmp_path)
    assert "bits per character" in words(window.shell.room().verdict)
    window.shell.go("predict")
    room = window.shell.room()
    until(lambda: bool(room.picker.run))
    qtbot.keyClicks(room.page.prompt, "Ann sees ")
    room.page.settings.length.setValue(7)
    qtbot.mouseClick(room.page.generate, LEFT)
    until(lambda: len(room.page.text.toPlainText()) == len("Ann sees ") + 7)
    assert room.page.text.toPlainText().startswith("Ann sees ")
    until(room.page.generate.isEnabled)


def test_a_translation_answers_while_one_types(
    make_window: Any, qtbot: QtBot, tmp_path: Path
) -> None:
    write_pairs(tmp_path / "pairs.csv", 40)
    project = small_project("translate-gru")
    window = judged(make_window, qtbot, project, tmp_path)
    assert "chrF score" in words(window.shell.room().verdict)
    window.shell.go("predict")
    room = window.shell.room()
    until(lambda: bool(room.picker.run) and bool(room.page.form.answers.answers))
    form = room.page.form
    editor = form.fields["digits"].editor
    editor.selectAll()
    qtbot.keyClicks(editor, "1 2")
    until(lambda: not form.answers.outdated)
    (answer,) = form.answers.answers
    assert answer.output == "words"
    assert (answer.value or "empty") in words(form.answers)
    assert "attribution" not in words(form.answers), "texts are not explained"


def test_word_vectors_need_no_layers(
    make_window: Any, qtbot: QtBot, tmp_path: Path
) -> None:
    project = words_project(write_texts(tmp_path / "texts.csv"))
    trained(make_window, qtbot, project, tmp_path)
    (run,) = (tmp_path / "runs").iterdir()
    assert (run / "model.keras").exists()
    assert ANIMALS[0] in (run / "fitted.json").read_text("utf-8")
