"""What every gesture and command of the canvas works on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.document.edits import Edit, MoveNodes, CompositeEdit
from dlstudio.document.graph import Graph
from dlstudio.document.values import FrozenMap
from dlstudio.errors import UserError
from dlstudio.ui.model.canvas.boxes import snapped
from dlstudio.ui.model.canvas.can_connect import Rules
from dlstudio.ui.model.canvas.look import Look
from dlstudio.ui.model.canvas.scene import CanvasScene
from dlstudio.ui.model.canvas.selection import Selection
from dlstudio.ui.model.nested_kinds import describe
from dlstudio.ui.studio import Studio

Places = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Board:
    """One graph of the open project with its scene and its selection.

    Attributes:
        name: The graph's name in the project.
    """

    studio: Studio
    name: str
    scene: CanvasScene
    selection: Selection

    @property
    def graph(self) -> Graph:
        """The graph as it is now; empty if the project has none of this name."""
        return self.studio.session.project.graphs.get(self.name, Graph())

    @property
    def catalog(self) -> Catalog:
        """What layers exist."""
        return self.studio.session.catalog

    @property
    def look(self) -> Look:
        """Fonts and colours."""
        return self.scene.look

    @property
    def rules(self) -> Rules:
        """Which wires may be."""
        return Rules(self.graph, self.catalog, graphs=self.graphs)

    @property
    def graphs(self) -> Mapping[str, Graph]:
        """All graphs of the project."""
        return self.studio.session.project.graphs

    def describe(self, kind: str) -> Description | None:
        """A kind of layer: of the catalog, or another graph of the project."""
        return describe(kind, self.studio.session.project, self.catalog)

    def do(self, edits: Iterable[Edit], name: str) -> bool:
        """One step of the history; whether it could be done."""
        several = tuple(edits)
        if not several:
            return False
        edit = several[0] if len(several) == 1 else CompositeEdit(several, name)
        try:
            self.studio.session.do(edit, name)
        except UserError as error:
            self.studio.notices.error(error)
            return False
        return True

    def move(self, places: Places, name: str) -> bool:
        """Move nodes as one step."""
        if not places:
            return False
        return self.do([MoveNodes(FrozenMap(places), self.name)], name)

    def settled(self, x: float, y: float) -> tuple[float, float]:
        """Where a node put at (x, y) settles."""
        snap = self.studio.settings.value.snap_to_grid
        return snapped(x, y) if snap else (round(x, 1), round(y, 1))
