"""Word vectors of an Embedding layer, in the inspector."""

from __future__ import annotations

from pathlib import Path

from model_world import shown, world_in
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from rooms import until
from tiny import layer, tiny_project

from dlstudio.document.graph import Graph
from dlstudio.document.project import MODEL
from dlstudio.ui.model.inspector.inspector import Inspector


def test_a_file_is_chosen_removed_and_both_can_be_undone(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "animals.vec"
    file.write_text("2 3\ncat 1 2 3\ndog 4 5 6\n", "utf-8")
    embed = layer("embed", "Embedding", input_dim=9, output_dim=8)
    other = layer("other", "Dense", units=2)
    project = tiny_project().with_graph(MODEL, Graph.chain([embed, other]))
    with world_in(tmp_path / "settings") as world:
        session = world.session
        session.replace(project, tmp_path, saved=True)
        with shown(lambda: Inspector(world.studio, MODEL)) as inspector:
            view = inspector.parameters.vectors
            inspector.show_nodes(["other"])
            assert not view.isVisible()
            inspector.show_nodes(["embed"])
            assert view.isVisible() and not view.remove.isVisible()
            view.choose_file(file)
            until(lambda: bool(session.project.word_vectors))
            assert session.project.word_vectors["embed"].path == "animals.vec"
            assert session.project.model.nodes["embed"].params["output_dim"] == 3
            assert view.name.full_text() == "animals.vec"
            until(lambda: view.note.text().startswith("Vector size: 3."))
            qtbot.mouseClick(view.remove, Qt.MouseButton.LeftButton)
            assert not session.project.word_vectors
            assert not view.remove.isVisible()
            session.undo()
            assert view.remove.isVisible()
            session.undo()
            assert session.project == project and not view.remove.isVisible()

            file.write_text("no vectors\n", "utf-8")
            view.choose_file(file)
            until(lambda: view._choice is None)
            assert view.note.text() == "The layer begins with random weights."
            assert session.project == project
