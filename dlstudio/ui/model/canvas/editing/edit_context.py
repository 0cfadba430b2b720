"""The shared context of the canvas' gestures and commands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.document.canvas.boxes import snap_to_grid
from dlstudio.document.canvas.connection_rules import ConnectionRules
from dlstudio.document.edits.base import CompositeEdit, Edit
from dlstudio.document.edits.nodes import MoveNodes
from dlstudio.document.graph import Graph
from dlstudio.document.values import FrozenMap
from dlstudio.errors import UserError
from dlstudio.ui.model.canvas.items.canvas_style import CanvasStyle
from dlstudio.ui.model.canvas.scene.canvas_scene import CanvasScene
from dlstudio.ui.model.canvas.scene.canvas_selection import CanvasSelection
from dlstudio.ui.model.nested_models.kinds import describe
from dlstudio.ui.studio import Studio

Positions = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class EditContext:
    """One graph of the open project with its scene and its selection.

    Attributes:
        name: The graph's name in the project.
    """

    studio: Studio
    name: str
    scene: CanvasScene
    selection: CanvasSelection

    @property
    def graph(self) -> Graph:
        """The current graph; empty if the project has no graph of this name."""
        return self.studio.session.project.graphs.get(self.name, Graph())

    @property
    def catalog(self) -> Catalog:
        """The layers available in this session."""
        return self.studio.session.catalog

    @property
    def canvas_style(self) -> CanvasStyle:
        """The fonts and colours of the canvas."""
        return self.scene.canvas_style

    @property
    def rules(self) -> ConnectionRules:
        """The connection rules of the current graph."""
        return ConnectionRules(self.graph, self.catalog, graphs=self.graphs)

    @property
    def graphs(self) -> Mapping[str, Graph]:
        """All graphs of the project."""
        return self.studio.session.project.graphs

    def describe(self, kind: str) -> Description | None:
        """Describe a layer of the catalog or a nested graph of the project."""
        return describe(kind, self.studio.session.project, self.catalog)

    def do(self, edits: Iterable[Edit], name: str) -> bool:
        """Apply edits as one undo step.

        Args:
            edits: The edits, applied in order.
            name: Translated name of the step.

        Returns:
            Whether the edits were applied; a refusal is shown as a notice.
        """
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

    def move(self, places: Positions, name: str) -> bool:
        """Move nodes as one undo step and return whether it was applied."""
        if not places:
            return False
        return self.do([MoveNodes(FrozenMap(places), self.name)], name)

    def snap_position(self, x: float, y: float) -> tuple[float, float]:
        """Return the position at which a node dropped at (x, y) is placed."""
        snap = self.studio.settings.value.snap_to_grid
        return snap_to_grid(x, y) if snap else (round(x, 1), round(y, 1))
