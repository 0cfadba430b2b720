"""Which blocks of a backbone are trained, in the inspector."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from model_world import shown, world_in
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from rooms import until
from tiny import layer, tiny_project

from dlstudio.document.analysis import Analysis, NodeReport, TensorInfo
from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import INPUT, NESTED, Graph, node
from dlstudio.document.plan import HeadFirst
from dlstudio.document.project import MODEL
from dlstudio.document.values import FrozenMap
from dlstudio.ui.model.inspector.inspector import Inspector

LEFT = Qt.MouseButton.LeftButton


@pytest.mark.slow
def test_a_block_is_chosen_and_the_head_trained_first(
    qapp: QApplication,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    kind = "dlstudio.layers.Backbone"
    network = node("net", kind, architecture="MobileNet", alpha=0.25)
    image = node("image", INPUT, shape=(32, 32, 3))
    graph = Graph.chain(
        [image, replace(network, frozen=True), layer("flat", "Flatten")]
    )
    known = FrozenMap({"net": NodeReport((TensorInfo((32, 32, 3)),))})
    with world_in(tmp_path / "settings") as world:
        session = world.session
        session.replace(tiny_project().with_graph(MODEL, graph), tmp_path, saved=True)
        with shown(lambda: Inspector(world.studio, MODEL)) as inspector:
            view = inspector.parameters.backbone
            inspector.show_nodes(["flat"])
            assert not view.isVisible()
            inspector.show_nodes(["net"])
            assert view.isVisible() and view.trained.currentIndex() == 0
            assert not view.head_first.isVisible()
            inspector.set_analysis(Analysis(0, FrozenMap({MODEL: known})))
            until(lambda: view.trained.count() == 15)
            assert view.trained.itemText(1) == "conv_dw_13 · 67.8 k"
            until(view.download.isVisible)  # never downloaded by itself
            view.trained.setFocus()
            qtbot.keyClick(view.trained, Qt.Key.Key_Down)
            made = session.project.model.nodes["net"]
            assert made.params["trainable_from"] == "conv_dw_13" and not made.frozen
            qtbot.mouseClick(view.head_first, LEFT)
            assert session.project.plan.head_first == HeadFirst()
            assert view.note.text().startswith("The plan trains the head alone first")
            qtbot.keyClick(view.trained, Qt.Key.Key_End)
            assert "trainable_from" not in session.project.model.nodes["net"].params
            for _step in range(3):
                session.undo()
            assert session.project.model == graph and view.trained.currentIndex() == 0

            # With random weights nothing is needed to open it into its layers.
            session.do(SetParam("net", "weights", "none"), "weights")
            qtbot.mouseClick(view.open, LEFT)
            until(lambda: session.project.model.nodes["net"].kind == NESTED)
            assert len(session.project.graphs["net"].nodes) > 80
            assert not view.isVisible()
