"""What the selected layer has learned, in the inspector."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from learned_world import learned_project, write_run
from model_world import shown, world_in
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from rooms import settle, until
from tiny import layer, tiny_project

from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.graph import INPUT, Graph, node
from dlstudio.document.plan import DataRecipe
from dlstudio.document.project import MODEL
from dlstudio.document.values import FrozenMap, Spec
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


def test_words_of_texts_are_counted_before_any_run(
    qapp: QApplication, tmp_path: Path
) -> None:
    lines = [f"meet me now number{row},{'ab'[row % 2]}" for row in range(30)]
    (tmp_path / "t.csv").write_text("\n".join(["text,kind", *lines]), "utf-8")
    source = Spec("dlstudio.sources.table", FrozenMap({"path": "t.csv"}))
    graph = Graph.chain(
        [
            node("text", INPUT, shape=(1,), dtype="string"),
            layer("words", "TextVectorization", max_tokens=5, output_mode="count"),
        ]
    )
    features = {"text": Feature("dlstudio.features.text")}
    features["kind"] = Feature("dlstudio.features.category")
    project = replace(
        tiny_project(graph),
        data=DataRecipe(source, features=FrozenMap(features)),
        inputs=(InputBinding("text"),),
        outputs=(OutputBinding("kind"),),
    )
    with world_in(tmp_path / "settings") as world:
        world.session.replace(project, tmp_path, saved=True)
        with shown(lambda: Inspector(world.studio, MODEL)) as inspector:
            learned = inspector.parameters.learned
            inspector.show_nodes(["words"])
            until(lambda: learned.found is not None)
            known = {row[1]: row[2] for row in rows(inspector)}
            assert {"meet", "me", "now"} < known.keys() and len(known) == 5
            count = learned.found.samples if learned.found else 0
            assert known["meet"] == str(count)
            origin, unknown = learned.note.text().splitlines()
            assert f"{count} rows" in origin and "5 values" in origin
            assert "training 2" in unknown and "test 25.0 %" in unknown
