"""Class weights in the training plan."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox
from pytestqt.qtbot import QtBot
from rooms import cell_editor, until
from train_room_driver import LEFT, TrainRoomDriver, driver

__all__ = ("driver",)


def typed(qtbot: QtBot, driver: TrainRoomDriver, row: int, text: str) -> None:
    """Type the weight of a class."""
    table = driver.room.plan.class_weights.table
    item = table.item(row, 1)
    table.scrollToItem(item, QAbstractItemView.ScrollHint.EnsureVisible)
    place = table.visualItemRect(item).center()
    qtbot.mouseClick(table.viewport(), LEFT, pos=place)
    qtbot.mouseDClick(table.viewport(), LEFT, pos=place)
    edit = cell_editor(table)
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, Qt.Key.Key_Return)


def test_weights_are_typed_and_undone(driver: TrainRoomDriver, qtbot: QtBot) -> None:
    weights = driver.room.plan.class_weights
    assert weights.isHidden()
    combo = driver.room.plan.form.row("class_weights").findChild(QComboBox)
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_End)
    assert driver.session.project.plan.class_weights == "custom"
    until(lambda: weights.table.rowCount() == 10)
    assert not weights.isHidden() and weights.table.item(3, 0).text() == "3"
    typed(qtbot, driver, 3, "2.5")
    until(lambda: dict(driver.session.project.plan.class_weight) == {"3": 2.5})
    typed(qtbot, driver, 4, "much")
    until(lambda: any("much" in text for text in driver.messages))
    assert weights.table.item(4, 1).text() == "1"
    driver.session.undo()
    assert not driver.session.project.plan.class_weight
    assert weights.table.item(3, 1).text() == "1"
    driver.session.undo()
    assert weights.isHidden()


def test_missing_data_is_reported_there(driver: TrainRoomDriver) -> None:
    from dlstudio.document.edits.project import SetData

    driver.session.do(SetData("source.path", "nowhere"))
    driver.plan(class_weights="custom")
    weights = driver.room.plan.class_weights
    until(lambda: weights.note.text() not in ("", "Loading classes…"))
    assert weights.table.isHidden() and not weights.note.isHidden()
