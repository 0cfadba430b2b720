"""Every operation of the catalog builds, has a shape, and is saved and written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest
from drawn import connected, dense, layer, project
from installed_keras import needs

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.catalog.validation import check_params
from dlstudio.document.graph import INPUT, Edge, Graph, Node, node
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, freeze_map
from dlstudio.engine.codegen.script import script
from dlstudio.engine.cost.operations import (
    MOVING,
    PRODUCTS,
    UNKNOWN,
    operation_cost,
)
from dlstudio.engine.model.build import build
from dlstudio.engine.problems.check import check
from dlstudio.engine.shapes.graph import ShapeInference
from dlstudio.errors import UserError

CATALOG = Catalog.load()
OPS = CATALOG.family("ops")
# These need a symmetric positive definite matrix.
POSITIVE = ("cholesky", "cholesky_inverse")


def op(function: str, *, id: str = "op", **params: Any) -> Node:
    return node(id, f"keras.ops.{function}", **params)


def _graph(description: Description) -> Graph:
    """The operation on its example inputs."""
    nodes, edges = [], []
    for port, (batch, *shape) in enumerate(_shapes(description)):
        dtypes = description.example_dtypes
        given: dict[str, Any] = {"dtype": dtypes[port]} if dtypes else {}
        if batch is not None:
            given["batch_size"] = batch
        nodes.append(node(f"in_{port}", INPUT, shape=shape, **given))
        edges.append(Edge(f"in_{port}", "op", 0, port))
    params = freeze_map(dict(description.example))
    nodes.append(Node("op", description.kind, params))
    return Graph(FrozenMap((n.id, n) for n in nodes), tuple(edges))


def _shapes(description: Description) -> tuple[tuple[int | None, ...], ...]:
    count = description.inputs.maximum or len(description.example_inputs)
    return description.example_inputs[:count]


def _sample(tensor: Any, kind: str) -> npt.NDArray[Any]:
    random = np.random.default_rng(0)
    shape = [3 if size is None else size for size in tensor.shape]
    if tensor.dtype == "bool":
        return random.integers(0, 2, shape).astype(bool)
    if tensor.dtype.startswith("int"):
        return random.integers(0, 3, shape).astype(tensor.dtype)
    values = random.uniform(0.1, 0.9, shape)
    if kind.rpartition(".")[2] in POSITIVE:
        values = values @ np.swapaxes(values, -1, -2) + np.eye(shape[-1])
    if tensor.dtype.startswith("complex"):
        values = values + 1j * random.uniform(0.1, 0.9, shape)
    return values.astype(tensor.dtype)


def _answers(model: Any, samples: list[npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
    outputs = model(samples if len(samples) > 1 else samples[0])
    return [np.asarray(each) for each in keras.tree.flatten(outputs)]


def _written(project: Project) -> Any:
    space: dict[str, Any] = {"__name__": "written"}
    exec(compile(script(project, CATALOG).text, "written.py", "exec"), space)
    return space["build_model"]()


@pytest.mark.parametrize("description", OPS, ids=lambda each: each.kind)
def test_every_operation_keeps_the_contract(
    description: Description, tmp_path: Path
) -> None:
    needs(description)
    example = freeze_map(dict(description.example))
    assert check_params(description, example, CATALOG) == []
    graph = _graph(description)
    model = build(graph, CATALOG)
    assert model.count_params() == 0
    names = [each.name for each in model.operations]
    assert "op" in names

    shape = ShapeInference().infer(graph, CATALOG)["op"]
    assert shape.error == "" and shape.cost.params == 0
    assert [f.shape for f in shape.outputs] == [tuple(t.shape) for t in model.outputs]
    assert [f.dtype for f in shape.outputs] == [t.dtype for t in model.outputs]

    samples = [_sample(tensor, description.kind) for tensor in model.inputs]
    answers = _answers(model, samples)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    again = _answers(loaded, samples)
    theirs = _answers(_written(Project().with_graph(MODEL, graph)), samples)
    assert len(answers) == len(again) == len(theirs) == len(shape.outputs)
    for ours, kept, scripted in zip(answers, again, theirs, strict=True):
        np.testing.assert_allclose(ours, kept, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(ours, scripted, rtol=1e-5, atol=1e-6)


def _after(operation: Node, *edges: str) -> Graph:
    """Two inputs, an operation and a Dense layer after it."""
    ends = [layer("a", "InputLayer", shape=(6,)), layer("b", "InputLayer", shape=(6,))]
    inputs = [end for end in ends if any(w.startswith(end.id) for w in edges)]
    return connected([*inputs, operation, dense("d", 2)], *edges, "op d")


def _problems(graph: Graph) -> list[tuple[str, str]]:
    found = check(project(graph), CATALOG, ShapeInference())
    return [(p.code, p.message) for p in found if p.node == "op"]


@pytest.mark.parametrize(
    ("operation", "edge", "text", "value"),
    [
        (op("add", x2=1.5), "a op", "= a + 1.5", 2.5),
        (op("subtract", x1=3), "a op 1", "= 3 - a", 2.0),
        (
            op("multiply", x2=(1.0, 2.0, 3.0, 4.0, 5.0, 6.0)),
            "a op",
            "keras.ops.multiply(a, np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], "
            'dtype="float32"))',
            1.0,
        ),
        (
            op("where", condition=0, x2=-1.0),
            "a op 1",
            "keras.ops.where(0, a, -1.0)",
            -1.0,
        ),
    ],
)
def test_a_number_can_replace_an_edge(
    operation: Node, edge: str, text: str, value: float
) -> None:
    graph = _after(operation, edge)
    assert _problems(graph) == []
    graph = replace(graph, outputs=("op",))
    assert build(graph, CATALOG)(np.ones((1, 6), "float32")).numpy()[0, 0] == value
    made = Project().with_graph(MODEL, graph)
    written = script(made, CATALOG).text
    assert text in " ".join(written.split()).replace("( ", "(").replace(", )", ")")


def test_errors_of_an_operation_are_reported() -> None:
    ((code, message),) = _problems(_after(op("add"), "a op"))
    assert code == "too-few-inputs"
    assert "set a number instead" in message
    ((code, message),) = _problems(_after(op("add", x2=1), "a op", "b op 1"))
    assert code == "bad-parameter"
    assert "x2 is connected" in message
    unlike = connected(
        [layer("a", "InputLayer", shape=(5,)), layer("b", "InputLayer", shape=(6,)),
         op("add")],
        "a op", "b op 1",
    )  # fmt: skip
    ((code, message),) = [
        each for each in _problems(unlike) if each[0] == "layer-refuses"
    ]
    assert "op (add) does not accept 5 from a and 6 from b" in message
    assert _problems(_after(op("mean"), "a op"))[0][0] == "mixes-samples"


def test_numbers_alone_are_no_input() -> None:
    graph = _after(op("add", x1=1, x2=2), "a d")
    assert (
        "at least one connection" in ShapeInference().infer(graph, CATALOG)["op"].error
    )
    with pytest.raises(UserError, match="All of its inputs are numbers"):
        build(graph, CATALOG)


@pytest.mark.parametrize("key", [":, 1:3", "..., -1", ":, None", "0", ":, ::2"])
def test_a_part_of_a_tensor_is_written_as_in_python(key: str) -> None:
    graph = _after(op("get_item", key=key), "a op")
    graph = Graph(graph.nodes.without(["d"]), graph.edges[:1])
    values = np.arange(18, dtype="float32").reshape(3, 6)
    expected = eval(f"values[{key}]", {"values": values})
    made = Project().with_graph(MODEL, graph)
    assert f"op = a[{key}]" in script(made, CATALOG).text
    for model in (build(graph, CATALOG), _written(made)):
        np.testing.assert_allclose(
            model(values).numpy(), expected, rtol=1e-5, atol=1e-6
        )


@pytest.mark.parametrize("key", ["", "x", "print(1)", "[0]", "1.5", ":, (0)"])
def test_nothing_else_stands_between_the_brackets(key: str) -> None:
    graph = _after(op("get_item", key=key), "a op")
    made = Project().with_graph(MODEL, graph)
    for act in (build, script):
        with pytest.raises(UserError, match="not a valid tensor index"):
            act(made, CATALOG)


def test_operations_are_called_after_their_nodes_in_every_build() -> None:
    graph = connected(
        [layer("a", "InputLayer", shape=(6,)), op("mean", id="first", axis=-1),
         op("exp", id="second", name="grown")],
        "a first", "first second",
    )  # fmt: skip
    for _time in range(2):
        names = [each.name for each in build(graph, CATALOG).operations]
        assert names == ["a", "first", "grown"]


def test_a_layer_that_is_called_like_an_operation_has_another_name_in_the_script() -> (
    None
):
    ends = [layer(id, "InputLayer", shape=(6,)) for id in "ab"]
    graph = connected(
        [*ends, layer("add", "Add"), op("add", id="sum")],
        "a add", "b add 1", "add sum", "b sum 1",
    )  # fmt: skip
    values = [np.ones((1, 6), "float32")] * 2
    ours = build(graph, CATALOG)
    assert [each.name for each in ours.operations][-2:] == ["add", "sum"]
    theirs = _written(Project().with_graph(MODEL, graph))
    np.testing.assert_allclose(ours(values), theirs(values), rtol=1e-5, atol=1e-6)


def test_a_similar_name_is_offered_for_an_unknown_operation() -> None:
    ((code, message),) = _problems(_after(op("meann"), "a op"))
    assert code == "unknown-kind" and "Did you mean mean?" in message


def test_what_several_outputs_feed() -> None:
    graph = _after(op("split", indices_or_sections=2, axis=-1), "a op")
    second = replace(graph, edges=(graph.edges[0], Edge("op", "d", 1, 0)))
    made = Project().with_graph(MODEL, second)
    assert "d = layers.Dense(" in script(made, CATALOG).text
    assert "(op[1])" in script(made, CATALOG).text
    assert build(second, CATALOG).output_shape == (None, 2)


@pytest.mark.parametrize(
    ("name", "inputs", "outputs", "cost"),
    [
        ("matmul", [(None, 4, 5), (None, 5, 6)], [(None, 4, 6)], 4 * 6 * 5),
        ("add", [(None, 6), (None, 6)], [(None, 6)], 12),
        ("reshape", [(None, 6)], [(None, 2, 3)], 0),
        ("cholesky", [(None, 3, 3)], [(None, 3, 3)], None),
        ("exp", [(None, None)], [(None, None)], None),
        ("mean", [(None, 6)], [(None,)], 6),
    ],
)
def test_the_cost_of_operations(
    name: str, inputs: list[Any], outputs: list[Any], cost: int | None
) -> None:
    assert operation_cost(name, inputs, outputs) == cost


def test_costs_name_operations_that_are_there() -> None:
    names = {each.name for each in OPS}
    assert (MOVING | PRODUCTS | UNKNOWN) - names == set()
