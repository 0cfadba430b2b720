"""Draws a graph as the canvas shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dlstudio.catalog.store import Catalog
from dlstudio.document.canvas.arrangement import arranged_positions
from dlstudio.document.canvas.boxes import NodeBox
from dlstudio.document.canvas.card_geometry import MAX_WIDTH
from dlstudio.document.canvas.edge_labels import LABEL_GAP, label_point
from dlstudio.document.canvas.graph_reports import GraphReports
from dlstudio.document.drawing.canvas_geometry import (
    CanvasGeometry,
    GeometryBuilder,
    GroupFrame,
    RoutedEdge,
)
from dlstudio.document.drawing.card_shapes import CardShapes
from dlstudio.document.drawing.shapes import (
    BezierCurve,
    Drawing,
    Label,
    Measure,
    RoundedBox,
    Shape,
    Stroke,
    TextStyle,
    shifted,
)
from dlstudio.document.drawing.text_widths import estimated_width
from dlstudio.document.graph import Graph
from dlstudio.theme_colors import DARK, LIGHT, ThemeColors

MARGIN = 24.0
THEMES: Mapping[str, ThemeColors] = {"light": LIGHT, "dark": DARK}
NO_REPORTS = GraphReports()
COUNT_ROOM = 48.0
"""Width of a number of weights on a card, in scene pixels."""


@dataclass(frozen=True, slots=True)
class GraphArtist:
    """Draws graphs of one project.

    Attributes:
        catalog: Describes the layers.
        graphs: All graphs of the project.
        colors: The theme's colours.
        measure: Gives the width of texts in the font of the drawing.
    """

    catalog: Catalog
    graphs: Mapping[str, Graph]
    colors: ThemeColors = LIGHT
    measure: Measure = estimated_width

    def draw(
        self, graph: Graph, reports: GraphReports = NO_REPORTS, title: str = ""
    ) -> Drawing:
        """Draw a graph at its own positions.

        Args:
            graph: The graph; a graph without nodes gives an empty drawing.
            reports: Shapes and costs, where they are known; problems are not drawn.
            title: What is drawn.
        """
        cards = CardShapes(self.colors, self.measure)
        geometry = GeometryBuilder(
            graph, self.catalog, self.graphs, reports, cards.preferred
        ).build()
        shapes = [
            *(shape for frame in geometry.frames for shape in self._frame(frame)),
            *(self._edge(edge) for edge in geometry.edges),
            *(label for edge in geometry.edges for label in self._shape_label(edge)),
            *(s for each in geometry.cards for s in cards.draw(each.card, each.box)),
        ]
        return _framed(shapes, geometry, self.colors.background, title)

    def arranged(
        self,
        graph: Graph,
        reports: GraphReports = NO_REPORTS,
        always: bool = False,
    ) -> Graph:
        """The graph, arranged if cards overlap, as in one that never was.

        Args:
            graph: The graph to draw.
            reports: Shapes and costs; the width of cards depends on them.
            always: Arrange it in any case.
        """
        cards = CardShapes(self.colors, self.measure)
        builder = GeometryBuilder(
            graph, self.catalog, self.graphs, reports, cards.preferred
        )
        boxes = builder.boxes()
        if not (always or _overlap(list(boxes.values()))):
            return graph
        if reports is NO_REPORTS:
            boxes = {id: _with_count(box) for id, box in boxes.items()}
        return graph.with_positions(arranged_positions(graph, boxes))

    def _frame(self, frame: GroupFrame) -> Iterator[Shape]:
        box, c = frame.box, self.colors
        dark = c.background < "#8"
        border = Stroke(c.line_strong, 1.0, (4.0, 2.0))
        yield RoundedBox(
            box.left + 1,
            box.top + 1,
            box.width - 2,
            box.height - 2,
            10.0,
            c.accent_soft if dark else c.line,
            0.35,
            border,
        )
        yield Label(
            box.left + 12, box.top + 18, frame.name, TextStyle(11, c.text_muted, 600)
        )

    def _edge(self, edge: RoutedEdge) -> BezierCurve:
        return BezierCurve(edge.points, Stroke(self.colors.edge, 1.6))

    def _shape_label(self, edge: RoutedEdge) -> Iterator[Shape]:
        if edge.text:
            style = TextStyle(11, self.colors.text_muted, mono=True)
            x, y = label_point(edge.points, edge.high)
            x += -LABEL_GAP if edge.left else LABEL_GAP
            yield Label(x, y + 4, edge.text, style, right=edge.left)


def _with_count(box: NodeBox) -> NodeBox:
    """The box of a card with room for a number of weights that is not yet known."""
    return box._replace(width=min(box.width + COUNT_ROOM, MAX_WIDTH))


def _overlap(boxes: list[NodeBox]) -> bool:
    ordered = sorted(boxes, key=lambda box: box.y)
    for i, box in enumerate(ordered):
        for other in ordered[i + 1 :]:
            if other.top >= box.bottom:
                break
            if box.near(other, -8.0):
                return True
    return False


def _framed(
    shapes: list[Shape], geometry: CanvasGeometry, background: str, title: str
) -> Drawing:
    """The shapes shifted so that all of them are in the drawing, with a margin."""
    boxes = [placed.box for placed in geometry.cards]
    boxes += [frame.box for frame in geometry.frames]
    xs = [x for box in boxes for x in (box.left, box.right)]
    ys = [y for box in boxes for y in (box.top, box.bottom)]
    for edge in geometry.edges:
        xs += [x for x, _y in edge.points]
        ys += [y for _x, y in edge.points]
    left, right = min(xs, default=0.0), max(xs, default=0.0)
    top, bottom = min(ys, default=0.0), max(ys, default=0.0)
    dx, dy = MARGIN - left, MARGIN - top
    return Drawing(
        right - left + 2 * MARGIN,
        bottom - top + 2 * MARGIN,
        background,
        tuple(shifted(shape, dx, dy) for shape in shapes),
        title,
    )
