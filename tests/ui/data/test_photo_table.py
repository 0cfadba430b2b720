"""A table of photos in the Data room: small images beside the names of files."""

from __future__ import annotations

from pathlib import Path

from data_world import World
from drag_and_drop import drop
from photo_tables import photo_table
from rooms import until

from dlstudio.document.project import IMAGE_TYPE


def test_cells_that_name_images_show_them(world: World, tmp_path: Path) -> None:
    path = photo_table(tmp_path / "tables", 12, lost=(2,))
    drop(world.room, path)
    tables = world.room.controller.tables
    until(lambda: tables.snapshot is not None and tables.is_examined)
    assert tables.snapshot is not None
    photo = tables.snapshot.content.columns[0]
    assert photo.kind == IMAGE_TYPE and photo.unreadable == 1
    page = world.room.table_page
    text = page.table.view.table.column_text(0)
    assert "11 files · 16×16" in text and "1 not readable" in text
    images = page.table.view.delegate.thumbnails
    assert images is not None
    until(lambda: images.image("photo", "photos/0.png", 28) is not None)
    found = images.image("photo", "photos/0.png", 28)
    assert found is not None and found.width() == 16
    thumbnails = world.room.controller.thumbnails
    # One whose file is lost fails, and is not asked for again.
    assert images.image("photo", "photos/2.png", 28) is None
    until(lambda: thumbnails.idle)
    assert images.image("photo", "photos/2.png", 28) is None and thumbnails.idle
