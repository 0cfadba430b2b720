"""A small drawing of a model's graph."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.catalog.categories import CATEGORIES
from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import Graph, Node
from dlstudio.ui.theme.category_colors import category_color
from dlstudio.ui.theme.tokens import Theme

HEIGHT = 112
MAX_NODE_SIZE = (14.0, 24.0)  # maximum size of a node
MARGIN = 14.0


class GraphThumbnail(QWidget):
    """The graph's canvas layout, rotated to flow to the right.

    Args:
        theme: Colours and sizes.
        catalog: Describes the layers.
        graph: The graph to draw; None for an empty drawing.
    """

    def __init__(
        self, theme: Theme, catalog: Catalog, graph: Graph | None = None
    ) -> None:
        super().__init__()
        self._theme = theme
        self._catalog = catalog
        self._graph = graph or Graph()
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def show_graph(self, graph: Graph) -> None:
        """Show another graph."""
        self._graph = graph
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        c = self._theme.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.background))
        radius = self._theme.radius_small
        painter.drawRoundedRect(self.rect().toRectF(), radius, radius)
        nodes = self._graph.nodes
        if not nodes:
            return
        centers = self._node_centers()
        painter.setPen(QPen(QColor(c.edge), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for edge in self._graph.edges:
            painter.drawPath(_edge_path(centers[edge.source], centers[edge.target]))
        width, height = self._node_size()
        painter.setPen(Qt.PenStyle.NoPen)
        for id, node in nodes.items():
            box = QRectF(0, 0, width, height)
            box.moveCenter(centers[id])
            painter.setBrush(category_color(self._theme, self._node_color(node)))
            painter.drawRoundedRect(box, min(3.0, width / 2), min(3.0, width / 2))

    def _node_centers(self) -> dict[str, QPointF]:
        """Centre of each node in widget coordinates; canvas y becomes x."""
        nodes = self._graph.nodes
        along = [node.position[1] for node in nodes.values()]
        across = [node.position[0] for node in nodes.values()]
        width, height = self.width() - 2 * MARGIN, self.height() - 2 * MARGIN
        box = self._node_size()
        length = max(along) - min(along) or 1.0
        breadth = max(across) - min(across)
        step = min((height - box[1]) / breadth if breadth else 0.0, 0.16)
        top = self.height() / 2 - breadth * step / 2
        free = width - box[0]
        used = min(free, 34.0 * (len(set(along)) - 1) or 1.0)
        left = MARGIN + box[0] / 2 + (free - used) / 2
        return {
            id: QPointF(
                left + (node.position[1] - min(along)) / length * used,
                top + (node.position[0] - min(across)) * step,
            )
            for id, node in nodes.items()
        }

    def _node_size(self) -> tuple[float, float]:
        steps = len({node.position[1] for node in self._graph.nodes.values()})
        room = (self.width() - 2 * MARGIN) / max(steps, 1)
        return max(3.5, min(MAX_NODE_SIZE[0], room * 0.6)), MAX_NODE_SIZE[1]

    def _node_color(self, node: Node) -> str:
        found = self._catalog.get(node.kind)
        category = CATEGORIES.get(found.category) if found else None
        return category.color if category else ""


def _edge_path(start: QPointF, end: QPointF) -> QPainterPath:
    path = QPainterPath(start)
    middle = (start.x() + end.x()) / 2
    path.cubicTo(QPointF(middle, start.y()), QPointF(middle, end.y()), end)
    return path
