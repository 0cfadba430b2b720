"""The Start room: templates, recent projects, and their results."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QMenu
from pytestqt.qtbot import QtBot
from rooms import settle, until

from dlstudio.document.project import Project
from dlstudio.document.storage import save_project
from dlstudio.ui.start.recent_card import RecentCard, best_result
from dlstudio.workers.project_files import RecentProject


def texts(card) -> list[str]:
    return [each.text() for each in card.findChildren(QLabel)]


def test_every_template_has_a_card_with_its_graph(window, qtbot: QtBot) -> None:
    start = window.shell.room()
    names = {each.name for each in window.core.session.catalog.family("templates")}
    assert set(start.cards) == names | {"images", "table", "texts", "empty"}
    of_images = [
        start._thumbnails[each.kind]
        for each in window.core.session.catalog.family("templates")
        if each.category == "images"
    ]
    until(lambda: all(t._graph.nodes for t in of_images))
    window.core.engine.state_changed.emit("ready")  # those for tables come then
    # Word vectors are learned without a graph.
    drawn = [
        start._thumbnails[each.kind]
        for each in window.core.session.catalog.family("templates")
        if each.extra["predicts"]
    ]
    until(lambda: all(t._graph.nodes for t in drawn))
    for thumbnail in drawn:
        places = thumbnail._node_centers()
        box = thumbnail.rect().toRectF()
        assert all(box.contains(place) for place in places.values())


def test_empty_begins_an_empty_project(window, qtbot: QtBot) -> None:
    card = window.shell.room().cards["empty"]
    card.setFocus()
    qtbot.keyClick(card, Qt.Key.Key_Return)
    assert window.core.session.project == Project(name="Untitled")
    assert window.shell.room_key() == "model"


def test_click_that_ends_elsewhere_does_nothing(window, qtbot: QtBot) -> None:
    card = window.shell.room().cards["empty"]
    qtbot.mousePress(card, Qt.MouseButton.LeftButton)
    outside = card.rect().bottomRight() * 3
    qtbot.mouseRelease(card, Qt.MouseButton.LeftButton, pos=outside)
    assert window.shell.room_key() == "start"


def test_own_images_opens_a_modeless_folder_dialog(
    window, qtbot: QtBot, tmp_path: Path
) -> None:
    start = window.shell.room()
    qtbot.mouseClick(start.cards["images"], Qt.MouseButton.LeftButton)
    dialog = window.findChild(QFileDialog)
    assert dialog.isVisible()
    empty = tmp_path / "no images"
    empty.mkdir()
    dialog.fileSelected.emit(str(empty))
    dialog.reject()
    until(lambda: len(window.shell.notices.bars) == 1)
    assert window.shell.room_key() == "start"


@pytest.mark.parametrize("card", ["table", "table-wide-deep"])
def test_a_table_is_chosen_as_a_file_and_opened_in_the_data_room(
    window, qtbot: QtBot, tmp_path: Path, card: str
) -> None:
    lines = ["area,district,price"]
    lines += [f"{40 + n % 31},{'NS'[n // 3 % 2]},{997 * n % 83}" for n in range(60)]
    table = tmp_path / "flats.csv"
    table.write_text("\n".join(lines), "utf-8")
    qtbot.mouseClick(window.shell.room().cards[card], Qt.MouseButton.LeftButton)
    dialog = window.findChild(QFileDialog)
    assert dialog.fileMode() == QFileDialog.FileMode.ExistingFile
    assert "*.csv" in dialog.nameFilters()[0]
    with qtbot.waitSignal(window.shell.controller.opened, timeout=200_000):
        dialog.fileSelected.emit(str(table))
    dialog.reject()
    project = window.core.session.project
    assert project.name == "flats"
    assert project.model.nodes and project.outputs[0].feature in lines[0].split(",")
    assert window.shell.room_key() == "data"


@pytest.mark.parametrize("kind", ["texts", "text-bow", "tag-bilstm"])
def test_texts_are_chosen_as_folder_file_or_sample(
    window, qtbot: QtBot, tmp_path: Path, kind: str
) -> None:
    """A template gets the texts that are chosen for it, and samples if they fit."""
    card = window.shell.room().cards[kind]
    card.setFocus()
    qtbot.keyClick(card, Qt.Key.Key_Return)
    menu = card.findChild(QMenu)
    named = [each.text() for each in menu.actions() if not each.isSeparator()]
    samples = ["Use English reviews", "Use Chinese reviews"]
    assert named == ["Folder of texts…", "File of texts…", *samples][: len(named)]
    assert len(named) == (2 if kind == "tag-bilstm" else 4)
    if kind != "text-bow":
        menu.close()
        return
    folder = tmp_path / "mail"
    for label in ("good", "bad"):
        (folder / label).mkdir(parents=True)
        for number in range(12):
            text = f"This is a {label} text with the number {number}."
            (folder / label / f"{number}.txt").write_text(text, "utf-8")
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    dialog = window.findChild(QFileDialog)
    assert dialog.fileMode() == QFileDialog.FileMode.Directory
    with qtbot.waitSignal(window.shell.controller.opened, timeout=200_000):
        dialog.fileSelected.emit(str(folder))
    dialog.reject()
    project = window.core.session.project
    assert project.name == "mail" and window.shell.room_key() == "data"
    assert not any("conv" in each.kind.lower() for each in project.model.nodes.values())


def test_files_of_texts_may_be_tables_tokens_and_long_texts(window) -> None:
    window.shell.controller.from_text_file()
    (kinds, _every) = window.findChild(QFileDialog).nameFilters()
    assert all(each in kinds for each in ("*.csv", "*.xlsx", "*.conll", "*.txt"))
    window.findChild(QFileDialog).reject()


def test_template_makes_a_fresh_folder_each_time(window, qtbot: QtBot) -> None:
    for number in (1, 2):
        with qtbot.waitSignal(window.shell.controller.opened, timeout=200_000):
            window.shell.controller.from_template("dlstudio.templates.digits-cnn")
        name = "Handwritten digits" + (f" {number}" if number > 1 else "")
        assert window.core.session.folder.name == name
        assert window.core.session.project.name == name


def run_record(folder: Path, id: str, accuracy: float) -> None:
    path = folder / "runs" / id / "run.json"
    path.parent.mkdir(parents=True)
    record = {
        "format": "dlstudio-run",
        "version": 1,
        "id": id,
        "created": 1.0,
        "project": {},
        "outcome": "succeeded",
        "best": {"epoch": 2, "metrics": {"val_accuracy": accuracy}},
    }
    path.write_text(json.dumps(record), "utf-8")


def recent_cards(window, qtbot: QtBot, count: int) -> list[RecentCard]:
    start = window.shell.room()
    until(lambda: start.recent.count() == count)
    return [start.recent.itemAt(row).widget() for row in range(count)]


def test_recent_projects_with_their_best_result(
    make_window, qtbot: QtBot, tmp_path: Path
) -> None:
    trained, fresh, gone = (tmp_path / name for name in ("trained", "fresh", "gone"))
    for folder in (trained, fresh, gone):
        save_project(Project(name=folder.name.title()), folder)
    run_record(trained, "20260101-120000-abcd", 0.91)
    run_record(trained, "20260102-120000-abcd", 0.987)
    window = make_window()
    for folder in (gone, fresh, trained):
        window.core.settings.remember_project(folder)
    (gone / "project.json").unlink()
    window.shell.go("data")
    window.shell.go("start")
    first, second, third = recent_cards(window, qtbot, 3)
    assert "Best validation accuracy 0.9870" in texts(first)
    assert any(text.startswith("2 runs") for text in texts(first))
    assert "not trained yet" in texts(second)
    assert "cannot be opened" in texts(third)

    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert window.core.session.project.name == "Trained"
    assert window.shell.room_key() == "model"


def test_no_recent_projects_shows_a_message(window, qtbot: QtBot) -> None:
    start = window.shell.room()
    settle()
    assert start._recent_hint.isVisible()


def test_best_result_in_words(tmp_path: Path) -> None:
    assert best_result(RecentProject(tmp_path, "a", runs=2))[0] == "no result yet"
    only = RecentProject(tmp_path, "a", runs=1, metric="accuracy", best=0.5)
    assert best_result(only)[0] == "Best accuracy 0.5000"
