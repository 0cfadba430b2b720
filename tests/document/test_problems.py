from __future__ import annotations

from dlstudio.document.edits.edges import InsertOnEdge
from dlstudio.document.edits.nodes import RemoveNodes, ReplaceNode
from dlstudio.document.edits.params import ResetParam, SetParam
from dlstudio.document.edits.project import SetData, SetPlan
from dlstudio.document.graph import Edge, node
from dlstudio.document.problems import Fix, Problem

DENSE = node("a", "keras.layers.Dense")
FLATTEN = node("b", "keras.layers.Flatten")


def test_removal_names_its_nodes_and_joins_what_is_around_them() -> None:
    fix = Fix.remove(DENSE, FLATTEN, graph="inner")
    assert fix.label == "Remove a, b"
    assert fix.edits == (RemoveNodes(("a", "b"), True, "inner"),)
    assert Fix.remove(DENSE, join=False).edits == (RemoveNodes(("a",)),)


def test_an_inserted_layer_is_named_by_its_kind() -> None:
    edit = InsertOnEdge(FLATTEN, Edge("conv", "a"))
    assert Fix.insert_after("conv", edit) == Fix("Insert Flatten after conv", (edit,))


def test_a_label_comes_with_one_edit() -> None:
    assert Fix.replace_node("x", DENSE, "g") == Fix("x", (ReplaceNode(DENSE, "g"),))
    assert Fix.set_param("x", DENSE, "units", 3).edits == (SetParam("a", "units", 3),)
    assert Fix.reset_param("x", DENSE, "units").edits == (ResetParam("a", "units"),)
    assert Fix.set_plan("x", "epochs", 3).edits == (SetPlan("epochs", 3),)
    assert Fix.set_data("x", "split.seed", 3).edits == (SetData("split.seed", 3),)


def test_a_message_names_its_place_once() -> None:
    for message in ("Too small.", "conv: Too small."):
        problem = Problem("error", "x", message, "conv")
        assert problem.placed("error") == "error conv: Too small."
        problem = Problem("error", "x", message, "conv", "inner")
        assert problem.placed() == "inner › conv: Too small."
    assert Problem("error", "x", "No data.").placed() == "No data."
