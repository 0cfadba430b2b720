"""The scene: items for one graph, which follow its differences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import QObject, QRectF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QGraphicsScene

from dlstudio.catalog.store import Catalog
from dlstudio.document.diff import GraphDiff
from dlstudio.document.graph import Graph, Edge
from dlstudio.ui.model.canvas.boxes import FARTHEST, Box, around, shown
from dlstudio.ui.model.canvas.doors import Door
from dlstudio.ui.model.canvas.face import face
from dlstudio.ui.model.canvas.folding import Folding
from dlstudio.ui.model.canvas.look import FAR, Look
from dlstudio.ui.model.canvas.node_item import NodeItem
from dlstudio.ui.model.canvas.overview import Overview
from dlstudio.ui.model.canvas.reports import Reports
from dlstudio.ui.model.canvas.routing import Point
from dlstudio.ui.model.canvas.wiring import Wires
from dlstudio.ui.model.nested_kinds import graph_of

Places = Mapping[str, tuple[float, float]]
FRAMES, WIRES, NODES = -10, 0, 10  # what lies above what


class CanvasScene(QGraphicsScene):
    """Nodes, wires and groups of one graph.

    It changes only by `show_graph` and `follow` (the document), `preview` (while
    nodes are dragged) and `tell` (what the engine found out).

    Attributes:
        graph: The graph that is shown.
        graphs: All graphs of the project, for those that stand in this one.
        nodes: Items by node id, also those hidden in a folded group.
    """

    def __init__(
        self, catalog: Catalog, look: Look, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.catalog = catalog
        self.look = look
        self.graph = Graph()
        self.graphs: Mapping[str, Graph] = {}
        self.reports = Reports()
        self.nodes: dict[str, NodeItem] = {}
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.setSceneRect(-FARTHEST, -FARTHEST, 2 * FARTHEST, 2 * FARTHEST)
        self._root = QGraphicsRectItem()
        self._root.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        self.addItem(self._root)
        self.overview = Overview(self)
        self.addItem(self.overview)
        self.folding = Folding(self, self._root, FRAMES, NODES)
        self.wires = Wires(self, self._root, WIRES)
        self._selected: frozenset[str] = frozenset()

    # -- following the document

    def show_graph(self, graph: Graph) -> None:
        """Show a graph from the beginning."""
        for item in self.nodes.values():
            self.removeItem(item)
        self.nodes.clear()
        self.wires.clear()
        self.graph = graph
        self.wires.add(graph.links)
        self._add_nodes(graph.nodes)
        self.folding.follow(graph)
        self.wires.lead_all()
        self.overview.refresh()

    def follow(self, diff: GraphDiff, graph: Graph) -> None:
        """Show what differs, and touch nothing else."""
        self.graph = graph
        touched = {*diff.added, *diff.changed}
        self.wires.remove(diff.disconnected)
        for id in diff.removed:
            self.removeItem(self.nodes.pop(id))
        self.wires.add(diff.connected)
        self._add_nodes(diff.added)
        touched |= self._move({n: shown(graph.nodes[n].position) for n in diff.moved})
        ends = {end for x in (*diff.connected, *diff.disconnected) for end in _ends(x)}
        touched |= {id for id in ends if id in self.nodes}
        self._dress({*diff.changed, *ends})
        if diff.groups is not None or self.folding.affected(touched, diff):
            self.folding.follow(graph)
            self.wires.lead_all()
        else:
            self.folding.surround({*touched, *diff.moved})
            self.wires.lead(touched)
        self.overview.refresh()

    def preview(self, places: Places) -> None:
        """Show nodes elsewhere while they are dragged; the document knows nothing."""
        ends = self._move(places)
        self.folding.surround(places)
        self.wires.lead(ends, quick=len(ends) > 40)
        self.overview.refresh()

    def _move(self, places: Places) -> set[str]:
        """Move nodes; those of which the wires must find another way.

        Most moves are of many nodes by the same way: wires among them go along.
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
            ends |= self.wires.shift(frozenset(ids), dx, dy)
        return ends

    def tell(self, reports: Reports) -> None:
        """Show shapes, numbers of weights, cost and problems."""
        before, self.reports = self.reports, reports
        changed = [
            id for id in self.nodes if before.differs(reports, id) or not before.nodes
        ]
        self.wires.lead(self._dress(changed))
        self.folding.dress()
        self.wires.dress_all()
        self.overview.refresh()

    def show_nested(self, names: Collection[str]) -> None:
        """Show nodes that stand for one of these graphs anew: their ports differ."""
        if names:
            ids = [id for id, n in self.graph.nodes.items() if graph_of(n) in names]
            self.wires.lead(self._dress(ids))

    def _add_nodes(self, ids: Iterable[str]) -> None:
        added = tuple(ids)
        for id in added:
            item = NodeItem(id, self.look, self._root)
            item.setZValue(NODES)
            item.move_to(*shown(self.graph.nodes[id].position))
            self.nodes[id] = item
        self._dress(added)

    def _dress(self, ids: Iterable[str]) -> list[str]:
        """Give nodes the face they should have now; those whose ports moved."""
        wanted = [id for id in ids if id in self.nodes]
        if not wanted:
            return []
        moved = []
        reports = self.reports
        for id in wanted:
            made = face(
                self.graph.nodes[id],
                self.catalog,
                *self.wires.ports_of(id),
                self.graphs,
                reports.nodes.get(id),
                reports.severity.get(id),
                reports.share(id),
            )
            if self.nodes[id].show_face(made):
                moved.append(id)
        return moved

    # -- what is shown

    def port_at(self, id: str, port: int, out: bool) -> Point:
        """Where a node's port is; of a hidden node, its group's."""
        box = self.folding.box_of(id)
        if box is None:
            item = self.nodes[id]
            return item.output_at(port) if out else item.input_at(port)
        doors = self.folding.doors(box.id).of("out" if out else "in")
        number = doors.index(Door(id, port)) if Door(id, port) in doors else 0
        return box.output_at(number) if out else box.input_at(number)

    def stand_in(self, id: str) -> NodeItem:
        """The item that stands for a node: its own, or its folded group's."""
        return self.folding.box_of(id) or self.nodes[id]

    def visible(self) -> list[NodeItem]:
        """The cards that are seen: nodes and folded groups."""
        return self.folding.visible()

    def boxes(self) -> dict[str, Box]:
        """Where the nodes are; those in a folded group are left out."""
        hidden = self.folding.hidden
        return {id: n.box() for id, n in self.nodes.items() if id not in hidden}

    def content(self) -> QRectF:
        """What the cards and frames cover; empty without nodes."""
        there = self.visible()
        if not there:
            return QRectF()
        whole = around(item.box() for item in there)
        rect = QRectF(whole.left, whole.top, whole.width, whole.height)
        for frame in self.folding.frames.values():
            rect = rect.united(frame.rect())
        return rect

    def start(self) -> float:
        """The x of the uppermost card."""
        there = self.visible()
        return min(there, key=lambda item: item.y_at).x_at if there else 0.0

    def select(self, ids: Iterable[str], link: Edge | None = None) -> None:
        """Mark these nodes, and a wire, as selected and no others."""
        chosen = frozenset(ids)
        for id in chosen ^ self._selected:
            if id in self.nodes:
                self.nodes[id].mark(selected=id in chosen)
        self._selected = chosen
        self.folding.select(chosen)
        self.wires.select(link)
        self.overview.refresh()

    @property
    def selected(self) -> frozenset[str]:
        """The nodes marked as selected."""
        return self._selected

    def zoomed(self, scale: float) -> None:
        """Show as much as can be read at a scale."""
        self.look.scale = scale
        far = scale < FAR
        # A root without opacity is passed over with all its children.
        self._root.setOpacity(0.0 if far else 1.0)
        self.overview.setVisible(far)


def _ends(link: Edge) -> tuple[str, str]:
    return (link.source, link.target)
