"""The graphics scene, updated by graph diffs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import QObject, QRectF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QGraphicsScene

from dlstudio.catalog.store import Catalog
from dlstudio.document.canvas.boxes import (
    MAX_COORDINATE,
    NodeBox,
    bounding_box,
    clamp_position,
)
from dlstudio.document.canvas.edge_routing import Point
from dlstudio.document.canvas.graph_reports import GraphReports
from dlstudio.document.canvas.group_ports import GroupPort
from dlstudio.document.canvas.node_card import node_card
from dlstudio.document.diff import GraphDiff
from dlstudio.document.graph import Edge, Graph
from dlstudio.ui.model.canvas.items.canvas_style import OVERVIEW_SCALE, CanvasStyle
from dlstudio.ui.model.canvas.items.node_item import NodeItem
from dlstudio.ui.model.canvas.scene.difference_layer import DifferenceLayer
from dlstudio.ui.model.canvas.scene.edge_layer import EdgeLayer
from dlstudio.ui.model.canvas.scene.group_layer import GroupLayer
from dlstudio.ui.model.canvas.scene.overview_item import OverviewItem
from dlstudio.ui.model.nested_models.kinds import graph_of

Positions = Mapping[str, tuple[float, float]]
FRAMES, EDGES, NODES = -10, 0, 10  # z values


class CanvasScene(QGraphicsScene):
    """The nodes, edges and groups of one graph.

    It changes only by `show_graph` and `apply_diff` (document changes), `preview`
    (drags) and `show_reports` (analysis results).

    Attributes:
        graph: The graph that is shown.
        graphs: All graphs of the project, used to look up nested ones.
        nodes: Items by node id, including those hidden in collapsed groups.
    """

    def __init__(
        self, catalog: Catalog, style: CanvasStyle, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.catalog = catalog
        self.canvas_style = style
        self.graph = Graph()
        self.graphs: Mapping[str, Graph] = {}
        self.reports = GraphReports()
        self.nodes: dict[str, NodeItem] = {}
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.setSceneRect(
            -MAX_COORDINATE, -MAX_COORDINATE, 2 * MAX_COORDINATE, 2 * MAX_COORDINATE
        )
        self._root = QGraphicsRectItem()
        self._root.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        self.addItem(self._root)
        self.overview = OverviewItem(self)
        self.addItem(self.overview)
        self.group_layer = GroupLayer(self, self._root, FRAMES, NODES)
        self.edge_layer = EdgeLayer(self, self._root, EDGES)
        self.difference_layer = DifferenceLayer(self, self._root, NODES)
        self._selected: frozenset[str] = frozenset()

    # -- document updates

    def show_graph(self, graph: Graph) -> None:
        """Replace all items with those of another graph."""
        for item in self.nodes.values():
            self.removeItem(item)
        self.nodes.clear()
        self.edge_layer.clear()
        self.graph = graph
        self.edge_layer.add(graph.edges)
        self._add_nodes(graph.nodes)
        self.group_layer.show_groups(graph)
        self.edge_layer.route_all()
        self.difference_layer.refresh()
        self.overview.refresh()

    def apply_diff(self, diff: GraphDiff, graph: Graph) -> None:
        """Update only the items that a diff affects."""
        self.graph = graph
        touched = {*diff.added, *diff.changed}
        self.edge_layer.remove(diff.disconnected)
        for id in diff.removed:
            self.removeItem(self.nodes.pop(id))
        self.edge_layer.add(diff.connected)
        self._add_nodes(diff.added)
        touched |= self._move(
            {n: clamp_position(graph.nodes[n].position) for n in diff.moved}
        )
        ends = {end for x in (*diff.connected, *diff.disconnected) for end in _ends(x)}
        touched |= {id for id in ends if id in self.nodes}
        self._update_cards({*diff.changed, *ends})
        if diff.groups is not None or self.group_layer.affected(touched, diff):
            self.group_layer.show_groups(graph)
            self.edge_layer.route_all()
        else:
            self.group_layer.surround({*touched, *diff.moved})
            self.edge_layer.route(touched)
        self.difference_layer.refresh()
        self.overview.refresh()

    def preview(self, places: Positions) -> None:
        """Show nodes at other positions without changing the document."""
        ends = self._move(places)
        self.group_layer.surround(places)
        self.edge_layer.route(ends, quick=len(ends) > 40)
        self.overview.refresh()

    def _move(self, places: Positions) -> set[str]:
        """Move nodes and return those whose edges must be rerouted.

        Usually many nodes move by the same distance; edges between them are shifted.
        """
        steps: dict[tuple[float, float], list[str]] = {}
        for id, (x, y) in places.items():
            item = self.nodes[id]
            step = (x - item.x_at, y - item.y_at)
            if step != (0.0, 0.0):
                item.move_to(x, y)
                steps.setdefault(step, []).append(id)
        ends: set[str] = set()
        for (dx, dy), ids in steps.items():
            ends |= self.edge_layer.shift(frozenset(ids), dx, dy)
        return ends

    def show_reports(self, reports: GraphReports) -> None:
        """Show shapes, numbers of weights, costs and problems."""
        before, self.reports = self.reports, reports
        changed = [
            id for id in self.nodes if before.differs(reports, id) or not before.nodes
        ]
        self.edge_layer.route(self._update_cards(changed))
        self.group_layer.update_labels()
        self.edge_layer.update_labels()
        self.overview.refresh()

    def show_nested(self, names: Collection[str]) -> None:
        """Update nodes that reference the named graphs, whose ports may differ."""
        if names:
            ids = [id for id, n in self.graph.nodes.items() if graph_of(n) in names]
            self.edge_layer.route(self._update_cards(ids))

    def _add_nodes(self, ids: Iterable[str]) -> None:
        added = tuple(ids)
        for id in added:
            item = NodeItem(id, self.canvas_style, self._root)
            item.setZValue(NODES)
            item.move_to(*clamp_position(self.graph.nodes[id].position))
            self.nodes[id] = item
        self._update_cards(added)

    def _update_cards(self, ids: Iterable[str]) -> list[str]:
        """Update the cards of nodes and return those whose ports moved."""
        wanted = [id for id in ids if id in self.nodes]
        if not wanted:
            return []
        moved = []
        reports = self.reports
        for id in wanted:
            made = node_card(
                self.graph.nodes[id],
                self.catalog,
                *self.edge_layer.ports_of(id),
                self.graphs,
                reports.nodes.get(id),
                reports.severity.get(id),
                reports.share(id),
            )
            if self.nodes[id].show_card(made):
                moved.append(id)
        return moved

    # -- queries and view state

    def port_at(self, id: str, port: int, out: bool) -> Point:
        """Return a port's position in scene pixels; for hidden nodes, on their group.

        Args:
            id: The node's id.
            port: The port, from 0.
            out: Whether it is an output port.
        """
        box = self.group_layer.box_of(id)
        if box is None:
            item = self.nodes[id]
            return item.output_at(port) if out else item.input_at(port)
        group_ports = self.group_layer.group_ports(box.id).of("out" if out else "in")
        number = (
            group_ports.index(GroupPort(id, port))
            if GroupPort(id, port) in group_ports
            else 0
        )
        return box.output_at(number) if out else box.input_at(number)

    def visible_item(self, id: str) -> NodeItem:
        """Return a node's item, or that of the collapsed group that hides it."""
        return self.group_layer.box_of(id) or self.nodes[id]

    def visible(self) -> list[NodeItem]:
        """Return the visible cards: nodes and collapsed groups."""
        return self.group_layer.visible()

    def boxes(self) -> dict[str, NodeBox]:
        """Return the boxes of all nodes that are not in a collapsed group."""
        hidden = self.group_layer.hidden
        return {id: n.box() for id, n in self.nodes.items() if id not in hidden}

    def content_rect(self) -> QRectF:
        """Return the area of all cards and frames; empty without nodes."""
        there = self.visible()
        if not there:
            return QRectF()
        whole = bounding_box(item.box() for item in there)
        rect = QRectF(whole.left, whole.top, whole.width, whole.height)
        for frame in self.group_layer.frames.values():
            rect = rect.united(frame.rect())
        return rect

    def start(self) -> float:
        """Return the x coordinate of the topmost card."""
        there = self.visible()
        return min(there, key=lambda item: item.y_at).x_at if there else 0.0

    def select(self, ids: Iterable[str], edge: Edge | None = None) -> None:
        """Mark exactly these nodes and this edge as selected."""
        chosen = frozenset(ids)
        for id in chosen ^ self._selected:
            if id in self.nodes:
                self.nodes[id].mark(selected=id in chosen)
        self._selected = chosen
        self.group_layer.select(chosen)
        self.edge_layer.select(edge)
        self.overview.refresh()

    @property
    def selected(self) -> frozenset[str]:
        """The ids of the selected nodes."""
        return self._selected

    def set_zoom(self, scale: float) -> None:
        """Adapt the level of detail to a scale."""
        self.canvas_style.scale = scale
        far = scale < OVERVIEW_SCALE
        # Qt skips a fully transparent item together with its children.
        self._root.setOpacity(0.0 if far else 1.0)
        self.overview.setVisible(far)


def _ends(edge: Edge) -> tuple[str, str]:
    return (edge.source, edge.target)
