"""The Data room with real drops, clicks and keys."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from data_world import World
from drag_and_drop import drop, enter, mime_of
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from rooms import settle, until
from small_images import class_folders, write

from dlstudio.catalog.store import Catalog
from dlstudio.data.images.samples import images_of
from dlstudio.document.plan import LABEL
from dlstudio.document.project import Project
from dlstudio.document.storage import save_project
from dlstudio.document.values import FrozenMap
from dlstudio.i18n import translator
from dlstudio.ui.data.room import DataRoom
from dlstudio.ui.widgets.drop_hint import DropHint
from dlstudio.ui.widgets.label_chooser import LabelChooser
from dlstudio.workers.dataset import EXCLUDED

Left = Qt.MouseButton.LeftButton
Control = Qt.KeyboardModifier.ControlModifier
Shift = Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


def cell(room: DataRoom, position: int) -> QPoint:
    return room.gallery.grid.cell_box(position).center()


def click(room: DataRoom, position: int, modifiers=Qt.KeyboardModifier.NoModifier):
    viewport = room.gallery.grid.viewport()
    QTest.mouseClick(viewport, Left, modifiers, cell(room, position))


def press(room: DataRoom, key: Qt.Key, modifiers=Qt.KeyboardModifier.NoModifier):
    room.activateWindow()  # for platforms without a window manager, after a popup
    QTest.qWaitForWindowActive(room)
    room.gallery.grid.setFocus()
    QTest.keyClick(room.gallery.grid, key, modifiers)


def recipe(world: World):
    return world.session.project.data


def test_empty_room_explains_and_offers_a_sample(world: World) -> None:
    room = world.room
    assert room.pages.currentWidget() is room.drop_target
    assert room.bar.isHidden()
    QTest.mouseClick(room.drop_target.samples["dlstudio.sources.digits"], Left)
    world.settle()
    assert len(room.gallery.grid.selection.rows) == 1797
    assert "1,797" in room.bar.facts.full_text()
    assert world.session.history.undo_name


def test_a_room_that_is_shown_gets_ready_for_a_drop(world: World, monkeypatch) -> None:
    loaded: list[Catalog] = []
    readers = "dlstudio.ui.services.dataset.source_opener.load_readers"
    monkeypatch.setattr(readers, lambda _context, catalog: loaded.append(catalog))
    world.new_room()
    until(lambda: bool(loaded))
    assert loaded == [world.session.catalog]


def test_a_dropped_folder_is_shown_as_recognized(world: World, pets: Path) -> None:
    drop(world.room, pets)
    world.settle()
    room = world.room
    assert room.bar.title.full_text() == "pets"
    facts = room.bar.facts.full_text()
    assert "20 images" in facts and "2 classes" in facts and "40 × 28" in facts
    assert room.charts.classes.names() == ("cat", "dog")
    source = recipe(world).source
    assert source.params["path"] == pets.as_posix()
    world.session.undo()
    assert room.pages.currentWidget() is room.drop_target


def test_a_table_of_many_labels_brings_its_task(world: World, pets: Path) -> None:
    table = write(
        pets.parent / "t.csv", b"file,labels\npets/cat/0.png,a|b\npets/dog/1.png,b\n"
    )
    room = world.open(table)
    assert world.session.project.head == "dlstudio.heads.multi_label"
    assert room.gallery.cell_content(0).label == "a, b"
    click(room, 1)
    press(room, Key.Key_L)
    (chooser,) = room.findChildren(LabelChooser)
    item = chooser.list.item(0)
    place = chooser.list.visualItemRect(item).center()
    QTest.mouseClick(chooser.list.viewport(), Left, pos=place)
    chooser._choose_checked()
    assert recipe(world).changed_values(LABEL) == FrozenMap({"pets/dog/1.png": "a|b"})
    world.session.undo()
    world.session.undo()
    assert world.session.project.head == "dlstudio.heads.classification"


def test_a_failure_is_reported_once_however_often_the_room_was_made(
    world: World, pets: Path
) -> None:
    old = world.open(pets)
    room = world.new_room()
    old.deleteLater()
    settle()
    room.take_files([pets.parent / "nowhere"])
    until(lambda: bool(world.reported) and not room.controller.busy)
    assert len(world.reported) == 1


def test_dragging_shows_what_a_drop_does(world: World, pets: Path) -> None:
    enter(world.room, mime_of(pets))
    (hint,) = world.room.findChildren(DropHint)
    assert "pets" in hint.text
    save_project(Project(name="Birds"), pets.parent / "birds")
    assert not enter(world.room, mime_of(pets.parent / "birds")).isAccepted()


def test_unusable_files_change_nothing(world: World, pets: Path) -> None:
    room = world.open(pets)
    before = recipe(world)
    drop(room, write(pets.parent / "notes.md", b"hello"))
    until(lambda: bool(world.reported))
    assert recipe(world) == before and "notes.md" in world.reported[0]
    assert room.pages.currentWidget() is not room.error_state
    assert len(room.gallery.grid.selection.rows) == 20


def test_a_missing_folder_is_reported_with_a_fix(world: World, pets: Path) -> None:
    room = world.open(pets)
    away = pets.rename(pets.with_name("away"))
    room.controller.open()
    until(lambda: room.controller.state == "failed")
    assert room.pages.currentWidget() is room.error_state
    assert "no longer at" in room.error_state.text
    away.rename(pets)
    room.error_state.reload_requested.emit()
    world.settle()
    assert len(room.gallery.grid.selection.rows) == 20


def test_an_archive_is_unpacked_into_the_project(world: World, pets: Path) -> None:
    packed = Path(shutil.make_archive(str(pets.parent / "zipped"), "zip", pets))
    world.session.save(world.folder / "project")
    drop(world.room, packed)
    world.settle()
    assert recipe(world).source.params["path"] == "data/zipped"
    assert (world.folder / "project/data/zipped/cat/0.png").is_file()
    assert world.room.jobs.unpacking.isHidden()


def test_clicks_select_as_in_item_views(world: World, pets: Path) -> None:
    room = world.open(pets)
    selection = room.gallery.grid.selection
    click(room, 2)
    assert selection.selected().tolist() == [2]
    click(room, 5, Shift)
    assert selection.selected().tolist() == [2, 3, 4, 5]
    click(room, 3, Control)
    assert selection.selected().tolist() == [2, 4, 5]
    click(room, 9)
    assert selection.selected().tolist() == [9]
    assert "1 selected" in room.gallery.bar.count.full_text()
    room.commands()["edit.select_all"].run()
    assert selection.count() == 20
    press(room, Key.Key_Escape)
    assert selection.count() == 0


def test_keys_walk_and_select(world: World, pets: Path) -> None:
    room = world.open(pets)
    grid = room.gallery.grid
    columns = grid.layout_now().columns
    press(room, Key.Key_Right)
    press(room, Key.Key_Right)
    press(room, Key.Key_Down)
    assert grid.selection.selected().tolist() == [1 + columns]
    press(room, Key.Key_Left, Shift)
    assert grid.selection.selected().tolist() == [columns, 1 + columns]
    press(room, Key.Key_End, Control)
    assert grid.selection.current == 19 and grid.selection.count() == 2
    press(room, Key.Key_Space)
    assert grid.selection.count() == 3
    assert grid.viewport().rect().contains(cell(room, 19))
    assert "19" not in grid.accessibleDescription()
    assert "9.png" in grid.accessibleDescription()


def test_a_rubber_band_selects_what_it_touches(world: World, pets: Path) -> None:
    room = world.open(pets)
    grid = room.gallery.grid
    viewport, columns = grid.viewport(), grid.layout_now().columns
    QTest.mousePress(viewport, Left, pos=QPoint(2, 2))
    QTest.mouseMove(viewport, cell(room, 0))
    QTest.mouseMove(viewport, cell(room, columns + 1))
    QTest.mouseRelease(viewport, Left, pos=cell(room, columns + 1))
    expected = [0, 1, columns, columns + 1]
    assert grid.selection.selected().tolist() == expected


def test_filters_by_class_split_finding_and_name(world: World, pets: Path) -> None:
    room = world.open(pets)
    bar, rows = room.gallery.bar, lambda: len(room.gallery.grid.selection.rows)
    bars = room.charts.classes
    QTest.mouseClick(bars.viewport(), Left, pos=bars.visualRect(_at(bars, 1)).center())
    assert rows() == 10 and bar.filter.classes == {"dog"}
    QTest.mouseClick(bars.viewport(), Left, pos=bars.visualRect(_at(bars, 1)).center())
    assert rows() == 20
    QTest.keyClicks(bar.search, "T/1")
    assert rows() == 1
    bar.clear.click()
    assert rows() == 20 and bar.search.text() == ""
    bar.finding.setCurrentIndex(bar.finding.findData("duplicate"))
    assert rows() == 2
    bar.show_all()
    bar.split.setCurrentIndex(bar.split.findData(2))
    assert (
        rows() == int((room.controller.view.dataset_split.assignments == 2).sum()) > 0
    )
    bar.show_all()
    room.charts.sizes.choose(None)
    room.gallery.show_filter(replace(room.gallery.filter, text="no such image"))
    assert rows() == 0 and room.gallery.empty_label.isVisible()


def _at(view, row: int):
    return view.model().index(row)


def test_sizes_are_bars_that_filter(world: World, tmp_path: Path) -> None:
    from small_images import encoded, photo

    root = class_folders(tmp_path / "sized", count=4)
    for number, side in enumerate((64, 300)):
        write(root / f"cat/large{number}.png", encoded(photo(number, side, 20)))
    room = world.open(root)
    sizes = room.charts.sizes
    assert sum(sizes.bins.counts) == 10
    last = len(sizes.bins.counts) - 1
    QTest.mouseClick(sizes, Left, pos=sizes.bar_rect(last).center())
    assert len(room.gallery.grid.selection.rows) == 1
    sizes.setFocus()
    QTest.keyClick(sizes, Key.Key_Space)
    assert len(room.gallery.grid.selection.rows) == 10
    assert "300" in sizes.bar_text(last)


def test_excluding_by_key_is_one_step_and_changes_no_file(
    world: World, pets: Path
) -> None:
    room = world.open(pets)
    files = sorted(pets.rglob("*"))
    click(room, 0)
    click(room, 1, Control)
    press(room, Key.Key_Delete)
    assert recipe(world).leave_out == ("cat/0.png", "cat/1.png")
    assert "2 images" in world.session.history.undo_name
    world.settle()
    assert (
        room.controller.view.split(0) == EXCLUDED
        and room.gallery.cell_content(0).excluded
    )
    assert sorted(pets.rglob("*")) == files
    press(room, Key.Key_Delete)
    assert recipe(world).leave_out == ()
    world.session.undo()
    assert len(recipe(world).leave_out) == 2


def test_a_label_is_chosen_by_typing(world: World, pets: Path) -> None:
    room = world.open(pets)
    click(room, 0)
    press(room, Key.Key_L)
    (chooser,) = room.findChildren(LabelChooser)
    QTest.keyClicks(chooser.field, "do")
    QTest.keyClick(chooser.field, Key.Key_Return)
    assert recipe(world).changed_values(LABEL) == FrozenMap({"cat/0.png": "dog"})
    assert room.gallery.cell_content(0).label == "dog"
    press(room, Key.Key_L)
    chooser = room.findChildren(LabelChooser)[-1]
    QTest.keyClicks(chooser.field, "wolf")
    QTest.keyClick(chooser.field, Key.Key_Return)
    assert recipe(world).changed_values(LABEL)["cat/0.png"] == "wolf"
    assert room.charts.classes.names() == ("cat", "dog", "wolf")
    world.settle()
    press(room, Key.Key_L)
    chooser = room.findChildren(LabelChooser)[-1]
    item = chooser.list.item(0)
    place = chooser.list.visualItemRect(item).center()
    QTest.mouseClick(chooser.list.viewport(), Left, pos=place)
    assert recipe(world).changed_values(LABEL) == FrozenMap()


def test_a_shortcut_works_after_the_menu_was_open_for_another_image(
    world: World, pets: Path
) -> None:
    room = world.open(pets)
    menu = room.gallery.sample_actions.menu
    click(room, 0)
    menu.popup(room.mapToGlobal(room.rect().center()))
    disabled = [each.text() for each in menu.actions() if not each.isEnabled()]
    assert disabled == ["Mark findings as reviewed"]
    menu.close()
    click(room, 8)
    press(room, Key.Key_C)
    assert recipe(world).checked == ("duplicate cat/8.png",)


def test_moving_by_key(world: World, pets: Path) -> None:
    room = world.open(pets)
    click(room, 4)
    press(room, Key.Key_3)
    assert recipe(world).moved == FrozenMap({"cat/4.png": "test"})
    world.settle()
    assert (
        room.controller.view.split(4) == 2
        and room.gallery.cell_content(4).split == "test"
    )
    press(room, Key.Key_0)
    assert recipe(world).moved == FrozenMap()


def test_findings_are_listed_and_can_be_resolved(world: World, pets: Path) -> None:
    room = world.open(pets)
    panel = room.panels.findings
    assert list(panel.groups) == ["duplicate"]
    assert room.panels.tabs.tabText(0) == "Findings 2"
    group = panel.groups["duplicate"]
    group.show_.click()
    assert room.gallery.chosen() == []
    assert len(room.gallery.grid.selection.rows) == 2
    group.more.click()
    row = _at(group.list, 0)
    assert (row.data(), group.list.model().rowCount()) == ("cat/0.png and 2 others", 1)
    assert row.data(Qt.ItemDataRole.ToolTipRole) == "cat/8.png\ncat/9.png"
    place = group.list.visualRect(row).center()
    QTest.mouseClick(group.list.viewport(), Left, pos=place)
    assert room.gallery.chosen() == ["cat/8.png"]
    press(room, Key.Key_C)
    assert recipe(world).checked == ("duplicate cat/8.png",)
    assert room.panels.tabs.tabText(0) == "Findings 1"
    assert row.data() == "cat/9.png"
    group.out.click()
    assert recipe(world).leave_out == ("cat/9.png",)
    world.settle()
    assert list(panel.groups) == ["few-samples"]  # nine cats remain
    for _step in range(2):
        world.session.undo()
    world.settle()
    assert room.panels.tabs.tabText(0) == "Findings 2"


def test_one_image_is_seen_in_full(world: World, pets: Path) -> None:
    room = world.open(pets)
    viewport = room.gallery.grid.viewport()
    QTest.mouseDClick(viewport, Left, pos=cell(room, 8))
    viewer = room.viewer
    assert viewer.isVisible()
    world.settle()
    texts = [viewer.grid.itemAt(n).widget().text() for n in range(viewer.grid.count())]
    assert "40 × 28" in texts and "cat" in texts
    assert "Same image" in viewer.notes.text()
    QTest.keyClick(viewer, Key.Key_Right)
    assert room.gallery.chosen() == ["cat/9.png"]
    QTest.keyClick(viewer, Key.Key_Delete)
    assert recipe(world).leave_out == ("cat/9.png",)
    QTest.keyClick(viewer, Key.Key_Escape)
    assert viewer.isHidden()
    press(room, Key.Key_Return)
    assert viewer.isVisible()
    viewer.close_view()
    world.settle()


def test_the_split_follows_the_sliders(world: World, pets: Path) -> None:
    room = world.open(pets)
    split = room.panels.split
    room.panels.tabs.setCurrentIndex(1)
    split.test.setFocus()
    split._debounce.setInterval(10**8)  # however slowly the keys are pressed
    for _step in range(5):
        QTest.keyClick(split.test, Key.Key_Right)
    assert recipe(world).split.test == 0.15
    split._debounce.setInterval(0)
    until(lambda: recipe(world).split.test == 0.2)
    assert len(world.session.history.past) == 2
    world.settle()
    assert split.table.item(0, 3).text() == "4"
    split.validation.setValue(60)
    split.test.setValue(60)
    assert split.validation.value() + split.test.value() <= 90
    split.stratify.click()
    assert not recipe(world).split.stratify
    group_split = split.group_split
    group_split.group_by.setCurrentIndex(group_split.group_by.findData("name"))
    assert recipe(world).split.group_pattern == "^[^_]+"
    group_split.pattern.setText("(")
    QTest.keyClick(group_split.pattern, Key.Key_Return)
    world.settle()
    assert "pattern" in split.problem.text() and split.problem.isVisible()


def test_the_source_is_changed_by_its_form(world: World, pets: Path) -> None:
    room = world.open(pets)
    panel = room.panels.source
    assert panel.kind.currentData() == "dlstudio.sources.folder"
    panel.form.edited.emit("classes", ("dog",))
    world.settle()
    assert room.charts.classes.names() == ("dog",)
    index = panel.task.findData("dlstudio.heads.multi_label")
    panel.task.setCurrentIndex(index)
    panel.task.activated.emit(index)
    assert world.session.project.head == "dlstudio.heads.multi_label"
    assert panel.advice.isVisibleTo(panel)
    index = panel.kind.findData("dlstudio.sources.digits")
    panel.kind.setCurrentIndex(index)
    panel.kind.activated.emit(index)
    world.settle()
    assert len(room.gallery.grid.selection.rows) == 1797


def test_changes_on_disk_are_reported(world: World, pets: Path) -> None:
    import json

    world.session.save(world.folder)
    room = world.open(pets)
    tokens = images_of(room.controller.dataset.samples).tokens()
    write(world.folder / ".cache/pictures/a/listing.json", json.dumps(tokens).encode())
    (pets / "cat/3.png").unlink()
    room.controller.open()
    world.settle()
    notice = room.changes.notice
    assert notice is not None and "1 removed" in notice.text
    notice.closed.emit()
    assert room.changes.notice is None and room.changes.isHidden()


def test_a_recreated_room_shows_the_same_state(world: World, pets: Path) -> None:
    first = world.open(pets)
    examined = first.controller.examined
    translator.use("zh_CN")
    first.hide()
    first.deleteLater()
    room = world.new_room()
    world.settle()
    assert room.controller is not first and room.controller.examined is examined
    assert len(room.gallery.grid.selection.rows) == 20
    assert room.panels.findings.groups


def test_scanning_can_be_stopped(
    world: World, pets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dlstudio.data.images.scan as scan

    gate, look = threading.Event(), scan.probe_image

    def slow_probe(samples, index):
        assert gate.wait(30)
        return look(samples, index)

    monkeypatch.setattr(scan, "probe_image", slow_probe)

    def stop(_now: object) -> None:
        room.jobs.examining.cancel.click()
        gate.set()

    room = world.room
    seen: list[object] = []
    room.controller.examining.connect(seen.append)
    room.controller.examining.connect(stop)
    room.take_files([pets])
    until(lambda: len(seen) > 1 and not room.controller.busy)
    assert seen[-1] is None and room.jobs.examining.isHidden()
    assert room.controller.examined is None
    assert "Check all images" in room.panels.findings._note.text()
    room.controller.examining.disconnect()
    room.panels.findings.examine_requested.emit()
    world.settle()
    assert room.panels.findings.groups


@pytest.mark.parametrize("kept", [True, False])
def test_a_project_saved_elsewhere_keeps_its_data(
    world: World, pets: Path, kept: bool
) -> None:
    room = world.open(pets)
    dataset = room.controller.dataset
    world.session.save(world.folder / "p")
    world.settle()
    assert room.controller.dataset is dataset
    if not kept:
        world.session.replace(Project(), None, saved=True)
        assert room.controller.dataset is None and room.controller.state == "empty"
