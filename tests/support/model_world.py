"""A Model room, or a part of it, with the full catalog but without a window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, Edge, Graph, Node, node
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap
from dlstudio.settings import SettingsStore
from dlstudio.ui.activity import Activity
from dlstudio.ui.notices import Notices
from dlstudio.ui.services.project_services import ProjectServices
from dlstudio.ui.session import Session
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.style import apply_theme
from dlstudio.ui.theme.tokens import LIGHT_THEME, Theme
from dlstudio.workers.engine import Engine

W = TypeVar("W", bound=QWidget)


@lru_cache(maxsize=1)
def catalog() -> Catalog:
    """Load the full catalog once."""
    return Catalog.load()


class World:
    """A studio without a window that records notices and room changes."""

    def __init__(self, folder: Path, theme: Theme = LIGHT_THEME) -> None:
        apply_theme(QApplication.instance(), theme)
        self.reported: list[tuple[str, str]] = []
        self.went: list[str] = []
        self.session = Session(catalog())
        self.engine = Engine(catalog())
        notices = Notices()
        notices.reported.connect(
            lambda text, kind, _more: self.reported.append((text, kind))
        )
        services = ProjectServices(
            self.session, self.engine, SettingsStore(folder), notices, Activity()
        )
        self.studio = Studio(services, theme, self.went.append)

    def open(self, *nodes: Node, name: str = "Ours") -> Project:
        """Open a project with a chain of layers."""
        return self.draw(Graph.chain(nodes), name)

    def draw(self, graph: Graph, name: str = "Ours") -> Project:
        """Open a project with a graph."""
        project = Project(name, graphs=FrozenMap({MODEL: graph}))
        self.session.replace(project, None, saved=True)
        return project

    def node(self, id: str, graph: str = MODEL) -> Node:
        """Return a node of the current project."""
        return self.session.project.graph(graph).nodes[id]

    @property
    def steps(self) -> list[str]:
        """Names of the undo steps, oldest first."""
        return [step.name for step in self.session.history.past]


@contextmanager
def world_in(folder: Path) -> Iterator[World]:
    """Create a world and wait for its threads to end afterwards."""
    world = World(folder)
    try:
        yield world
    finally:
        assert world.studio.services.close()
        assert world.engine.close()
        for each in (world.engine, world.session):
            each.deleteLater()


@contextmanager
def shown(make: Callable[[], W], width: int = 300, height: int = 760) -> Iterator[W]:
    """Show a widget with the focus, and delete it afterwards."""
    widget = make()
    widget.resize(width, height)
    widget.show()
    widget.activateWindow()
    QApplication.processEvents()
    try:
        yield widget
    finally:
        widget.close()
        widget.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def layer(id: str, name: str, **params: object) -> Node:
    """Create a node of a Keras layer."""
    return node(id, f"keras.layers.{name}", **params)


def image(*shape: int) -> Node:
    """Create an input, of 12×12×1 by default."""
    return node("image", INPUT, shape=shape or (12, 12, 1))


def convolutional() -> tuple[Node, ...]:
    """Create a small network for images, from top to bottom."""
    return stacked(
        image(),
        layer("conv", "Conv2D", filters=8, kernel_size=3),
        layer("pool", "MaxPooling2D"),
        layer("flat", "Flatten"),
        layer("head", "Dense", units=10, activation="softmax"),
    )


def stacked(*nodes: Node) -> tuple[Node, ...]:
    """Place the nodes one below the other."""
    return tuple(
        replace(node, position=(0.0, 96.0 * place)) for place, node in enumerate(nodes)
    )


def connected(nodes: list[Node], *edges: str) -> Graph:
    """Create a graph from edges such as "a b" or, to input port 1, "a b 1"."""
    made = []
    for edge in edges:
        source, target, *port = edge.split()
        made.append(Edge(source, target, 0, int(port[0]) if port else 0))
    return Graph(FrozenMap((n.id, n) for n in nodes), tuple(made))
