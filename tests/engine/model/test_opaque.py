"""Opaque layers: created safely from their configuration, or reported."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from drawn import connected, dense, layer, project
from tiny import SHAPE, tiny_graph, tiny_project

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import OPAQUE, Graph, Node
from dlstudio.document.problems import Problem
from dlstudio.document.project import MODEL, Project
from dlstudio.document.storage import project_from_json, project_to_json
from dlstudio.document.values import FrozenMap, Json
from dlstudio.engine.codegen.script import script
from dlstudio.engine.model.build import build
from dlstudio.engine.model.opaque import describe_opaque, open_opaque
from dlstudio.engine.model.opaque_weights import write_weights
from dlstudio.engine.problems.check import check
from dlstudio.engine.shapes.graph import ShapeInference
from dlstudio.errors import UserError
from tests.engine.training.test_trainer import Training

CATALOG = Catalog.load()


def foreign(id: str = "block", /, **params: Any) -> Node:
    return Node(id, OPAQUE, FrozenMap(params))


def encoder() -> Any:
    inputs = keras.Input((6,), name="given")
    hidden = keras.layers.Dense(4, activation="relu")(inputs)
    return keras.Model(inputs, keras.ops.add(hidden, 1.0), name="encoder")


def around(block: Node) -> Project:
    graph = connected(
        [layer("x", "InputLayer", shape=(6,)), block, dense("d", 2)],
        "x block", "block d",
    )  # fmt: skip
    return Project().with_graph(MODEL, graph)


def problems(made: Project) -> list[Problem]:
    shown = project(made.model)
    found = check(shown, CATALOG, ShapeInference())
    return [p for p in found if p.node == "block" and p.code != "not-rescaled"]


def written(made: Project) -> Any:
    space: dict[str, Any] = {"__name__": "written"}
    exec(compile(script(made, CATALOG).text, "written.py", "exec"), space)
    return space["build_model"]()


def test_a_foreign_model_is_built_kept_and_written(tmp_path: Path) -> None:
    theirs = encoder()
    block = foreign(**describe_opaque(theirs), weights="blocks/encoder.npz")
    write_weights(tmp_path, "blocks/encoder.npz", theirs)
    made = around(block)
    again = project_from_json(json.loads(json.dumps(project_to_json(made))))
    assert again == made

    shape = ShapeInference().infer(made.model, CATALOG)["block"]
    assert (shape.error, shape.cost.params) == ("", 6 * 4 + 4)
    assert [form.shape for form in shape.outputs] == [(None, 4)]
    assert problems(made) == []

    model = build(made, CATALOG, folder=tmp_path)
    assert [each.name for each in model.layers] == ["x", "block", "d"]
    x = np.random.default_rng(0).normal(size=(3, 6)).astype("float32")
    np.testing.assert_allclose(
        model.get_layer("block")(x), theirs(x), rtol=1e-5, atol=1e-6
    )

    model.save(tmp_path / "model.keras")
    kept = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_allclose(kept(x), model(x), rtol=1e-5, atol=1e-6)


def test_the_script_takes_the_weights_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = encoder()
    write_weights(tmp_path, "encoder.npz", theirs)
    made = around(foreign(**describe_opaque(theirs), weights="encoder.npz"))
    monkeypatch.chdir(tmp_path)
    model = written(made)
    x = np.ones((1, 6), "float32")
    np.testing.assert_allclose(
        model.get_layer("block")(x), theirs(x), rtol=1e-5, atol=1e-6
    )
    frozen = written(around(replace(made.model.nodes["block"], frozen=True)))
    assert not frozen.get_layer("block").trainable


def test_several_inputs_and_outputs_and_a_call_of_its_own() -> None:
    attention = keras.layers.MultiHeadAttention(2, 3)
    block = foreign(
        **describe_opaque(attention),
        inputs=2,
        outputs=2,
        arguments=Json.of(
            {
                "args": [{"port": 1}, {"port": 0}],
                "kwargs": {"return_attention_scores": True},
            }
        ),
    )
    graph = connected(
        [layer("a", "InputLayer", shape=(5, 4)), layer("b", "InputLayer", shape=(5, 7)),
         block],
        "a block", "b block 1",
    )  # fmt: skip
    made = Project().with_graph(MODEL, graph)
    shapes = [(None, 5, 7), (None, 2, 5, 5)]
    found = ShapeInference().infer(graph, CATALOG)["block"]
    assert [form.shape for form in found.outputs] == shapes
    text = script(made, CATALOG).text
    assert "block = block_layer(b, a, return_attention_scores=True)" in text
    for model in (build(graph, CATALOG), written(made)):
        assert [tuple(each.shape) for each in model.outputs] == shapes


def test_one_block_called_twice_is_one_layer() -> None:
    block = foreign(**describe_opaque(keras.layers.Dense(4)))
    twin = replace(foreign("twin", **block.params), shares="block")
    graph = connected(
        [layer("a", "InputLayer", shape=(6,)), layer("b", "InputLayer", shape=(6,)),
         block, twin],
        "a block", "b twin",
    )  # fmt: skip
    for model in (
        build(graph, CATALOG),
        written(Project().with_graph(MODEL, graph)),
    ):
        assert model.count_params() == 28


def custom() -> Node:
    return foreign(
        class_name="Squeezer",
        registered_name="theirs>Squeezer",
        module="theirs.layers",
        config=Json.of({"ratio": 4}),
    )


def hidden_function() -> Node:
    fetch = {"class_name": "function", "module": "keras.utils", "config": "get_file"}
    config = Json.of({"units": 2, "activation": fetch})
    return foreign(class_name="Dense", module="keras.layers", config=config)


def hidden_lambda() -> Node:
    config = keras.models.Sequential([keras.layers.Identity()]).get_config()
    config["layers"][0] = {
        "module": "keras.layers",
        "class_name": "Lambda",
        "config": {"function": {"class_name": "__lambda__", "config": {"code": "x"}}},
    }
    return foreign(class_name="Sequential", module="keras", config=Json.of(config))


@pytest.mark.parametrize(
    ("block", "sentence"),
    [
        (custom(), "needs the class theirs>Squeezer, which is not available"),
        (
            foreign(class_name="run", module="os", config=Json.of({})),
            "needs the class run, which is not available",
        ),
        (
            foreign(class_name="get_file", module="keras.utils", config=Json.of({})),
            "needs the class get_file, which is not available",
        ),
        (hidden_function(), "needs the class function, which is not available"),
        (hidden_lambda(), "contains custom code (Lambda)"),
        (
            foreign(class_name="TFSMLayer", module="keras.layers", config=Json.of({})),
            "contains custom code (TFSMLayer)",
        ),
        (
            foreign(class_name="Conv9D", module="keras.layers", config=Json.of({})),
            "needs the class Conv9D, which is not available",
        ),
        (
            foreign(class_name="Adam", module="keras.optimizers", config=Json.of({})),
            "is not a layer",
        ),
        (
            foreign(class_name="__numpy__", config=Json.of({})),
            "is not a layer",
        ),
        (
            foreign(class_name="Dense", module="keras.layers", config=Json.of([])),
            "is damaged",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_invalid_layer_is_reported_and_the_rest_works(
    block: Node, sentence: str
) -> None:
    made = around(block)
    shapes = ShapeInference().infer(made.model, CATALOG)
    assert shapes["x"].cause == "" and sentence in shapes["block"].error
    found = problems(made)
    assert [p.code for p in found] == ["closed-block"]
    assert sentence in found[0].message
    assert [fix.label for fix in found[0].fixes] == ["Remove block"]
    # Of a Lambda, a script says what it needs; see `test_code_models`.
    for act in (build,) if "Lambda" in sentence else (build, script):
        with pytest.raises(UserError) as caught:
            act(made, CATALOG)
        assert sentence in caught.value.message or act is script
    assert project_from_json(project_to_json(made)) == made


def test_nothing_is_imported_for_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    def refuse(name: str, package: str | None = None) -> Any:
        raise AssertionError(name)

    monkeypatch.setattr(importlib, "import_module", refuse)
    with pytest.raises(UserError, match="not available"):
        open_opaque(custom().params)


def _beside(folder: Path, write: Callable[[Path], object], name: str) -> Graph:
    write(folder)
    block = foreign(**describe_opaque(encoder()), weights=name)
    return around(block).model


@pytest.mark.parametrize(
    ("write", "name", "sentence"),
    [
        (lambda folder: None, "gone.npz", "missing"),
        (lambda folder: None, "../other.npz", "outside"),
        (lambda folder: None, "/etc/passwd", "outside"),
        (lambda folder: (folder / "a.npz").write_bytes(b"x"), "a.npz", "damaged"),
        (
            lambda folder: np.savez(
                folder / "a.npz",
                allow_pickle=True,
                **{"0": np.array([{}], dtype=object)},
            ),
            "a.npz",
            "damaged",
        ),
        (
            lambda folder: write_weights(folder, "a.npz", keras.layers.Identity()),
            "a.npz",
            "do not belong to this block",
        ),
    ],
)
def test_weights_that_cannot_be_loaded_are_reported(
    tmp_path: Path, write: Callable[[Path], object], name: str, sentence: str
) -> None:
    graph = _beside(tmp_path, write, name)
    with pytest.raises(UserError, match=sentence):
        build(graph, CATALOG, folder=tmp_path)


def test_training_starts_from_the_weights_of_an_opaque_layer(tmp_path: Path) -> None:
    inputs = keras.Input(SHAPE)
    theirs = keras.Model(inputs, keras.layers.Conv2D(2, 3)(inputs))
    write_weights(tmp_path, "conv.npz", theirs)
    params = {**describe_opaque(theirs), "weights": "conv.npz"}
    block = replace(foreign(**params), frozen=True)
    training = Training(tmp_path)
    run = training(tiny_project(tiny_graph(block), epochs=1))
    assert run.outcome == "succeeded"
    trained = keras.saving.load_model(run.model_path)
    kept = trained.get_layer("block").get_weights()
    for ours, given in zip(kept, theirs.get_weights(), strict=True):
        np.testing.assert_allclose(ours, given, rtol=1e-5, atol=1e-6)


def test_a_damaged_call_is_reported() -> None:
    block = foreign(
        **describe_opaque(keras.layers.Identity()),
        arguments=Json.of({"args": [{"port": 7}], "kwargs": {}}),
    )
    with pytest.raises(UserError, match="is damaged"):
        build(around(block), CATALOG)
