"""What a project writes as a script is read as the same project."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_pairs import small_project

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.catalog.store import Catalog
from dlstudio.document.feature import Feature
from dlstudio.document.graph import INPUT, NESTED, Edge, Graph, Group, Node, node
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.codegen.script import script
from dlstudio.engine.script_reader.new_project import new_project
from dlstudio.engine.script_reader.project_merge import project_from_script
from dlstudio.engine.script_reader.reader import read_script
from dlstudio.engine.templates import make_project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.image_and_table import with_example_image
from dlstudio.engine.templates.table_features import example_features
from tests.engine.templates.test_language_templates import language_context
from tests.engine.templates.test_table_templates import TARGETS, column
from tests.engine.templates.test_table_templates import table as table_context
from tests.engine.templates.test_text_templates import context, text

CATALOG = Catalog.load()
FOLDER = Spec("dlstudio.sources.folder", FrozenMap({"path": "pictures"}))
PHOTOS = TemplateContext("photos", FOLDER, 7, 900, 375, 500, varying=True)


def template_project(name: str) -> Project:
    """A project of a template for data that fits it."""
    description = CATALOG.find("templates", name)
    if name.startswith("translate-"):
        return small_project(name)
    if name.startswith("generate-"):
        return make_project(description, language_context())
    if name.startswith("table-"):
        inputs = [
            column("rooms", Feature("dlstudio.features.number")),
            column("district", Feature("dlstudio.features.category"), 40),
        ]
        return make_project(description, table_context(*inputs, targets=TARGETS[:2]))
    if name.startswith("text-"):
        return make_project(description, context(text(), target=2 * ("regr" in name)))
    if name == "image-and-table":
        both = with_example_image(example_features())
        return make_project(description, replace(PHOTOS, table=both))
    if name.startswith("tag-"):
        return make_project(description, TemplateContext("tags"))
    return make_project(description, PHOTOS)


NAMES = [
    each.name for each in CATALOG.family("templates") if each.name != "word-vectors"
]


@pytest.mark.parametrize("name", NAMES)
def test_the_script_of_a_template_gives_the_same_project(name: str) -> None:
    project = template_project(name)
    written = script(project, CATALOG).text
    assert max(map(len, written.splitlines())) <= 88
    assert project_from_script(written, project, CATALOG) == project
    new = new_project(read_script(written, CATALOG), "", CATALOG)
    kinds = [
        sorted(each.kind for each in made.model.nodes.values())
        for made in (new, project)
    ]
    assert kinds[0] == kinds[1]
    assert len(new.model.edges) == len(project.model.edges)


def test_shared_nested_and_frozen_layers_loose_ends_and_several_outputs() -> None:
    inner = Graph.chain(
        [node("in", INPUT, shape=[4]), node("mid", "keras.layers.Dense", units=4)]
    )
    nodes = [
        node("a", INPUT, shape=[4], name="first"),
        node("b", INPUT, shape=[4]),
        replace(node("one", NESTED, graph="encoder"), frozen=True),
        replace(node("one again", NESTED, graph="encoder"), shares="one"),
        node("two", NESTED, graph="encoder"),
        node("sum", "keras.ops.add"),
        node("part", "keras.ops.multiply", x2=1 / 6),
        node("root", "keras.ops.power", x2=1 / 3),
        node("half", "keras.ops.power", x1=-0.5),
        node("last", "keras.ops.get_item", key=":,  -1:"),
        node("loose", "keras.layers.Dense", units=2),
        node("repeat", "keras.layers.RepeatVector", n=3),
        node("lstm", "keras.layers.LSTM", units=4, return_state=True),
        node(
            "act",
            "keras.layers.Activation",
            activation={
                "kind": "keras.activations.leaky_relu",
                "params": {"negative_slope": 0.3},
            },
        ),
    ]
    edges = (
        Edge("b", "one again"),
        Edge("a", "one"),
        Edge("b", "two"),
        Edge("one", "sum"),
        Edge("one again", "sum", 0, 1),
        Edge("sum", "part"),
        Edge("part", "root"),
        Edge("root", "half", 0, 1),
        Edge("two", "loose"),
        Edge("half", "last"),
        Edge("half", "repeat"),
        Edge("repeat", "lstm"),
        Edge("two", "lstm", 0, 1),
        Edge("half", "lstm", 0, 2),
        Edge("lstm", "act", 1),
    )
    outputs = ("last", "act", "lstm")
    groups = (Group("g", "Both", ("one", "two")),)
    graph = Graph(FrozenMap({n.id: n for n in nodes}), edges, groups, outputs)
    project = Project().with_graph(MODEL, graph).with_graph("encoder", inner)
    written = script(project, CATALOG).text
    assert "part = sum * (1 / 6)" in written and "half = (-0.5) ** root" in written
    assert project_from_script(written, project, CATALOG) == project


def test_a_repeated_graph_keeps_its_count() -> None:
    inner = Graph.chain(
        [node("in", INPUT, shape=[4]), node("mid", "keras.layers.Dense", units=4)]
    )
    outer = Graph.chain(
        [
            node("x", INPUT, shape=[4]),
            node("own", NESTED, graph="block", repeat=3),
            node("same", NESTED, graph="block", repeat=2, shared_weights=True),
        ]
    )
    project = Project().with_graph(MODEL, outer).with_graph("block", inner)
    written = script(project, CATALOG).text
    assert project_from_script(written, project, CATALOG) == project
    after = project_from_script(
        written.replace("range(3)", "range(5)"), project, CATALOG
    )
    assert after.model.nodes["own"].params["repeat"] == 5
    assert after.graphs["block"] == inner


def test_a_backbone_is_one_node() -> None:
    backbone = node(
        "backbone",
        BACKBONE,
        architecture="MobileNet",
        weights="none",
        alpha=0.25,
        pooling="avg",
        trainable_from="conv_pw_9",
    )
    graph = Graph.chain([node("image", INPUT, shape=[64, 64, 3]), backbone])
    project = Project().with_graph(MODEL, graph)
    written = script(project, CATALOG).text
    assert project_from_script(written, project, CATALOG) == project
    new = new_project(read_script(written, CATALOG), "", CATALOG)
    made = new.model.nodes["backbone"]
    assert made.kind == BACKBONE and dict(made.params) == dict(backbone.params)


PLAIN = {
    "keras.layers.Dense": {"units": st.integers(1, 9), "use_bias": st.booleans()},
    "keras.layers.Dropout": {"rate": st.floats(0, 0.9)},
    "keras.layers.LayerNormalization": {"epsilon": st.floats(1e-9, 1)},
    "keras.layers.Activation": {"activation": st.sampled_from(["relu", "tanh"])},
    "keras.ops.negative": {},
}
NEEDED = ("units", "rate", "activation")
NAMED = st.sampled_from(["a", "b c", "层", "layers", "class", "add", "x", "name"])


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """A small graph in which each node follows one or two earlier ones."""
    nodes: dict[str, Node] = {"in": node("in", INPUT, shape=[4])}
    edges: list[Edge] = []
    for number in range(draw(st.integers(1, 6))):
        id = f"n{number}" if draw(st.booleans()) else draw(NAMED)
        if id in nodes:
            continue
        before = draw(st.sampled_from(sorted(nodes)))
        kind = draw(st.sampled_from([*PLAIN, "keras.layers.Add", "keras.ops.add"]))
        params = {
            name: draw(values)
            for name, values in PLAIN.get(kind, {}).items()
            if name in NEEDED or draw(st.booleans())
        }
        made = replace(node(id, kind, **params), frozen=draw(st.booleans()))
        nodes[id] = replace(made, frozen=made.frozen and kind.endswith("Dense"))
        edges.append(Edge(before, id))
        if kind.lower().endswith(".add"):
            edges.append(Edge(before, id, 0, 1))
    return Graph(FrozenMap(nodes), tuple(edges))


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_any_small_graph_comes_back(graph: Graph) -> None:
    project = Project().with_graph(MODEL, graph)
    written = script(project, CATALOG).text
    assert project_from_script(written, project, CATALOG) == project
