"""Rooms, header, status bar, language and theme of the real window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from dlstudio.document.analysis import Analysis, NodeReport
from dlstudio.document.edits.nodes import AddNode
from dlstudio.document.edits.project import SetName
from dlstudio.document.graph import node
from dlstudio.document.problems import Problem
from dlstudio.document.project import Project
from dlstudio.document.storage import save_project
from dlstudio.document.values import FrozenMap
from dlstudio.i18n import _
from dlstudio.settings import SettingsStore
from dlstudio.ui.shell.actions import ACTIONS, Action
from dlstudio.ui.shell.rooms import ROOMS, RoomDescription

DENSE = AddNode(node("dense", "keras.layers.Dense", units=3))


def test_every_room_by_key_and_by_mouse(window, qtbot: QtBot) -> None:
    for number, room in enumerate(ROOMS, 1):
        key = getattr(Qt.Key, f"Key_{number}")
        qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        assert window.shell.room_key() == room.key
        assert window.shell.content.rail.buttons[room.key].isChecked()
    for room in ROOMS:
        button = window.shell.content.rail.buttons[room.key]
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert window.shell.room_key() == room.key


def test_rooms_are_made_when_first_shown(make_window, plain_rooms) -> None:
    made: list[str] = []

    def make(_studio):
        made.append("x")
        return QLabel("x")

    window = make_window((plain_rooms[0], RoomDescription("x", "X", "mdi6.plus", make)))
    assert made == []
    window.shell.go("x")
    window.shell.go("start")
    window.shell.go("x")
    assert made == ["x"]


def test_room_that_cannot_be_created_shows_the_reason(make_window, plain_rooms) -> None:
    broken = RoomDescription("x", "X", "mdi6.plus", "dlstudio.ui.nothing_here:make")
    window = make_window((plain_rooms[0], broken))
    window.shell.go("x")
    texts = [each.text() for each in window.shell.room().findChildren(QLabel)]
    assert any("nothing_here" in text for text in texts)
    assert window.shell.notices.bars[0].kind == "bad"


def test_title_shows_name_and_unsaved_changes(window, qtbot: QtBot) -> None:
    title = window.shell.content.header.title
    assert title.button.text() == "Untitled ▾"
    window.core.session.do(SetName("Fashion"))
    assert title.button.text() == "Fashion ▾ · edited"
    assert window.isWindowModified()
    qtbot.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert title.button.text() == "Fashion ▾"
    assert window.core.session.folder == window.shell.controller.projects / "Fashion"
    assert "Saved to" in window.shell.notices.bars[-1].text


def test_rename_by_keyboard(window, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F2)
    title = window.shell.content.header.title
    assert title.currentWidget() is title.field
    title.field.clear()
    qtbot.keyClicks(title.field, "Birds")
    qtbot.keyClick(title.field, Qt.Key.Key_Return)
    assert window.core.session.project.name == "Birds"
    qtbot.keyClick(window, Qt.Key.Key_F2)
    qtbot.keyClicks(title.field, "Cats")
    qtbot.keyClick(title.field, Qt.Key.Key_Escape)
    assert window.core.session.project.name == "Birds"


def test_undo_and_redo_with_names(window, qtbot: QtBot) -> None:
    session, menus = window.core.session, window.shell.menus
    undo = menus.actions_by_id["edit.undo", ""]
    assert not undo.isEnabled()
    session.do(DENSE, "Add Dense")
    assert undo.text() == "Undo Add Dense"
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not session.project.model.nodes
    redo = menus.actions_by_id["edit.redo", ""]
    assert redo.text() == "Redo Add Dense"
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert session.project.model.nodes


def test_a_rooms_own_actions(window, qtbot: QtBot) -> None:
    actions = window.shell.menus.actions_by_id
    assert not actions["edit.cut", ""].isEnabled()
    window.shell.go("model")
    assert actions["edit.cut", ""].isEnabled()
    assert not actions["edit.paste", ""].isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
    assert window.shell.room().requests == ["edit.cut", "view.zoom_in"]


def test_status_bar_shows_what_the_engine_found(window, qtbot: QtBot) -> None:
    status = window.shell.content.status
    window.core.session.do(DENSE)
    assert status.model_size.full_text() == "1 layer"
    nodes = FrozenMap({"dense": NodeReport(parameters=225034, multiply_adds=8_123_456)})
    problem = Problem("error", "no-input", "There is no input.", "dense")
    found = Analysis(1, FrozenMap({"model": nodes}), (problem,))
    window.core.engine.analysed.emit(found)
    assert status.problems.text() == "●  1 problem"
    assert status.model_size.full_text() == (
        "1 layer · 225,034 parameters · 8.12 M multiply-adds · 879 KB weights"
    )
    qtbot.mouseClick(status.problems, Qt.MouseButton.LeftButton)
    assert window.shell.room_key() == "model"
    assert window.shell.room().requests == ["show_problems"]
    hint = Problem("hint", "learning-rate", "It is high.")
    both = Analysis(2, FrozenMap({"model": nodes}), (problem, hint))
    window.core.engine.analysed.emit(both)
    assert status.problems.text() == "●  2 problems", "as the panel and `check` count"
    window.core.engine.analysed.emit(Analysis(3))
    assert status.problems.text() == "●  No problems"


def test_running_job_is_seen_from_every_room(window, qtbot: QtBot) -> None:
    pill = window.shell.content.header.job
    assert not pill.isVisible()
    window.core.activity.show(lambda: "Run 7 · epoch 4/12", "train")
    for room in ("start", "data", "model"):
        window.shell.go(room)
        assert pill.isVisible()
        assert pill.text() == "Run 7 · epoch 4/12"
    qtbot.mouseClick(pill, Qt.MouseButton.LeftButton)
    assert window.shell.room_key() == "train"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_theme_changes_everywhere(window, theme: str) -> None:
    window.shell.go("train")
    window.core.session.do(SetName("Fashion"))
    window.core.activity.show(lambda: "Run 7", "train")
    window.core.notices.error(ValueError("x"), "Odd.")
    window.shell.set(theme=theme)
    content = window.shell.content
    assert window.shell.theme.name == theme
    assert window.shell.room_key() == "train"
    assert content.header.title.button.text() == "Fashion ▾ · edited"
    assert content.header.job.text() == "Run 7"
    assert [bar.text for bar in window.shell.notices.bars] == ["Odd."]
    background = window.core.app.palette().window().color().name()
    assert background == window.shell.theme.colors.background
    actions = window.shell.menus.actions_by_id
    assert actions["view.theme", theme].isChecked()


def test_language_changes_without_restart(window, qtbot: QtBot, monkeypatch) -> None:
    class Loud:
        def gettext(self, text: str) -> str:
            return f"«{text}»"

        def ngettext(self, one: str, many: str, count: int) -> str:
            return f"«{one if count == 1 else many}»"

    monkeypatch.setattr("gettext.translation", lambda *a, **k: Loud())
    window.shell.go("data")
    window.core.activity.show(lambda: _("Train"), "train")
    window.shell.set(language="zh_CN")
    shell = window.shell
    assert shell.content.header.job.text() == "«Train»"
    assert shell.content.rail.buttons["data"].text() == "«Data»"
    assert shell.menus.actions_by_id["file.save", ""].text() == "«Save»"
    assert shell.content.status.language.text().startswith("简体中文")
    assert shell.room_key() == "data"
    assert shell.menus.actions_by_id["view.language", "zh_CN"].isChecked()
    assert window.core.settings.value.language == "zh_CN"


def test_settings_that_cannot_be_written_are_reported(window, monkeypatch) -> None:
    blocked = window.core.settings.path.parent
    blocked.parent.mkdir(exist_ok=True)
    if not blocked.exists():
        blocked.write_text("a file where the folder should be")
    window.shell.set(theme="dark")
    assert window.shell.notices.bars[-1].kind == "bad"
    blocked.unlink()


def test_menus_list_templates_and_recent_projects(window, tmp_path: Path) -> None:
    controller = window.shell.controller
    controller.empty()
    assert controller.save()
    folder = window.core.session.folder
    commands = window.shell.commands
    by_id = {each.id: each for each in commands.actions}
    recent = [each.text for each in commands.choices(by_id["file.recent"])]
    assert recent == [str(folder)]
    templates = [each.text for each in commands.choices(by_id["file.template"])]
    assert "Handwritten digits" in templates
    assert templates[-1] == "Empty"


def test_every_action_has_a_text_and_state(window) -> None:
    for action in window.shell.commands.actions:
        assert window.shell.commands.enabled(action) in (True, False)
        assert window.shell.commands.text(action) or action.submenu


def test_an_ampersand_in_a_name_is_shown_as_it_is(
    make_window, tmp_path: Path, qtbot: QtBot
) -> None:
    name = "Salt & Pepper [*] 100 %"
    folder = tmp_path / "R&D"
    save_project(Project(name=name), folder)
    window = make_window()
    window.shell.controller.open(folder)
    window.core.session.do(AddNode(node("p", "keras.layers.Flatten")), "Add p&q")
    shell = window.shell
    shell.core.activity.show(lambda: "R&D: Run", "train")
    shell.menus.refresh()
    recent = next(
        each.menu()
        for each in shell.menus.actions()[0].menu().actions()
        if each.menu() and "recent" in each.text().lower()
    )
    recent.aboutToShow.emit()
    actions = [shell.menus.actions_by_id["edit.undo", ""], *recent.actions()]
    buttons = [shell.content.header.title.button, shell.content.header.job]
    for each in (*actions, *buttons):
        assert "&&" in each.text(), each.text()
        assert QKeySequence.mnemonic(each.text()).isEmpty()
    assert window.windowTitle() == "Salt & Pepper [*][*] 100 %[*] – dlstudio"


def test_language_option_overrides_the_settings(make_window, tmp_path: Path) -> None:
    SettingsStore(tmp_path / "settings").change(language="en")
    window = make_window(language="zh_CN")
    assert window.shell.content.rail.buttons["train"].text() == "训练"
    window.shell.set(theme="dark")
    assert window.shell.content.rail.buttons["train"].text() == "训练"
    assert SettingsStore(tmp_path / "settings").value.language == "en"

    window.shell.commands.run(action("view.language", "en"))  # as it is saved already
    assert window.shell.content.rail.buttons["train"].text() == "Train"


def action(id: str, argument: str) -> Action:
    (found,) = (each for each in ACTIONS if (each.id, each.argument) == (id, argument))
    return found
