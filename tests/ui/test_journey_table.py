"""A table in the real window: from its file to a training curve."""

from __future__ import annotations

from pathlib import Path

import pytest
from drag_and_drop import drop
from rooms import settle, until

from dlstudio.catalog.store import Catalog
from dlstudio.ui.shell.rooms import ROOMS


@pytest.mark.slow
def test_a_dropped_table_is_shown_in_every_room_and_trained(
    make_window, tmp_path: Path
) -> None:
    lines = ["area,rooms,district,price"]
    for row in range(80):
        area, rooms = 40 + row * 7 % 31, 1 + row % 4
        district = ("North", "Harbour")[row // 3 % 2]
        lines.append(f"{area},{rooms},{district},{1000 * area + 531 * rooms + row}")
    table = tmp_path / "flats.csv"
    table.write_text("\n".join(lines) + "\n", "utf-8")
    window = make_window(ROOMS, with_catalog=Catalog.load())
    core, shell = window.core, window.shell
    shell.engine_status.begin()
    shell.go("data")
    room = shell.room()
    drop(room, table)
    until(lambda: room.controller.tables.snapshot is not None)
    until(lambda: not room.bar.model.isHidden())
    room.bar.model.click()
    until(lambda: bool(core.session.project.model.nodes))
    until(lambda: core.engine.state == "ready")
    status = shell.content.status
    until(lambda: "parameters" in status.model_size.full_text())
    until(lambda: status.problems.text() == "●  No problems")
    for theme in ("dark", "light"):
        shell.set(theme=theme)
        for each in ROOMS:
            shell.go(each.key)
            settle()
    shell.go("data")
    assert shell.room().table_page.table.view.table.rowCount() == 80
    core.session.save(tmp_path / "project")
    shell.content.header.train_button.click()
    pill = shell.content.header.job
    until(lambda: "finished" in pill.text())
    for each in ROOMS:
        shell.go(each.key)
        settle()
