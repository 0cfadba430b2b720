"""A registered data source is available in the Data room at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from data_world import World
from drag_and_drop import drop
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from pytestqt.qtbot import QtBot
from rooms import until
from toy_source import DESCRIPTION, SAMPLE, write_brightness

from dlstudio.catalog.store import Catalog
from dlstudio.ui.data.room import DataRoom
from dlstudio.ui.theme.style import apply_theme
from dlstudio.ui.theme.tokens import LIGHT_THEME
from dlstudio.ui.widgets.dropped_files import classify


@pytest.fixture
def room(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, catalog: Catalog
) -> Iterator[DataRoom]:
    """An empty room with a catalog that includes the toy source."""
    apply_theme(qapp, LIGHT_THEME)
    world = World(qtbot, tmp_path, Catalog([*catalog, DESCRIPTION, SAMPLE]))
    yield world.room
    world.close()
    world.room.close()
    world.room.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_it_is_offered(room: DataRoom, tmp_path: Path) -> None:
    labels = room.drop_target.findChildren(QLabel)
    assert "a list of gray values" in " ".join(each.text() for each in labels)
    QTest.mouseClick(room.drop_target.file, Qt.MouseButton.LeftButton)
    (dialog,) = room.findChildren(QFileDialog)
    every, *kinds = dialog.nameFilters()
    assert "*.bright" in every and "Brightness list (*.bright)" in kinds
    dialog.filesSelected.emit([str(write_brightness(tmp_path / "gray.bright"))])
    dialog.close()
    until(lambda: room.controller.state == "ready" and not room.controller.busy)
    assert len(room.gallery.grid.selection.rows) == 40


def test_a_sample_has_a_button_and_a_place_in_the_menu(room: DataRoom) -> None:
    menu = room.bar.other.menu()
    assert "Gray squares" in [each.text() for each in menu.actions()]
    button = room.drop_target.samples[SAMPLE.kind]
    assert button.text() == "Use gray squares"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    until(lambda: room.controller.state == "ready" and not room.controller.busy)
    assert len(room.gallery.grid.selection.rows) == 12


def test_it_is_dropped_shown_and_changed(room: DataRoom, tmp_path: Path) -> None:
    path = write_brightness(tmp_path / "gray.bright")
    session = room.panels.source._studio.session
    assert classify([path], session.catalog).kind == "data"
    drop(room, path)
    until(lambda: room.controller.state == "ready" and not room.controller.busy)
    source = session.project.data.source
    assert (source.kind, source.params["path"]) == (DESCRIPTION.kind, path.as_posix())
    panel = room.panels.source
    assert panel.kind.currentText() == "Brightness list"
    assert panel.summary.text() == DESCRIPTION.summary
    assert panel.form is not None and panel.form.row("image_side") is not None
    panel.form.edited.emit("image_side", 4)
    until(lambda: room.controller.dataset is not None)
    until(lambda: room.controller.dataset.width == 4 and not room.controller.busy)
