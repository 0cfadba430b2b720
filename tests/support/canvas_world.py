"""A canvas for tests: a studio without an engine, and graphs to show."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dlstudio.catalog.store import Catalog
from dlstudio.document.analysis import Analysis, NodeReport, TensorInfo
from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import INPUT, Edge, Graph, Node, node
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap
from dlstudio.settings import SettingsStore
from dlstudio.ui.activity import Activity
from dlstudio.ui.model.canvas.editor import CanvasEditor
from dlstudio.ui.notices import Notices
from dlstudio.ui.services.project_services import ProjectServices
from dlstudio.ui.session import Session
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.tokens import LIGHT_THEME, Theme

LAYERS = "keras.layers."
CONV, DENSE, ADD = LAYERS + "Conv2D", LAYERS + "Dense", LAYERS + "Add"


class NoEngine(QObject):
    """The engine interface that the window needs, without an engine."""

    state_changed = Signal(str)
    analysed = Signal(object)
    state = "idle"
    last = None


def make_studio(
    folder: Path, graph: Graph | None = None, theme: Theme = LIGHT_THEME
) -> Studio:
    """Create a studio with one open graph and its settings in a folder."""
    session = Session(Catalog.load())
    project = Project(graphs=FrozenMap({"model": graph or Graph()}))
    session.replace(project, None, saved=True)
    engine = cast(Any, NoEngine())
    services = ProjectServices(
        session, engine, SettingsStore(folder), Notices(), Activity()
    )
    return Studio(services, theme, lambda _room: None)


def graph_of(nodes: list[Node], *edges: Edge) -> Graph:
    """Create a graph from nodes and edges."""
    return Graph(FrozenMap((each.id, each) for each in nodes), edges)


def chain(*kinds: str) -> Graph:
    """Create a vertical chain of layers with the ids a, b, c, …"""
    nodes = [
        replace(_made(chr(97 + i), kind), position=(0.0, 96.0 * i))
        for i, kind in enumerate(kinds)
    ]
    return Graph.chain(nodes)


def _made(id: str, kind: str) -> Node:
    params: dict[str, Any] = {
        INPUT: {"shape": (28, 28, 1)},
        CONV: {"filters": 8, "kernel_size": 3},
        DENSE: {"units": 10},
    }.get(kind, {})
    return node(id, kind, **params)


def design_graph() -> Graph:
    """Create a small residual network with a shape mismatch, as in the design."""
    nodes = [
        (node("image", INPUT, shape=(28, 28, 1)), (0, 0)),
        (node("conv_1", CONV, filters=32, kernel_size=3, activation="relu"), (0, 96)),
        (node("pool_1", LAYERS + "MaxPooling2D"), (0, 192)),
        (node("conv_2", CONV, filters=64, kernel_size=3, activation="relu"), (0, 288)),
        (node("shortcut", CONV, filters=64, kernel_size=1), (240, 288)),
        (node("merge", ADD), (112, 384)),
        (node("head", DENSE, units=10, activation="softmax"), (112, 480)),
    ]
    placed = [replace(each, position=(float(x), float(y))) for each, (x, y) in nodes]
    return graph_of(
        placed,
        Edge("image", "conv_1"),
        Edge("conv_1", "pool_1"),
        Edge("pool_1", "conv_2"),
        Edge("pool_1", "shortcut"),
        Edge("conv_2", "merge", 0, 0),
        Edge("shortcut", "merge", 0, 1),
        Edge("merge", "head"),
    )


def design_analysis(revision: int = 0) -> Analysis:
    """Return the analysis of `design_graph`."""

    def report(*shape: int, parameters: int = 0, work: int = 0) -> NodeReport:
        tensor = (TensorInfo(shape),) if shape else ()
        return NodeReport((), tensor, parameters, parameters, work)

    nodes = {
        "image": report(28, 28, 1),
        "conv_1": report(26, 26, 32, parameters=320, work=194_688),
        "pool_1": report(13, 13, 32, work=21_632),
        "conv_2": report(11, 11, 64, parameters=18_496, work=2_230_272),
        "shortcut": report(13, 13, 64, parameters=2_112, work=346_112),
        "merge": NodeReport(error="Add needs equal shapes."),
        "head": NodeReport(),
    }
    fix = Fix(
        "Set padding of conv_2 to “same”", (SetParam("conv_2", "padding", "same"),)
    )
    problem = Problem(
        "error",
        "shape-mismatch",
        "conv_2 gives 11×11×64, shortcut gives 13×13×64. Add needs equal shapes. "
        "conv_2 uses “valid” padding.",
        "merge",
        "model",
        (fix,),
    )
    return Analysis(revision, FrozenMap({"model": FrozenMap(nodes)}), (problem,))


def residual_graph(count: int, column: int = 40) -> Graph:
    """Create a deep residual network of `count` nodes, laid out in columns."""
    nodes = [node("image", INPUT, shape=(28, 28, 1))]
    edges: list[Edge] = []
    last, block = "image", 0
    while len(nodes) < count:
        block += 1
        conv, norm, add = (f"{stem}_{block}" for stem in ("conv", "norm", "add"))
        nodes += [
            node(conv, CONV, filters=64, kernel_size=3, padding="same"),
            node(norm, LAYERS + "BatchNormalization"),
            node(add, ADD),
        ]
        edges += [Edge(last, conv), Edge(conv, norm), Edge(norm, add)]
        edges.append(Edge(last, add, 0, 1))
        last = add
    kept = [
        replace(each, position=(260.0 * (i // column), 96.0 * (i % column)))
        for i, each in enumerate(nodes[:count])
    ]
    there = {each.id for each in kept}
    return graph_of(kept, *(x for x in edges if {x.source, x.target} <= there))


class Hand:
    """Simulates mouse and keyboard on a canvas; positions are scene coordinates."""

    def __init__(self, canvas: CanvasEditor) -> None:
        self.canvas = canvas
        self.viewport = canvas.view.viewport()

    def at(self, x: float, y: float) -> QPoint:
        """Convert a scene position to view pixels."""
        return self.canvas.view.mapFromScene(x, y)

    def click(
        self,
        x: float,
        y: float,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Click the left button."""
        QTest.mouseClick(
            self.viewport, Qt.MouseButton.LeftButton, modifiers, self.at(x, y)
        )

    def double_click(self, x: float, y: float) -> None:
        """Double-click the left button."""
        left = Qt.MouseButton.LeftButton
        QTest.mouseDClick(
            self.viewport, left, Qt.KeyboardModifier.NoModifier, self.at(x, y)
        )

    def press(
        self,
        x: float,
        y: float,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    ) -> None:
        """Move to a position and press a button."""
        none = Qt.KeyboardModifier.NoModifier
        QTest.mouseMove(self.viewport, self.at(x, y))
        QTest.mousePress(self.viewport, button, none, self.at(x, y))

    def move(self, x: float, y: float) -> None:
        """Move the pointer in two steps."""
        QTest.mouseMove(self.viewport, self.at(x, y) - QPoint(8, 8))
        QTest.mouseMove(self.viewport, self.at(x, y))

    def release(
        self,
        x: float,
        y: float,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    ) -> None:
        """Release a button at a position."""
        none = Qt.KeyboardModifier.NoModifier
        QTest.mouseRelease(self.viewport, button, none, self.at(x, y))

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drag from one position to another."""
        self.press(*start)
        self.move(*end)
        self.release(*end)

    def out_of(self, id: str, port: int = 0) -> tuple[float, float]:
        """Return the position of an output port."""
        return self.canvas.context.scene.nodes[id].output_at(port)

    def into(self, id: str, port: int = 0) -> tuple[float, float]:
        """Return the position of an input port."""
        return self.canvas.context.scene.nodes[id].input_at(port)

    def key(
        self,
        key: Qt.Key,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Press a key on the open popup, or else on the canvas."""
        popup = QApplication.activePopupWidget()
        target = popup.focusWidget() if popup else None
        QTest.keyClick(target or popup or self.canvas.view, key, modifiers)

    def type(self, text: str) -> None:
        """Type a text into the open popup, or else on the canvas."""
        popup = QApplication.activePopupWidget()
        target = (popup.focusWidget() or popup) if popup else self.canvas.view
        QTest.keyClicks(target, text)
