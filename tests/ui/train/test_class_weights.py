"""Weights of the classes, typed in the plan."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox
from pytestqt.qtbot import QtBot
from rooms import cell_editor, until
from train_bench import LEFT, Bench, bench

__all__ = ("bench",)


def typed(qtbot: QtBot, bench: Bench, row: int, text: str) -> None:
    """Type into the weight of one class."""
    table = bench.room.plan.class_weights.table
    item = table.item(row, 1)
    table.scrollToItem(item, QAbstractItemView.ScrollHint.EnsureVisible)
    place = table.visualItemRect(item).center()
    qtbot.mouseClick(table.viewport(), LEFT, pos=place)
    qtbot.mouseDClick(table.viewport(), LEFT, pos=place)
    edit = cell_editor(table)
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, Qt.Key.Key_Return)


def test_weights_are_typed_and_undone(bench: Bench, qtbot: QtBot) -> None:
    weights = bench.room.plan.class_weights
    assert weights.isHidden()
    combo = bench.room.plan.form.row("class_weights").findChild(QComboBox)
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_End)
    assert bench.session.project.plan.class_weights == "custom"
    until(lambda: weights.table.rowCount() == 10)
    assert not weights.isHidden() and weights.table.item(3, 0).text() == "3"
    typed(qtbot, bench, 3, "2.5")
    until(lambda: dict(bench.session.project.plan.class_weight) == {"3": 2.5})
    typed(qtbot, bench, 4, "much")
    until(lambda: any("much" in text for text in bench.said))
    assert weights.table.item(4, 1).text() == "1"
    bench.session.undo()
    assert not bench.session.project.plan.class_weight
    assert weights.table.item(3, 1).text() == "1"
    bench.session.undo()
    assert weights.isHidden()


def test_data_that_is_gone_is_told_there(bench: Bench) -> None:
    from dlstudio.document.edits import SetData

    bench.session.do(SetData("source.path", "nowhere"))
    bench.plan(class_weights="custom")
    weights = bench.room.plan.class_weights
    until(lambda: weights.note.text() not in ("", "Looking for the classes…"))
    assert weights.table.isHidden() and not weights.note.isHidden()
