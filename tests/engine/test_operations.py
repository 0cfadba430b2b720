"""Every operation of the catalog builds, has a shape, is kept and is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest
from installed_keras import needs

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.catalog.validate import check_params
from dlstudio.document.graph import INPUT, Graph, Link, Node, node
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, freeze_map
from dlstudio.engine.build import build
from dlstudio.engine.codegen import script
from dlstudio.engine.shapes import Shapes

CATALOG = Catalog.load()
OPS = CATALOG.family("ops")
# These want a matrix that is symmetric and positive.
POSITIVE = ("cholesky", "cholesky_inverse")


def _graph(description: Description) -> Graph:
    """The operation on its example inputs."""
    nodes, links = [], []
    for port, (batch, *shape) in enumerate(_shapes(description)):
        dtypes = description.example_dtypes
        given: dict[str, Any] = {"dtype": dtypes[port]} if dtypes else {}
        if batch is not None:
            given["batch_size"] = batch
        nodes.append(node(f"in_{port}", INPUT, shape=shape, **given))
        links.append(Link(f"in_{port}", "op", 0, port))
    params = freeze_map(dict(description.example))
    nodes.append(Node("op", description.kind, params))
    return Graph(FrozenMap((n.id, n) for n in nodes), tuple(links))


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

    shape = Shapes().infer(graph, CATALOG)["op"]
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
        np.testing.assert_array_equal(ours, kept)
        np.testing.assert_array_equal(ours, scripted)
