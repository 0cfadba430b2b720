"""The Data room with a table: dropped, corrected, and used for a model."""

from __future__ import annotations

from pathlib import Path

import pytest
from data_world import World
from drag_and_drop import drop
from rooms import until

from dlstudio.document.project import Project
from dlstudio.i18n import translator
from dlstudio.ui.data.table.table_workspace import TableWorkspace
from dlstudio.workers.dataset import EXCLUDED
from dlstudio.workers.table import TableColumn

NUMBER, CATEGORY = "dlstudio.features.number", "dlstudio.features.category"


@pytest.fixture
def flats(tmp_path: Path) -> Path:
    """Sixty flats in two districts; two have no area."""
    lines = ["code,area,rooms,district,price"]
    for row in range(60):
        area = {3: "", 7: ""}.get(row, f"{40 + row * 7 % 31}.5")
        rooms, district = 1 + row % 4, ("North", "Harbour")[row // 3 % 2]
        price = 1000 * (40 + row * 7 % 31) + 531 * rooms + row % 7 * 97
        lines.append(f"H-{row:03},{area},{rooms},{district},{price}")
    table = tmp_path / "tables" / "flats.csv"
    table.parent.mkdir()
    table.write_text("\n".join(lines) + "\n", "utf-8")
    return table


def settle(world: World) -> TableWorkspace:
    """Wait until the table is open, split and examined."""
    controller = world.room.controller

    def settled() -> bool:
        tables = controller.tables
        is_open = tables.snapshot is not None and tables.is_examined
        return controller.state == "ready" and is_open and not controller.busy

    until(settled)
    return world.room.table_page


def column(world: World, name: str) -> TableColumn:
    snapshot = world.room.controller.tables.snapshot
    assert snapshot is not None
    return next(each for each in snapshot.content.columns if each.name == name)


def project(world: World) -> Project:
    return world.session.project


def test_a_dropped_table_is_shown_with_its_columns_chosen(
    world: World, flats: Path
) -> None:
    drop(world.room, flats)
    page = settle(world)
    room = world.room
    assert room.pages.currentWidget() is page
    assert room.bar.title.full_text() == "flats.csv"
    facts = room.bar.facts.full_text()
    assert facts.startswith("60 rows · 5 columns · predicts price from area")
    assert page.table.view.table.rowCount() == 60
    assert project(world).data.features["area"].kind == NUMBER
    assert [each.feature for each in project(world).outputs] == ["price"]
    assert column(world, "code").reason == "identifier"
    assert room.controller.view is None and room.bar.prepare.isHidden()
    titles = [page.panels.tabs.tabText(n) for n in range(page.panels.tabs.count())]
    assert titles[1:] == ["Split", "Source"]
    sizes = [page.panels.split.table.item(0, n).text() for n in (1, 2, 3)]
    assert sum(map(int, sizes)) == 60
    world.session.undo()
    assert room.pages.currentWidget() is room.drop_target
    assert project(world) == Project()


def test_findings_follow_the_language(world: World, flats: Path) -> None:
    drop(world.room, flats)
    settle(world)
    translator.use("zh_CN")
    world.room.hide()
    world.room.deleteLater()
    world.new_room()
    cards = settle(world).panels.findings.cards
    (text,) = {each.found.message for each in cards if each.found.path == "area"}
    assert text.startswith("缺失 2 个值")


def test_images_after_a_table_are_images_again(
    world: World, flats: Path, pets: Path
) -> None:
    drop(world.room, flats)
    settle(world)
    drop(world.room, pets)
    world.settle()
    room = world.room
    assert room.pages.currentWidget() is not room.table_page
    assert "20 images" in room.bar.facts.full_text()
    assert [each.feature for each in project(world).inputs] == ["image"]
    world.session.undo()
    settle(world)
    assert room.pages.currentWidget() is room.table_page


def test_a_model_is_made_for_the_columns(world: World, flats: Path) -> None:
    drop(world.room, flats)
    settle(world)
    assert not world.room.bar.model.isHidden()
    world.room.bar.model.click()
    until(lambda: bool(project(world).model.nodes))
    settle(world)
    layers = {each.input for each in project(world).inputs}
    assert layers <= set(project(world).model.nodes)
    assert world.room.bar.model.isHidden()
    world.session.undo()
    assert not project(world).model.nodes and not world.room.bar.model.isHidden()


def test_types_cells_rows_and_findings_are_edited_and_undone(
    world: World, flats: Path
) -> None:
    """A journey: each edit is one step, and the file stays as it is."""
    before = flats.read_bytes()
    drop(world.room, flats)
    page = settle(world)
    view = page.table.view

    view.kind_changed.emit("rooms", CATEGORY)
    until(lambda: project(world).data.features["rooms"].kind == CATEGORY)
    settle(world)
    assert column(world, "rooms").kind == CATEGORY
    assert world.session.history.undo_name == "Type of “rooms”: Category"

    assert view.table.setData(view.table.index(3, 1), "55")
    settle(world)
    assert dict(project(world).data.changed_values("area")) == {"4": "55"}
    assert column(world, "area").missing == 1
    assert view.table.cell(3, 1).corrected
    world.session.undo()
    settle(world)
    assert column(world, "area").missing == 2
    assert not view.table.cell(3, 1).corrected

    view.labeled.emit(("1", "2"), "district", "North")
    settle(world)
    changed = project(world).data.changed_values("district")
    assert dict(changed) == {"1": "North", "2": "North"}
    assert world.session.history.undo_name == "Label 2 rows as North"
    world.session.undo()
    settle(world)

    view.selectRow(0)
    view.commands()["table.exclude"].run()
    settle(world)
    assert project(world).data.leave_out == ("1",)
    assert view.table.cell(0, 0).split == EXCLUDED
    assert "1 excluded" in world.room.bar.facts.full_text()
    page.panels.findings.foot.include.click()
    settle(world)
    assert project(world).data.leave_out == ()

    (card,) = [e for e in page.panels.findings.cards if e.found.path == "area"]
    card.show_rows.click()
    until(lambda: view.table.rowCount() == 2)
    page.table.show_all()
    next(each for each in card.fixes if each.text() == "Fill with median").click()
    settle(world)
    settings = project(world).data.features["area"].params
    assert settings["missing"] == "median"
    assert world.session.history.undo_name == "area: Fill with median"
    assert flats.read_bytes() == before


def test_what_is_predicted_is_another_column(world: World, flats: Path) -> None:
    drop(world.room, flats)
    view = settle(world).table.view
    view.role_changed.emit("district", "target")
    settle(world)
    (output,) = project(world).outputs
    assert output.feature == "district"
    assert output.head.kind == "dlstudio.heads.classification"
    inputs = [each.feature for each in project(world).inputs]
    assert "price" in inputs and "district" not in inputs
    view.kind_changed.emit("district", "")
    assert "A project needs at least one output." in world.reported[-1]
    assert project(world).outputs == (output,)
    view.kind_changed.emit("area", "")
    settle(world)
    assert "area" not in project(world).data.features
    assert all(each.feature != "area" for each in project(world).inputs)
    view.role_changed.emit("code", "target")
    until(lambda: project(world).outputs[0].feature == "code")
    world.session.undo()
    assert "code" not in project(world).data.features
    assert project(world).outputs == (output,)


def test_rows_are_searched_moved_and_marked_as_reviewed(
    world: World, flats: Path
) -> None:
    drop(world.room, flats)
    page = settle(world)
    view = page.table.view
    page.table.bar.search.setText("Harbour")
    until(lambda: view.table.rowCount() == 30)
    page.table.show_all()
    assert view.table.rowCount() == 60
    view.selectRow(5)
    view.commands()["table.move_2"].run()
    settle(world)
    assert dict(project(world).data.moved) == {"6": "test"}
    assert view.table.cell(5, 0).split == 2
    count = len(page.panels.findings.cards)
    page.panels.findings.cards[0].check.click()
    settle(world)
    assert len(page.panels.findings.cards) == count - 1
    assert len(project(world).data.checked) == 1


def test_another_header_gives_other_columns_as_one_step(
    world: World, tmp_path: Path
) -> None:
    table = tmp_path / "numbers.csv"
    lines = [f"{row / 7:.2f},{row % 9 / 4},{'AB'[row % 2]}" for row in range(40)]
    table.write_text("\n".join(lines) + "\n", "utf-8")
    drop(world.room, table)
    page = settle(world)
    assert "column 1" in project(world).data.features
    form = page.panels.source.form
    assert form is not None
    form.edited.emit("header", "yes")
    until(lambda: "0.00" in project(world).data.features)
    settle(world)
    assert page.table.view.table.rowCount() == 39
    bound = {each.feature for each in project(world).inputs}
    assert bound < set(project(world).data.features)
    world.session.undo()
    settle(world)
    assert "column 1" in project(world).data.features
    assert page.table.view.table.rowCount() == 40


def test_the_same_table_read_otherwise_keeps_what_was_said_of_it(
    world: World, flats: Path
) -> None:
    drop(world.room, flats)
    page = settle(world)
    page.table.view.value_changed.emit("4", "area", "55")
    form = page.panels.source.form
    assert form is not None
    form.edited.emit("header", "yes")
    until(lambda: "header" in project(world).data.source.params)
    settle(world)
    assert dict(project(world).data.changed_values("area")) == {"4": "55"}
    assert "area" in project(world).data.features
