"""From the first click to a training curve, in the real window."""

from __future__ import annotations

from pathlib import Path

import pytest
from drag_and_drop import drop
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGraphicsView
from pytestqt.qtbot import QtBot
from rooms import settle, until

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.document.storage import save_project
from dlstudio.ui.shell.rooms import ROOMS
from dlstudio.ui.start.recent_card import RecentCard

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def whole_catalog() -> Catalog:
    return Catalog.load()


@pytest.mark.slow
def test_user_trains_the_sample_in_three_clicks(
    make_window, whole_catalog: Catalog, qtbot: QtBot
) -> None:
    window = make_window(ROOMS, with_catalog=whole_catalog)
    core, shell = window.core, window.shell
    shell.engine_status.begin()
    card = shell.room().cards["digits-cnn"]
    with qtbot.waitSignal(shell.controller.opened, timeout=200_000):
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton)  # the first click
    assert shell.room_key() == "model"
    until(lambda: core.engine.state == "ready")
    status = shell.content.status
    until(lambda: "parameters" in status.model_size.full_text())
    assert status.problems.text() == "●  No problems"
    assert "TensorFlow" in status.versions.text()

    train = shell.content.header.train_button
    qtbot.mouseClick(train, Qt.MouseButton.LeftButton)  # the second
    assert shell.room_key() == "train"
    pill = shell.content.header.job
    until(lambda: "epoch" in pill.text())
    shell.go("start")
    assert pill.isVisible()
    shell.set(theme="dark")  # training continues across a theme change
    pill = shell.content.header.job
    shell.go("train")
    until(lambda: "finished" in pill.text())

    shell.go("start")
    start = shell.room()

    def results() -> list[float]:
        return [each.project.best for each in start.findChildren(RecentCard)]

    until(lambda: any(best > 0.9 for best in results()))


@pytest.mark.slow
def test_every_room_in_both_themes_without_qt_warnings(
    make_window, whole_catalog: Catalog, qtbot: QtBot
) -> None:
    window = make_window(ROOMS, with_catalog=whole_catalog)
    for theme in ("light", "dark"):
        window.shell.set(theme=theme)
        for room in ROOMS:
            window.shell.go(room.key)
            settle()
            assert window.shell.room_key() == room.key
            assert not window.shell.notices.bars
        window.shell.show_palette()
        assert len(window.shell.palette.texts()) > 20
        window.shell.palette.dismiss()


@pytest.mark.slow
def test_undo_key_takes_one_step_back_in_the_model_room(
    make_window, whole_catalog: Catalog, qtbot: QtBot
) -> None:
    window = make_window(ROOMS, with_catalog=whole_catalog)
    shell, session = window.shell, window.core.session
    shell.controller.empty()
    for kind in ("InputLayer", "Flatten", "Dense"):
        shell.add_layer(f"keras.layers.{kind}")
    assert len(session.project.model.nodes) == 3
    steps = len(session.history.past)
    for done in (1, 2):
        qtbot.keyClick(shell.room(), Qt.Key.Key_Z, CONTROL)
        assert len(session.history.past) == steps - done
    qtbot.keyClick(shell.room(), Qt.Key.Key_Y, CONTROL)
    assert len(session.history.past) == steps - 1


@pytest.mark.parametrize("room", [each.key for each in ROOMS])
def test_project_dropped_on_any_room_is_opened(
    make_window, whole_catalog: Catalog, tmp_path: Path, room: str
) -> None:
    save_project(Project(name="Birds"), tmp_path / "birds")
    window = make_window(ROOMS, with_catalog=whole_catalog)
    window.shell.go(room)
    views = window.shell.room().findChildren(QGraphicsView)
    target = views[0].viewport() if views else window.shell.room()
    drop(target, tmp_path / "birds")
    assert window.core.session.project.name == "Birds"
