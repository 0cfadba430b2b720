"""Which blocks of a backbone are trained, in the inspector."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hub_presets import save_preset
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
from dlstudio.engine.model import hub_catalog
from dlstudio.ui.model.inspector.inspector import Inspector
from dlstudio.ui.model.inspector.multi_selection import form_params

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


@pytest.mark.slow
def test_a_preset_of_keras_hub_is_chosen(
    qapp: QApplication,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("keras_hub")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("KAGGLEHUB_CACHE", str(tmp_path / "kaggle"))
    save_preset("vit", tmp_path / "vit")
    network = node("net", "dlstudio.layers.Backbone", architecture="MobileNet")
    image = node("image", INPUT, shape=(32, 32, 3))
    graph = Graph.chain([image, network, layer("mean", "GlobalAveragePooling2D")])
    with world_in(tmp_path / "settings") as world:
        session = world.session
        session.replace(tiny_project().with_graph(MODEL, graph), tmp_path, saved=True)

        def chosen() -> Any:
            return session.project.model.nodes["net"].params

        def shown_params() -> set[str]:
            nodes = [session.project.model.nodes["net"]]
            found = form_params(nodes, session.catalog, session.project, MODEL)
            return {each.name for each in found}

        with shown(lambda: Inspector(world.studio, MODEL)) as inspector:
            view = inspector.parameters.backbone
            inspector.show_nodes(["net"])
            assert view.preset.isVisible() and not view.preset.remove.isVisible()
            assert "architecture" in shown_params()
            qtbot.mouseClick(view.preset.choose, LEFT)
            until(lambda: view.preset.menu is not None)
            menu = view.preset.menu
            assert menu is not None
            groups = [each for each in menu.actions() if each.menu() is not None]
            assert {"ResNet", "ViT", "DINOV2"} <= {each.text() for each in groups}
            (resnets,) = (each.menu() for each in groups if each.text() == "ResNet")
            first = resnets.actions()[0]
            assert first.text() == "resnet_18_imagenet  ·  42.7 MB"
            first.trigger()
            menu.close()
            until(lambda: "preset" in chosen())
            assert dict(chosen()) == {"preset": "resnet_18_imagenet"}
            until(view.download.isVisible)  # never downloaded by itself

            view.preset.take_folder(tmp_path / "vit")
            until(lambda: chosen()["preset"] == "./vit")
            assert view.preset.name.full_text() == "./vit"
            kinds = [each.kind for each in session.project.model.nodes.values()]
            assert "keras.layers.GlobalAveragePooling1D" in kinds  # it gives tokens
            assert not {"architecture", "alpha", "preset_config"} & shown_params()
            qtbot.mouseClick(view.preset.remove, LEFT)
            assert "preset" not in chosen() and not view.preset.name.isVisible()
            kinds = [each.kind for each in session.project.model.nodes.values()]
            assert "keras.layers.GlobalAveragePooling2D" in kinds
            for _step in range(3):
                session.undo()
            assert session.project.model == graph

            monkeypatch.setitem(sys.modules, "keras_hub", None)
            for cached in (hub_catalog.image_backbones, hub_catalog.published_presets):
                cached.cache_clear()
            refused: list[Any] = []
            monkeypatch.setattr(world.studio.notices, "error", refused.append)
            qtbot.mouseClick(view.preset.choose, LEFT)
            until(lambda: bool(refused))
            assert 'pip install "dlstudio[hub]"' in refused[0].hint
