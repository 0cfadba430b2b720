"""The Data room with tokens and tags: entities are seen, and corrected by selecting."""

from __future__ import annotations

from pathlib import Path

from data_world import World
from drag_and_drop import drop
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox
from rooms import until

from dlstudio.ui.data.table.table_workspace import TableWorkspace

LEFT = Qt.MouseButton.LeftButton


def settle(world: World) -> TableWorkspace:
    """Wait until the table is open, split and examined."""
    controller = world.room.controller

    def settled() -> bool:
        tables = controller.tables
        is_open = tables.snapshot is not None and tables.is_examined
        return controller.state == "ready" and is_open and not controller.busy

    until(settled)
    return world.room.table_page


def test_entities_are_corrected_by_selecting_and_undone(
    world: World, tmp_path: Path
) -> None:
    path = tmp_path / "people.conll"
    names = ("Ann", "Bob", "Cem", "Dora", "Eve")
    places = ("New O\nYork B-LOC\n", "Rome B-LOC\n. O\n", "Rome B-LOC\n")
    lines = [
        f"{names[n % 5]} B-PER\nis O\nin O\n{places[n % 3 if n != 2 else 0]}"
        for n in range(20)
    ]
    path.write_text("\n".join(lines), "utf-8")
    drop(world.room, path)
    view = settle(world).table.view
    assert [each.kind.rpartition(".")[2] for each in view.table.columns] == [
        "tokens",
        "tags",
    ]
    assert world.session.project.output.head.kind.endswith("token_classification")
    view.viewport().grab()  # spans are painted

    view.setCurrentIndex(view.table.index(2, 1))
    view.table_actions.edit()
    editor = view.span_editor
    assert editor is not None
    until(editor.isVisible)
    text = editor.text
    assert text.accessibleDescription() == "Cem (PER), York (LOC)"
    QTest.mousePress(text, LEFT, pos=text.place_of(3).toPoint())
    QTest.mouseMove(text, text.place_of(4).toPoint())
    QTest.mouseRelease(text, LEFT, pos=text.place_of(4).toPoint())
    assert text.selected == range(3, 5)
    QTest.mouseClick(editor.choices[editor.types.index("LOC")], LEFT)
    assert text.accessibleDescription() == "Cem (PER), New York (LOC)"
    text.setFocus()
    QTest.keyClick(text, Qt.Key.Key_Left)
    assert text.selected == range(3, 4)
    buttons = editor.findChild(QDialogButtonBox)
    assert buttons is not None
    QTest.mouseClick(buttons.button(QDialogButtonBox.StandardButton.Ok), LEFT)
    settle(world)
    changed = {"3": "B-PER O O B-LOC I-LOC"}
    assert dict(world.session.project.data.changed_values("tags")) == changed
    assert view.table.cell(2, 1).corrected
    world.session.undo()
    settle(world)
    assert dict(world.session.project.data.changed_values("tags")) == {}
