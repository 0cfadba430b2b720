"""Large projects are opened in the background."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from dlstudio.document.graph import INPUT, Graph, node
from dlstudio.document.project import Project
from dlstudio.document.storage import project_file, save_project
from dlstudio.document.values import FrozenMap
from dlstudio.ui.shell.project_opener import LARGE


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A project of some hundred layers that all lie at one place."""
    dense = (node(f"d{i}", "keras.layers.Dense", units=4) for i in range(200))
    graph = Graph.chain([node("image", INPUT, shape=[4]), *dense])
    graph = graph.with_positions(dict.fromkeys(graph.nodes, (0.0, 0.0)))
    folder = tmp_path / "large"
    save_project(Project("Large", graphs=FrozenMap({"model": graph})), folder)
    assert project_file(folder).stat().st_size > LARGE
    return folder


def test_a_large_project_is_read_and_arranged_in_the_background(
    make_window, large: Path, qtbot: QtBot
) -> None:
    window = make_window()
    controller, session = window.shell.controller, window.core.session
    with qtbot.waitSignal(controller.opened) as opened:
        controller.open(project_file(large), room="data")
        assert session.folder is None
        assert window.core.activity.text == "Opening “large”…"
    assert opened.args == ["data"]
    assert session.folder == large and not session.unsaved
    assert not session.history.past and window.core.activity.text == ""
    places = {n.position for n in session.project.model.nodes.values()}
    assert len(places) == 201


def test_another_project_that_is_opened_meanwhile_stays(
    make_window, large: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    save_project(Project("Small"), tmp_path / "small")
    window = make_window()
    controller = window.shell.controller
    controller.open(large)
    controller.open(tmp_path / "small")
    with qtbot.waitSignal(controller.opened):
        controller.open(large)
    assert window.core.session.project.name == "Large"
    controller.open(large)
    controller.empty()
    thread = window.core.services.layout_thread
    qtbot.waitUntil(lambda: not thread.busy)
    assert window.core.session.folder is None


def test_a_large_file_that_is_no_project_is_reported(
    make_window, tmp_path: Path, qtbot: QtBot
) -> None:
    window = make_window()
    project_file(tmp_path).write_text("[" * LARGE, encoding="utf-8")
    with qtbot.waitSignal(window.core.notices.reported) as reported:
        window.shell.controller.open(tmp_path)
    assert "project.json" in reported.args[0]
    assert window.core.session.folder is None
