"""What the selected layer has learned, in the inspector."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from learned_world import learned_project, write_run
from model_world import shown, world_in
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from rooms import settle, until

from dlstudio.document.project import MODEL
from dlstudio.ui.model.inspector.inspector import Inspector


@pytest.fixture
def inspector(qapp: QApplication, tmp_path: Path) -> Iterator[Inspector]:
    """Of a project with a run."""
    write_run(tmp_path)
    with world_in(tmp_path / "settings") as world:
        world.session.replace(learned_project(), tmp_path, saved=True)
        with shown(lambda: Inspector(world.studio, MODEL)) as made:
            yield made


def rows(inspector: Inspector) -> list[list[str]]:
    table = inspector.parameters.learned.table
    return [
        [table.index(row, column).data() for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def test_mean_and_deviation_of_each_column_are_shown(inspector: Inspector) -> None:
    learned = inspector.parameters.learned
    inspector.show_nodes(["scale"])
    until(lambda: learned.found is not None)
    assert learned.isVisible() and not learned.search.isVisible()
    assert rows(inspector) == [["rooms", "3", "2"], ["area", "20", "5"]]
    text = "From 20,000 rows of the training split, in run 1."
    assert learned.note.text() == text
    late = learned._layer, learned.found
    inspector.show_nodes(["join"])
    settle()
    assert not learned.isVisible()
    learned._take(*late)  # read for the layer that was selected before
    assert not learned.isVisible()


def test_words_can_be_searched_and_intervals_are_named(
    inspector: Inspector, qtbot: QtBot
) -> None:
    learned = inspector.parameters.learned
    inspector.show_nodes(["words"])
    until(lambda: learned.found is not None)
    assert [row[0] for row in rows(inspector)] == ["0", "1", "2"]
    assert learned.note.text().endswith("in run 1. 3 values.")
    learned.search.show()
    qtbot.keyClicks(learned.search, "rOM")
    assert rows(inspector) == [["1", "Rome"]]
    inspector.show_nodes(["bins"])
    until(lambda: bool(learned.found and learned.found.boundaries))
    assert [row[1] for row in rows(inspector)] == [
        "below 1.5",
        "1.5 to below 2.5",
        "2.5 and above",
    ]
