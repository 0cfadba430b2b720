"""A table whose columns are not recognized is opened by setting them in the room."""

from __future__ import annotations

from pathlib import Path

from data_world import World
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from rooms import until
from small_images import encoded, photo, write

from dlstudio.document.edits.project import SetData
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.ui.services.dataset.dataset_controller import FAILED

Left = Qt.MouseButton.LeftButton


def make_table(folder: Path, rows: list[str], encoding: str = "utf-8") -> Path:
    """A table of twelve images."""
    for number in range(12):
        write(folder / f"{number}.png", encoded(photo(number)))
    lines = [rows[0], *(rows[1 + n % (len(rows) - 1)].format(n) for n in range(12))]
    return write(folder / "table.csv", "\n".join(lines).encode(encoding))


def test_label_columns_are_set_next_to_the_error(world: World, tmp_path: Path) -> None:
    rows = ["where,size,what", "{}.png,big,cat", "{}.png,small,dog"]
    table = make_table(tmp_path / "pets", rows)
    room = world.room
    source = Spec("dlstudio.sources.csv", FrozenMap({"path": table.as_posix()}))
    world.session.do(SetData("source", source), "Open the list of images")
    until(lambda: room.controller.state == FAILED)
    assert "Set “Label columns” to one of: size, what" in room.error_state.text
    form = room.broken_source.form
    assert form is not None and room.broken_source.isVisible()
    row = form.row("label_columns")
    assert row is not None
    (line,) = row.findChildren(QLineEdit)
    QTest.mouseClick(line, Left)
    QTest.keyClicks(line, "what")
    QTest.keyClick(line, Qt.Key.Key_Return)
    world.settle()
    assert room.controller.dataset is not None
    assert room.controller.dataset.classes == ("cat", "dog")
    assert room.pages.currentWidget() is not room.error_state


def test_a_guessed_encoding_is_chosen_in_the_findings(
    world: World, tmp_path: Path
) -> None:
    rows = ["file;label", "{}.png;고양이", "{}.png;개"]
    room = world.open(make_table(tmp_path / "pets", rows, "euc-kr"))
    group = room.panels.findings.groups["table-encoding"]
    labels = [each.accessibleName() for each in group.fixes.buttons]
    number = next(n for n, text in enumerate(labels) if "고양이" in text)
    QTest.mouseClick(group.fixes.buttons[number], Left)
    world.settle()
    assert room.controller.dataset is not None
    assert room.controller.dataset.classes == ("개", "고양이")
    assert "table-encoding" not in room.panels.findings.groups
