"""Drawings of graphs, and their SVG."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.document.analysis import NodeReport, TensorInfo
from dlstudio.document.canvas.edge_labels import label_place
from dlstudio.document.canvas.graph_reports import GraphReports
from dlstudio.document.drawing.canvas_geometry import GeometryBuilder
from dlstudio.document.drawing.card_shapes import CardShapes
from dlstudio.document.drawing.graph_drawing import GraphArtist
from dlstudio.document.drawing.shapes import (
    BezierCurve,
    Drawing,
    Label,
    RoundedBox,
    elided,
)
from dlstudio.document.drawing.stacked_cards import arrange_stacked
from dlstudio.document.drawing.svg import svg_text
from dlstudio.document.drawing.text_widths import estimated_width
from dlstudio.document.graph import INPUT, Edge, Graph, Group, node
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap
from dlstudio.theme_colors import DARK, LIGHT

ARTIST = GraphArtist(Catalog.load(), {})
SVG = "{http://www.w3.org/2000/svg}"


def residual() -> Graph:
    nodes = [
        node("image", INPUT, shape=(8, 8, 1)),
        node("conv", "keras.layers.Conv2D", filters=4, kernel_size=3),
        node("other", "keras.layers.Conv2D", filters=4, kernel_size=1),
        replace(node("sum", "keras.layers.Add"), frozen=True),
    ]
    edges = (
        Edge("image", "conv"),
        Edge("image", "other"),
        Edge("conv", "sum"),
        Edge("other", "sum", 0, 1),
    )
    return Graph(FrozenMap((each.id, each) for each in nodes), edges)


REPORTS = GraphReports(
    {
        "image": NodeReport(outputs=(TensorInfo((8, 8, 1)),)),
        "conv": NodeReport(parameters=1234),
    }
)


def texts(drawing: Drawing) -> list[str]:
    return [each.text for each in drawing.shapes if isinstance(each, Label)]


def drawn(graph: Graph) -> Drawing:
    return ARTIST.draw(ARTIST.arranged(graph), REPORTS, "Residual & more")


def test_cards_arranged_before_their_weights_are_counted_do_not_touch() -> None:
    names = ("image", "conv2_block1_1_conv", "conv2_block1_0_conv")
    kinds = (INPUT, "keras.layers.Conv2D", "keras.layers.Conv2D")
    nodes = [node(name, kind) for name, kind in zip(names, kinds, strict=True)]
    edges = tuple(Edge("image", name) for name in names[1:])
    graph = Graph(FrozenMap((each.id, each) for each in nodes), edges)
    graph = ARTIST.arranged(graph, always=True)
    counted = GraphReports({name: NodeReport(parameters=16_640) for name in names[1:]})
    preferred = CardShapes(LIGHT, estimated_width).preferred
    builder = GeometryBuilder(graph, ARTIST.catalog, {}, counted, preferred)
    first, second = (builder.boxes()[name] for name in names[1:])
    assert not first.near(second, 8.0)


def test_a_graph_that_was_never_arranged_is_arranged() -> None:
    graph = ARTIST.arranged(residual())
    assert len({each.position for each in graph.nodes.values()}) == 4
    assert ARTIST.arranged(graph) is graph
    assert ARTIST.arranged(graph, always=True) is not graph


def test_everything_of_the_canvas_is_drawn_within_the_margins() -> None:
    drawing = drawn(residual())
    assert {"image", "conv", "other", "sum", "8×8×1", "1,234"} <= set(texts(drawing))
    assert "Conv2D · 4 filters 3×3" in texts(drawing)
    curves = [each for each in drawing.shapes if isinstance(each, BezierCurve)]
    assert sum(each.stroke is not None and not each.fill for each in curves) == 4 + 3
    for each in drawing.shapes:
        if isinstance(each, RoundedBox):
            assert each.left >= 20 and each.left + each.width <= drawing.width - 20
            assert each.top >= 20 and each.top + each.height <= drawing.height - 20


def test_groups_have_a_frame_or_are_one_card() -> None:
    graph = ARTIST.arranged(residual())
    group = Group("group_1", "branches", ("conv", "other"))
    opened = drawn(replace(graph, groups=(group,)))
    assert "branches" in texts(opened) and "conv" in texts(opened)
    closed = drawn(replace(graph, groups=(replace(group, collapsed=True),)))
    assert "branches" in texts(closed) and "2 layers" in texts(closed)
    assert "8×8×1 → conv, other" in texts(closed)
    assert "Conv2D · 4 filters 3×3" not in texts(closed)
    inner = Group("group_2", "inner", ("conv",), parent="group_1")
    outer = Group("group_1", "outer", ("other",))
    boxes = [
        each
        for each in drawn(replace(graph, groups=(outer, inner))).shapes
        if isinstance(each, RoundedBox) and each.stroke and each.stroke.dash
    ]
    assert len(boxes) == 2 and boxes[0].width > boxes[1].width


def test_the_svg_is_well_formed_and_escaped() -> None:
    graph = residual()
    odd = graph.with_params("conv", {**graph.nodes["conv"].params, "name": "a<b>&\x07"})
    drawing = drawn(odd)
    root = ElementTree.fromstring(svg_text(drawing, 2.0).encode())
    assert root.get("viewBox") == f"0 0 {drawing.width:g} {drawing.height:g}"
    assert float(root.get("width", "")) == 2 * drawing.width
    title = root.find(f"{SVG}title")
    assert title is not None and title.text == "Residual & more"
    assert "a<b>&" in [each.text for each in root.iter(f"{SVG}text")]
    assert root.find(f"{SVG}rect").get("fill") == LIGHT.background  # type: ignore[union-attr]


def test_a_theme_has_its_own_colours() -> None:
    dark = replace(ARTIST, colors=DARK).draw(residual())
    assert dark.background == DARK.background
    fills = {each.fill for each in dark.shapes if isinstance(each, BezierCurve)}
    assert "#0d9488" not in fills  # that of convolutions is lightened


def test_an_empty_graph_gives_an_empty_drawing() -> None:
    assert ARTIST.draw(Graph()).shapes == ()


@pytest.mark.parametrize("text", ["x", "a rather long name", "卷积层" * 9, "…" * 30])
def test_a_cut_text_fits(text: str) -> None:
    style = next(e.style for e in drawn(residual()).shapes if isinstance(e, Label))
    cut = elided(text, style, 60.0, estimated_width)
    assert estimated_width(cut, style) <= 60 and (cut == text or cut.endswith("…"))


def test_only_graphs_that_lie_at_one_place_are_arranged() -> None:
    placed = residual().with_positions({"conv": (0.0, 8.0)})
    project = Project(graphs=FrozenMap({"model": residual(), "placed": placed}))
    arranged = arrange_stacked(project, ARTIST.catalog)
    assert arranged.graphs["placed"] is placed
    nodes = arranged.graphs["model"].nodes.values()
    assert len({each.position for each in nodes}) == len(nodes)
    assert arrange_stacked(arranged, ARTIST.catalog) is arranged


def test_a_shape_is_written_on_the_side_without_a_detour() -> None:
    straight = [(0.0, 0.0), (0.0, 10.0), (0.0, 20.0), (0.0, 30.0)]
    detour = [(0.0, 0.0), (90.0, 20.0), (90.0, 60.0), (0.0, 90.0)]
    assert label_place([straight, detour], 0.0).left
    mirrored = [(-x, y) for x, y in detour]
    assert not label_place([straight, mirrored], 0.0).left
