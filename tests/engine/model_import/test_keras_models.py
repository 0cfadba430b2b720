"""Graphs from a configuration: what is kept, what is said, and what is refused."""

from __future__ import annotations

import inspect
import json
import random
from typing import Any

import keras
import pytest
from keras import layers, ops
from model_round_trip import RoundTrip, json_of, outputs_of, without_names
from tricky_models import MAKERS, Both, inputs_of

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, NESTED, OPAQUE
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Spec, freeze_map
from dlstudio.engine.model import instantiate
from dlstudio.engine.model.build import build
from dlstudio.engine.model.build_error import BuildError
from dlstudio.engine.model_import.calls import FALSE_BY_DEFAULT
from dlstudio.engine.model_import.carried_weights import carry_weights, model_weights
from dlstudio.engine.model_import.keras_models import imported_graphs, imported_model
from dlstudio.engine.model_import.masks import PASSING
from dlstudio.engine.model_import.minimal_config import minimal_config
from dlstudio.engine.model_import.operations import (
    is_operation,
    operation_description,
)
from dlstudio.engine.model_import.params import ParamReader, layer_description
from dlstudio.engine.shapes.graph import ShapeInference
from dlstudio.errors import UserError


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


def serialized_model(model: keras.Model) -> Any:
    return json.loads(json.dumps(keras.saving.serialize_keras_object(model)))


def serialized(name: str) -> Any:
    return serialized_model(MAKERS[name]())


def test_nodes_have_the_names_of_layers_and_only_what_differs(catalog: Catalog) -> None:
    graph = imported_model(MAKERS["unet"](), catalog).model
    conv = next(n for n in graph.nodes.values() if n.kind.endswith("Conv2D"))
    assert dict(conv.params) == {
        "filters": 4,
        "kernel_size": 3,
        "padding": "same",
        "activation": "relu",
    }
    assert len({node.position for node in graph.nodes.values()}) == len(graph.nodes)


def test_a_shared_layer_is_one_layer(catalog: Catalog) -> None:
    imported = imported_model(MAKERS["siamese"](), catalog)
    second = imported.model.nodes["tower_2"]
    assert second.shares == "tower"
    assert imported.layer_paths["model", "tower_2"] == ("tower",)


def test_nested_models_are_graphs_with_paths(catalog: Catalog) -> None:
    imported = imported_model(MAKERS["nested_three_deep"](), catalog)
    assert set(imported.graphs) == {"model", "outer", "middle", "inner"}
    (place,) = (p for p in imported.layer_paths if p[0] == "inner" and "dense" in p[1])
    assert imported.layer_paths[place][:3] == ("outer", "middle", "inner")


def test_masks_that_keras_passes_are_not_drawn(catalog: Catalog) -> None:
    masked = imported_model(MAKERS["mask_passing"](), catalog).model
    assert not any("not_equal" in node.kind for node in masked.nodes.values())
    given = imported_model(MAKERS["masking_layer"](), catalog).model
    kinds = {node.kind for node in given.nodes.values()}
    assert "keras.ops.not_equal" not in kinds
    assert [e.target_port for e in given.edges if e.target_port == 1]


def test_a_model_inside_a_layer_is_a_graph(catalog: Catalog) -> None:
    imported = imported_model(MAKERS["time_distributed_model"](), catalog)
    (node,) = (n for n in imported.model.nodes.values() if "TimeDistr" in n.kind)
    assert node.params["layer"] == Spec(NESTED).with_param("graph", "frame")
    shapes = ShapeInference()
    before = shapes.infer(imported.model, catalog, imported.graphs)
    assert before[node.id].outputs[0].shape == (None, 3, 4)
    frame = imported.graphs["frame"]
    (conv,) = (n for n in frame.nodes.values() if n.kind.endswith("Conv2D"))
    repeated = Spec(NESTED, FrozenMap({"graph": "frame", "repeat": 2}))
    twice = imported.model.with_params(node.id, FrozenMap({"layer": repeated}))
    with pytest.raises(BuildError, match="cannot be repeated"):
        build(Project(graphs=imported.graphs.set("model", twice)), catalog)
    wider = frame.with_params(conv.id, conv.params.set("filters", 7))
    graphs = imported.graphs.set("frame", wider)
    after = shapes.infer(imported.model, catalog, graphs)
    assert after[node.id].outputs[0].shape == (None, 3, 7)


def test_custom_code_is_kept_and_never_run(catalog: Catalog) -> None:
    imported = imported_graphs(serialized("lambda_layer"), catalog)
    (block,) = imported.opaque
    assert (block.class_name, block.node) == ("Lambda", "doubled")
    assert imported.model.nodes["doubled"].kind == OPAQUE
    with pytest.raises(BuildError, match="custom code"):
        build(Project(graphs=imported.graphs), catalog)


def test_calls_of_a_custom_layer_may_differ(catalog: Catalog) -> None:
    x, y = keras.Input((4,)), keras.Input((4,))
    both = Both(name="both")
    once, _difference = both(x, other=y, factor=2.0)
    again, _difference = both(y, other=x, factor=0.5)
    original = keras.Model([x, y], [once, again])
    trip = RoundTrip(original, catalog)
    assert [note.node for note in trip.imported.notes] == ["both"]
    assert trip.project.model.nodes["both_2"].shares is None
    inputs = inputs_of(original)
    for one, other in zip(
        outputs_of(original, inputs), outputs_of(trip.build(), inputs), strict=True
    ):
        assert (one == other).all()


def test_one_of_several_outputs_is_the_output(catalog: Catalog) -> None:
    x = keras.Input((4, 3))
    first, _second = ops.split(x, 2, axis=1)
    cells = layers.RNN(layers.LSTMCell(2), return_state=True)
    sequence, state, _cell = cells(x)
    original = keras.Model(x, [first, sequence, state])
    graph = imported_model(original, catalog).model
    assert [graph.nodes[id].output_ports for id in graph.output_ids()] == [
        (0,),
        (0, 1),
    ]
    built = build(Project(graphs=FrozenMap({"model": graph})), catalog)
    assert [out.shape for out in built.outputs] == [o.shape for o in original.outputs]


def test_precision_is_that_of_most_layers(catalog: Catalog) -> None:
    imported = imported_model(MAKERS["mixed_precision"](), catalog)
    assert imported.precision == "mixed_bfloat16"
    dtypes = [node.params.get("dtype") for node in imported.model.nodes.values()]
    assert dtypes.count("float32") == 1


def test_compile_settings(catalog: Catalog) -> None:
    x = keras.Input((4,))
    model = keras.Model(x, [layers.Dense(1, name="a")(x), layers.Dense(3, name="b")(x)])
    model.compile(
        keras.optimizers.SGD(0.1, momentum=0.9),
        loss=["mse", keras.losses.SparseCategoricalCrossentropy(from_logits=True)],
        loss_weights=[1.0, 0.5],
        metrics=[["mae"], ["accuracy"]],
    )
    settings = imported_model(model, catalog).settings
    assert settings is not None
    assert settings.optimizer is not None
    assert settings.optimizer.params["learning_rate"] == 0.1
    assert settings.losses["a"].kind == "keras.losses.MeanSquaredError"
    assert settings.losses["b"].params["from_logits"] is True
    assert dict(settings.loss_weights) == {"a": 1.0, "b": 0.5}
    assert [each.kind for each in settings.metrics["a"]] == [
        "keras.metrics.MeanAbsoluteError"
    ]


def test_weights_that_do_not_fit_are_listed(catalog: Catalog) -> None:
    original = MAKERS["siamese"]()
    imported = imported_model(original, catalog)
    tower = imported.model.nodes["tower"]
    wider = imported.model.with_params("tower", tower.params.set("units", 6))
    built = build(Project(graphs=imported.graphs.set("model", wider)), catalog)
    weights = model_weights(original, imported)
    carried = carry_weights(built, imported, {**weights, ("lost",): weights["tower",]})
    assert carried.mismatches[0].path == ("tower",)
    assert carried.mismatches[0].expected == ((6, 6), (6,))
    assert carried.mismatches[0].found == ((6, 4), (4,))
    assert carried.unused == (("lost",),)


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"class_name": "Dense", "config": {}},
        {"class_name": "Functional", "config": {"layers": 3, "output_layers": []}},
        {"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense"}]}},
        {"class_name": "Sequential", "config": {"name": "plain", "layers": []}},
    ],
)
def test_what_is_no_model_is_refused(config: Any, catalog: Catalog) -> None:
    with pytest.raises(UserError):
        imported_graphs(config, catalog)


@pytest.mark.parametrize("name", ["encoder_decoder", "bidirectional", "operations"])
def test_damaged_configurations_end_in_a_message(name: str, catalog: Catalog) -> None:
    chance = random.Random(0)
    whole = json.dumps(serialized(name))
    for _again in range(60):
        config = json.loads(whole)
        damage(config, chance)
        try:
            imported_graphs(config, catalog)
        except UserError as error:
            assert error.message


def damage(config: Any, chance: random.Random) -> None:
    """Replace something anywhere in a configuration."""
    places: list[tuple[Any, Any]] = []
    waiting = [config]
    while waiting:
        item = waiting.pop()
        keys = item if isinstance(item, dict) else range(len(item))
        for key in keys:
            places.append((item, key))
            if isinstance(item[key], (dict, list)):
                waiting.append(item[key])
    container, key = chance.choice(places)
    container[key] = chance.choice([None, 3, "x", [], {}, [1, "x"], {"a": 1}, -1.5])


def test_an_operation_that_no_function_has_is_opaque(catalog: Catalog) -> None:
    x = keras.Input((5, 3))
    y = ops.take(x, [0, 2], axis=1)
    config = serialized_model(keras.Model(x, y))
    config["config"]["layers"][1]["class_name"] = "Unheard"
    imported = imported_graphs(config, catalog)
    assert imported.opaque[0].node == config["config"]["layers"][1]["name"]


def test_keras_understands_the_short_names_of_objects(catalog: Catalog) -> None:
    reader = ParamReader(catalog, "float32")
    for family in ("initializers", "regularizers", "constraints"):
        module = getattr(keras, family)
        for description in catalog.family(family):
            made = instantiate.make(
                Spec(description.kind, freeze_map(dict(description.example))), catalog
            )
            item = {**json_of(keras.saving.serialize_keras_object(made)), "config": {}}
            short = reader.spec(item, family)
            if isinstance(short, str):
                assert isinstance(module.get(short), type(made)), short


def test_every_layer_is_read_from_its_configuration(catalog: Catalog) -> None:
    reader = ParamReader(catalog, "float32")
    false, passing = set(), set()
    for description in catalog.family("layers"):
        if not description.kind.startswith("keras.") or description.kind == INPUT:
            continue
        params = freeze_map(dict(description.example))
        layer = instantiate.make_layer(description.kind, params, catalog, "it")
        item = json_of(keras.saving.serialize_keras_object(layer))
        found = reader.params(layer_description(item, catalog), minimal_config(item))
        again = instantiate.make_layer(description.kind, found, catalog)
        assert without_names(again.get_config()) == without_names(layer.get_config())
        training = inspect.signature(layer.call).parameters.get("training")
        if training is not None and training.default is False:
            false.add(description.name)
        own = type(layer).compute_mask is not keras.layers.Layer.compute_mask
        if layer.supports_masking and not own:
            passing.add(description.name)
    cells = {"GRUCell", "LSTMCell", "SimpleRNNCell", "StackedRNNCells"}
    assert false - cells == FALSE_BY_DEFAULT
    assert passing == PASSING


def test_every_operation_has_a_function_or_a_reason(catalog: Catalog) -> None:
    unknown = set()
    waiting = [keras.Operation]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if not kind.__module__.startswith("keras.src.ops."):
                continue
            item = {"class_name": kind.__name__, "module": kind.__module__}
            assert is_operation(item)
            if operation_description(item, catalog) is None:
                unknown.add(kind.__name__)
    assert unknown <= {
        # They take Python functions.
        *("AssociativeScan", "Cond", "ForiLoop", "Function", "JVP", "Map", "Scan"),
        *("Switch", "VectorizedMap", "WhileLoop", "SegmentReduction"),
        # They make tensors of numbers alone, or none.
        *("Arange", "Array", "ConvertToTensor", "Full", "Geomspace", "Linspace"),
        *("Logspace", "Ndim"),
        # Keras cannot run or read them in a model.
        *("AdaptiveAveragePool", "AdaptiveMaxPool", "ConvTranspose", "Histogram"),
        *("Select", "ViewAsComplex", "ViewAsReal"),
    }


def test_a_layer_in_two_models_is_told(catalog: Catalog) -> None:
    imported = imported_model(MAKERS["nested_twice"](), catalog)
    assert [note.text for note in imported.notes] == [
        "It had the weights of “middle/base”, and now has its own."
    ]
