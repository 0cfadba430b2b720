"""Activations of one layer: real samples, trained weights, subgraphs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn import SCALE, connected, conv, dense, head, image, layer
from small_images import class_folders, write

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, NESTED, Edge, Graph, node
from dlstudio.document.plan import DataRecipe, TrainingPlan
from dlstudio.document.project import MODEL, Project
from dlstudio.document.storage import project_to_json
from dlstudio.document.values import FrozenMap, Spec, freeze_map
from dlstudio.engine.model.build import build
from dlstudio.engine.prediction import activations as peeking
from dlstudio.engine.prediction.activations import ActivationReader, subgraph_to
from dlstudio.engine.prediction.image_sample import spread
from dlstudio.engine.runs.store import RunStore
from dlstudio.errors import UserError
from tests.support.labels import relabeled

CATALOG = Catalog.load()
SOURCE = DataRecipe(Spec("dlstudio.sources.digits"))


@dataclass(frozen=True)
class Query:
    project: Project
    node: str
    folder: Path | None = None
    sample: int = 0
    trained: bool = False
    graph: str = MODEL
    output: int = 0


@pytest.fixture
def activation_reader() -> ActivationReader:
    return ActivationReader(CATALOG)


def _project(*nodes: Any, data: DataRecipe = SOURCE) -> Project:
    return Project(graphs=FrozenMap({MODEL: Graph.chain(nodes)}), data=data)


def test_activations_of_a_real_image_are_computed(
    activation_reader: ActivationReader,
) -> None:
    project = _project(image(8, 8, 1), SCALE, conv("conv"), head())
    found = activation_reader.read(Query(project, "scale"))
    assert found["preview"].shape == (8, 8, 1)
    assert found["preview"].dtype == np.uint8
    np.testing.assert_allclose(found["values"], found["preview"] / 255, atol=1e-6)
    assert found["sample"] and found["label"] in "0123456789"
    assert activation_reader.read(Query(project, "conv"))["values"].shape == (6, 6, 8)
    assert found["run"] == ""


def test_other_samples_need_no_other_model(
    activation_reader: ActivationReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = _project(image(8, 8, 1), SCALE, conv("conv"))
    built: list[Graph] = []

    def counted(*args: Any) -> Any:
        built.append(args[0])
        return build(*args)

    monkeypatch.setattr(peeking, "build", counted)
    found = [activation_reader.read(Query(project, "conv", sample=n)) for n in range(4)]
    assert len(built) == 1
    assert len({each["sample"] for each in found}) == 4
    moved = replace(project.model.nodes["conv"], position=(9.0, 9.0))
    elsewhere = project.with_graph(MODEL, project.model.with_nodes([moved]))
    activation_reader.read(Query(elsewhere, "conv"))
    assert len(built) == 1, "where it stands does not matter"
    for size in (2, 3, 4, 5, 6):
        wider = project.model.with_params("conv", freeze_map({"filters": size}))
        wider = wider.with_params("conv", {"filters": size, "kernel_size": 3})
        activation_reader.read(Query(project.with_graph(MODEL, wider), "conv"))
    assert len(built) == 6
    activation_reader.read(Query(project, "conv"))
    assert len(built) == 7, "only the last few are kept"


def test_mistakes_behind_the_node_do_not_matter(
    activation_reader: ActivationReader,
) -> None:
    project = _project(image(8, 8, 1), conv("conv"), dense("odd", units=-3), head())
    assert activation_reader.read(Query(project, "conv"))["values"].shape == (6, 6, 8)
    with pytest.raises(UserError, match="odd"):
        activation_reader.read(Query(project, "odd"))
    with pytest.raises(UserError, match="nowhere"):
        activation_reader.read(Query(project, "nowhere"))


def test_without_data_random_numbers_go_in(activation_reader: ActivationReader) -> None:
    words = node("words", INPUT, shape=[None], dtype="int32")
    embed = layer("embed", "Embedding", input_dim=10, output_dim=4)
    found = activation_reader.read(
        Query(_project(words, embed, data=DataRecipe()), "embed")
    )
    assert found["values"].shape == (peeking.OPEN_SIZE, 4)
    assert "picture" not in found


def test_text_is_refused_in_words(activation_reader: ActivationReader) -> None:
    words = node("words", INPUT, shape=[1], dtype="string")
    lookup = layer("lookup", "StringLookup", vocabulary=("a", "b"))
    project = _project(words, lookup, data=DataRecipe())
    with pytest.raises(UserError, match="Text enters this layer"):
        activation_reader.read(Query(project, "lookup"))


def test_several_outputs_are_all_there(activation_reader: ActivationReader) -> None:
    nodes = [
        node("words", INPUT, shape=[5, 3]),
        layer("read", "GRU", units=4, return_state=True, return_sequences=True),
    ]
    project = _project(*nodes, data=DataRecipe())
    first = activation_reader.read(Query(project, "read"))
    assert (first["outputs"], first["values"].shape) == (2, (5, 4))
    state = activation_reader.read(Query(project, "read", output=1))
    assert state["values"].shape == (4,)
    np.testing.assert_allclose(state["values"], first["values"][-1], rtol=1e-5)
    assert activation_reader.read(Query(project, "read", output=9))["values"].shape == (
        4,
    )


def test_an_operation_has_activations_like_a_layer(
    activation_reader: ActivationReader,
) -> None:
    mean = node("mean", "keras.ops.mean", axis=-1)
    whole = node("whole", "keras.ops.max")
    project = _project(image(8, 8, 1), mean, whole)
    found = activation_reader.read(Query(project, "mean"))
    np.testing.assert_array_equal(found["values"], found["preview"][..., 0])
    # Reduced over all axes there is no batch, and so no sample to select.
    found = activation_reader.read(Query(project, "whole"))
    assert found["values"].shape == ()
    assert found["values"] == found["preview"].max()


def test_several_inputs_and_a_nested_graph(activation_reader: ActivationReader) -> None:
    inner = Graph.chain([node("in", INPUT, shape=[4]), dense("mid", 3)])
    outer = connected(
        [
            node("a", INPUT, shape=[4]),
            node("b", INPUT, shape=[3]),
            node("part", NESTED, graph="encoder"),
            layer("both", "Concatenate"),
        ],
        "a part",
        "part both",
        "b both 1",
    )
    project = Project(graphs=FrozenMap({MODEL: outer, "encoder": inner}))
    assert activation_reader.read(Query(project, "both"))["values"].shape == (6,)
    alone = activation_reader.read(Query(project, "mid", graph="encoder"))
    assert alone["values"].shape == (3,)


def test_the_input_itself_can_be_looked_at(activation_reader: ActivationReader) -> None:
    found = activation_reader.read(Query(_project(image(8, 8, 1), head()), "image"))
    np.testing.assert_array_equal(found["values"], found["preview"])


@pytest.mark.parametrize("dtype", ["float32", "uint8"])
def test_an_input_is_shown_in_its_own_format(
    activation_reader: ActivationReader, dtype: str
) -> None:
    given = node("image", INPUT, shape=[8, 8, 1], dtype=dtype)
    plan = TrainingPlan(precision="mixed_float16")
    project = replace(_project(given, head()), plan=plan)
    assert activation_reader.read(Query(project, "image"))["values"].dtype == dtype


def _trained(project: Project, folder: Path, value: float) -> str:
    """A run whose weights are all equal."""
    model = build(project, CATALOG)
    for weight in model.weights:
        weight.assign(np.full(weight.shape, value))
    run = RunStore(folder).create(project_to_json(project), seed=0)
    model.save(run.folder / "model.keras")
    run.set_outcome("succeeded")
    return run.id


def test_trained_weights_are_those_of_the_latest_run(
    activation_reader: ActivationReader, tmp_path: Path
) -> None:
    project = _project(
        image(8, 8, 1), SCALE, conv("conv", activation="linear"), layer("f", "Flatten")
    )
    query = Query(project, "conv", tmp_path, trained=True)
    assert activation_reader.read(query)["run"] == "", "nothing was trained yet"
    _trained(project, tmp_path, 0.5)
    found = activation_reader.read(query)
    assert found["run"] == "1", "its number"
    patch = found["preview"][:3, :3].sum() / 255 * 0.5 + 0.5
    assert found["values"][0, 0, 0] == pytest.approx(patch, rel=1e-5)
    assert activation_reader.read(replace(query, trained=False))["run"] == ""
    wider = {**project.model.nodes["conv"].params, "filters": 5}
    changed = project.with_graph(MODEL, project.model.with_params("conv", wider))
    assert activation_reader.read(replace(query, project=changed))["run"] == "", (
        "does not fit"
    )


def test_a_damaged_model_is_reported(
    activation_reader: ActivationReader, tmp_path: Path
) -> None:
    project = _project(image(8, 8, 1), conv("conv"))
    run = _trained(project, tmp_path, 0.5)
    (tmp_path / "runs" / run / "model.keras").write_bytes(b"no model")
    with pytest.raises(UserError, match="cannot be read"):
        activation_reader.read(Query(project, "conv", tmp_path, trained=True))


def test_own_images_and_unreadable_ones(
    activation_reader: ActivationReader, tmp_path: Path
) -> None:
    class_folders(tmp_path / "pictures", count=2)
    source = Spec("dlstudio.sources.folder", freeze_map({"path": "pictures"}))
    recipe = DataRecipe(source)
    project = _project(image(6, 5, 3), conv("conv"), data=recipe)
    found = activation_reader.read(Query(project, "conv", tmp_path))
    assert found["preview"].shape == (6, 5, 3)
    assert found["label"] in ("cat", "dog")
    assert found["label"] in found["sample"]
    renamed = replace(recipe, changed=relabeled({found["sample"]: "wolf"}))
    other = activation_reader.read(
        Query(replace(project, data=renamed), "conv", tmp_path)
    )
    assert other["label"] == "wolf"

    for path in (tmp_path / "pictures").rglob("*.png"):
        write(path, b"not a picture")
    with pytest.raises(UserError):
        activation_reader.read(Query(project, "conv", tmp_path))
    gone = _project(image(6, 5, 3), conv("conv"), data=DataRecipe(Spec("odd.source")))
    with pytest.raises(UserError):
        activation_reader.read(Query(gone, "conv", tmp_path))


def test_an_output_too_large_to_look_at_is_refused(
    activation_reader: ActivationReader,
) -> None:
    project = _project(
        node("x", INPUT, shape=[3000]),
        layer("r", "RepeatVector", n=1500),
        data=DataRecipe(),
    )
    with pytest.raises(UserError, match="4,500,000"):
        activation_reader.read(Query(project, "r"))


def test_precision_is_the_plans(activation_reader: ActivationReader) -> None:
    project = replace(
        _project(image(8, 8, 1), conv("conv")),
        plan=TrainingPlan(precision="mixed_float16"),
    )
    assert activation_reader.read(Query(project, "conv"))["values"].dtype == np.float16


def test_only_nodes_before_the_node_are_kept() -> None:
    nodes = [
        node("a", INPUT, shape=[4]),
        node("b", INPUT, shape=[4]),
        dense("own", 4),
        replace(dense("one", 4), shares="own"),
        replace(dense("two", 4), shares="own"),
        layer("both", "Add"),
    ]
    graph = connected(nodes, "a own", "b one", "one two", "two both", "b both 1")
    part = subgraph_to(graph, "both")
    assert set(part.nodes) == {"b", "one", "two", "both"}
    assert part.output_ids() == ("both",)
    assert part.nodes["one"].shares is None, "it owns the weights here"
    assert part.nodes["two"].shares == "one"
    assert part.nodes["one"].name == "own", "as it is called in the whole model"
    assert Edge("b", "one") in part.edges and Edge("a", "own") not in part.edges
    assert build(part, CATALOG).count_params() == 20


def test_neighbouring_samples_are_far_apart() -> None:
    found = [spread(number, 1797) for number in range(1797)]
    assert sorted(found) == list(range(1797)), "every sample has its turn"
    assert abs(found[1] - found[0]) > 100
