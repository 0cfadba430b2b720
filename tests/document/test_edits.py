from __future__ import annotations

import pytest

from dlstudio.document.edits.edges import Connect, Disconnect, InsertOnEdge
from dlstudio.document.edits.groups import SetGroup
from dlstudio.document.edits.nodes import AddNode, RemoveNodes, SetOutputs, ShareWeights
from dlstudio.document.edits.params import SetParam
from dlstudio.document.edits.project import RemoveGraph, SetData, SetPlan
from dlstudio.document.graph import INPUT, Edge, Graph, Group, node
from dlstudio.document.plan import EarlyStopping
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.errors import UserError

DENSE = "keras.layers.Dense"


@pytest.fixture
def project() -> Project:
    nodes = [node("in", INPUT, shape=[4]), node("a", DENSE), node("b", DENSE)]
    return Project().with_graph(MODEL, Graph.chain(nodes))


def test_adding_a_node_twice_is_refused(project: Project) -> None:
    with pytest.raises(UserError, match="already a layer called “a”"):
        AddNode(node("a", DENSE)).apply(project)


def test_a_node_that_feeds_itself_leaves_no_edge(project: Project) -> None:
    itself = Connect(Edge("a", "a")).apply(project)
    alone = Disconnect(Edge("in", "a")).apply(itself)
    removed = RemoveNodes(("a",), join=True).apply(alone).model
    ends = {end for x in removed.edges for end in (x.source, x.target)}
    assert "a" not in ends


def test_removing_a_node_in_a_chain_can_join_its_neighbours(project: Project) -> None:
    joined = RemoveNodes(("a",), join=True).apply(project).model
    assert joined.edges == (Edge("in", "b"),)
    assert RemoveNodes(("a",)).apply(project).model.edges == ()


def test_removing_a_node_frees_everything_that_named_it(project: Project) -> None:
    project = ShareWeights("b", "a").apply(project)
    project = SetOutputs(("a", "b")).apply(project)
    project = SetGroup(Group("g", "g", ("a",))).apply(project)
    graph = RemoveNodes(("a",)).apply(project).model
    assert graph.nodes["b"].shares is None
    assert graph.outputs == ("b",)
    assert graph.groups == ()


def test_inserting_on_an_edge_splits_it(project: Project) -> None:
    edit = InsertOnEdge(node("m", DENSE), Edge("in", "a"))
    edges = set(edit.apply(project).model.edges)
    assert edges == {Edge("in", "m"), Edge("m", "a"), Edge("a", "b")}


@pytest.mark.parametrize(
    "edit",
    [
        Connect(Edge("a", "nobody")),
        Disconnect(Edge("in", "b")),
        SetParam("nobody", "units", 3),
        RemoveNodes(("nobody",)),
        SetOutputs(("nobody",)),
        ShareWeights("a", "a"),
        RemoveGraph(MODEL),
        SetPlan("nothing", 1),
        SetPlan("epochs.inner", 1),
        SetPlan("epochs", "many"),
        SetPlan("epochs", float("inf")),
        SetData("split.validation", "x"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_message(
    project: Project, edit: Connect
) -> None:
    with pytest.raises(UserError) as caught:
        edit.apply(project)
    assert caught.value.message.endswith(".")


def test_connecting_twice_changes_nothing(project: Project) -> None:
    assert Connect(Edge("in", "a")).apply(project) == project


def test_plan_paths_lead_into_specs_and_optional_parts() -> None:
    project = SetPlan("optimizer.learning_rate", 0.5).apply(Project())
    project = SetPlan("early_stopping.patience", "7").apply(project)
    project = SetPlan("loss", {"kind": "keras.losses.Huber"}).apply(project)
    plan = project.plan
    assert plan.optimizer.params["learning_rate"] == 0.5
    assert plan.early_stopping == EarlyStopping(patience=7)
    assert plan.loss == Spec("keras.losses.Huber", FrozenMap())
    assert SetPlan("early_stopping", None).apply(project).plan.early_stopping is None


def test_the_order_of_a_graph_excludes_cycles() -> None:
    nodes = [node(name, DENSE) for name in "abc"]
    graph = Graph.chain(nodes)
    assert graph.order() == (("a", "b", "c"), frozenset())
    looped = Graph(graph.nodes, (*graph.edges, Edge("c", "b")))
    assert looped.order() == (("a",), frozenset("bc"))


def test_fresh_ids_are_not_taken(project: Project) -> None:
    project = AddNode(node("dense_1", DENSE)).apply(project)
    assert project.model.unique_id("dense") == "dense_2"
