"""Every description creates its object; a contract over the whole catalog."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from installed_keras import needs, recorded_version

from dlstudio.catalog.builtin import BUILTIN
from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.document.values import Array, FrozenMap, Spec, Value, freeze_map
from dlstudio.engine.model.backbone import Backbone
from dlstudio.engine.model.call_arguments import arguments
from dlstudio.engine.model.instantiate import implementation, make, make_layer
from dlstudio.errors import UserError

CATALOG = Catalog.load()
LAYERS = CATALOG.family("layers")
SERIALIZED = (
    "optimizers",
    "losses",
    "metrics",
    "keras_schedules",
    "initializers",
    "regularizers",
    "constraints",
    "activations",
)
OTHERS = [each for family in SERIALIZED for each in CATALOG.family(family)]


def _as_read_back(config: Any) -> Any:
    """A configuration with tuples as lists, as restored from JSON."""
    return json.loads(json.dumps(config, default=str))


def _example(description: Description) -> keras.Layer:
    """The layer of a description's example; a cell inside an RNN."""
    params = freeze_map(description.example)
    if description.extra.get("nested_only"):
        cell = Spec(description.kind, params)
        return make_layer("keras.layers.RNN", FrozenMap({"cell": cell}), CATALOG, "it")
    return make_layer(description.kind, params, CATALOG, "it")


def _model(description: Description) -> keras.Model:
    layer = _example(description)
    if isinstance(layer, keras.layers.InputLayer):
        return keras.Model(layer.output, keras.layers.Identity()(layer.output))
    shapes = description.example_inputs
    dtypes = description.example_dtypes or ("float32",) * len(shapes)
    inputs = [
        keras.Input(batch_shape=shape, dtype=dtype)
        for shape, dtype in zip(shapes, dtypes, strict=True)
    ]
    ports = description.inputs
    assert ports.minimum <= len(inputs) <= (ports.maximum or len(inputs))
    return keras.Model(inputs, layer(inputs) if ports.as_list else layer(*inputs))


@pytest.mark.parametrize("description", LAYERS, ids=lambda each: each.name)
def test_every_layer_builds_infers_its_shape_and_survives_saving(
    description: Description, tmp_path: Path
) -> None:
    needs(description)
    model = _model(description)
    assert all(output.shape[0] is None for output in model.outputs)
    path = tmp_path / "model.keras"
    model.save(path)
    again = keras.models.load_model(path, safe_mode=True)
    before, after = model.get_layer("it"), again.get_layer("it")
    assert type(before) is type(after)
    assert _as_read_back(before.get_config()) == _as_read_back(after.get_config())
    assert [(o.shape, o.dtype) for o in model.outputs] == [
        (o.shape, o.dtype) for o in again.outputs
    ]
    assert [w.shape for w in model.weights] == [w.shape for w in again.weights]


@pytest.mark.parametrize("description", LAYERS, ids=lambda each: each.name)
def test_every_default_of_a_layer_is_keras_own(description: Description) -> None:
    """Setting all defaults makes the same layer as setting none."""
    if keras.__version__ != recorded_version():
        pytest.skip(f"defaults are those of Keras {recorded_version()}")
    if description.extra.get("nested_only") or not description.params:
        return
    example = freeze_map(description.example)
    bare = make_layer(description.kind, example, CATALOG, "it")
    full = freeze_map(description.defaults()).merge(example)
    made = make_layer(description.kind, full, CATALOG, "it")
    if isinstance(made, Backbone):
        assert isinstance(bare, Backbone) and made.config == bare.config
        return
    assert _named_alike(made) == _named_alike(bare)


def _named_alike(layer: keras.Layer) -> Any:
    """A layer's configuration without running numbers in names and random seeds."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            # Layers that forward their keywords keep this one even if it is None.
            kept = {k: v for k, v in value.items() if k not in ("name", "seed")}
            return {
                k: plain(v)
                for k, v in kept.items()
                if (k, v) != ("activity_regularizer", None)
            }
        return [plain(each) for each in value] if isinstance(value, list) else value

    return plain(_as_read_back(layer.get_config()))


@pytest.mark.parametrize("description", OTHERS, ids=lambda each: each.kind)
def test_everything_else_survives_serializing(description: Description) -> None:
    needs(description)
    spec = Spec(description.kind, freeze_map(description.example))
    made = make(spec, CATALOG, description.family)
    config = keras.saving.serialize_keras_object(made)
    # Keras modifies the configuration it reads.
    again = keras.saving.deserialize_keras_object(copy.deepcopy(config), safe_mode=True)
    assert type(again) is type(made)
    if description.family == "activations":
        assert again is made
    else:
        assert keras.saving.serialize_keras_object(again) == config


@pytest.mark.parametrize(
    "description", CATALOG.family("callbacks"), ids=lambda each: each.name
)
def test_every_callback_is_made(description: Description) -> None:
    needs(description)
    made = make(Spec(description.kind, freeze_map(description.example)), CATALOG)
    assert isinstance(made, keras.callbacks.Callback)


@pytest.mark.parametrize("description", BUILTIN, ids=lambda each: each.kind)
def test_every_description_of_our_own_is_there(description: Description) -> None:
    if description.implementation:
        assert implementation(description) is not None
    assert description.implementation or description.implementations.engine
    assert description.summary.endswith((".", "!", "?"))


@pytest.mark.parametrize(
    ("activation", "layer"),
    [
        (Spec("keras.activations.relu", FrozenMap({"max_value": 6.0})), "ReLU"),
        (Spec("keras.activations.leaky_relu", FrozenMap({"negative_slope": 0.1})), ""),
        (Spec("keras.layers.ELU", FrozenMap({"alpha": 0.5})), "ELU"),
    ],
)
def test_an_activation_with_parameters_is_kept(
    activation: Spec, layer: str, tmp_path: Path
) -> None:
    params: FrozenMap[str, Value] = FrozenMap({"units": 3, "activation": activation})
    dense = make_layer("keras.layers.Dense", params, CATALOG, "it")
    inputs = keras.Input((4,))
    model = keras.Model(inputs, dense(inputs))
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    kept = again.get_layer("it").activation
    assert type(kept).__name__ == (layer or "LeakyReLU")
    values = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
    np.testing.assert_allclose(model(values), again(values), rtol=1e-5, atol=1e-6)


def test_parameters_reach_keras_as_it_wants_them() -> None:
    conv = make_layer(
        "keras.layers.Conv2D",
        freeze_map(
            {
                "filters": 8,
                "kernel_size": [3, 5],
                "activation": "relu",
                "kernel_initializer": {"kind": "keras.initializers.HeNormal"},
                "kernel_regularizer": {
                    "kind": "keras.regularizers.L1L2",
                    "params": {"l1": 0.1, "l2": 0.2},
                },
            }
        ),
        CATALOG,
        "first",
    )
    assert (conv.name, conv.filters, conv.kernel_size) == ("first", 8, (3, 5))
    assert conv.activation is keras.activations.relu
    assert isinstance(conv.kernel_initializer, keras.initializers.HeNormal)
    assert (conv.kernel_regularizer.l1, conv.kernel_regularizer.l2) == (0.1, 0.2)


def test_arrays_and_single_shapes() -> None:
    weights = Array(((1.0, 2.0), (3.0, 4.0)))
    embedding = make_layer(
        "keras.layers.Embedding",
        FrozenMap({"input_dim": 2, "output_dim": 2, "weights": weights}),
        CATALOG,
    )
    np.testing.assert_array_equal(embedding(np.array([1])), [[3.0, 4.0]])
    reshape = make_layer("keras.layers.Reshape", {"target_shape": 4}, CATALOG)
    assert reshape.target_shape == (4,)


def test_short_names_and_schedules() -> None:
    assert isinstance(make(Spec("adam"), CATALOG, "optimizers"), keras.optimizers.Adam)
    schedule = Spec(
        "keras.optimizers.schedules.ExponentialDecay",
        freeze_map(
            {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5}
        ),
    )
    spec = Spec("keras.optimizers.SGD", FrozenMap({"learning_rate": schedule}))
    sgd = make(spec, CATALOG, "optimizers")
    assert float(sgd.learning_rate) == pytest.approx(0.1)


def test_an_empty_name_lets_keras_choose() -> None:
    layer = make_layer("keras.layers.Dense", {"units": 1, "name": ""}, CATALOG)
    assert layer.name.startswith("dense")


@pytest.mark.parametrize(
    ("kind", "params", "says"),
    [
        ("keras.layers.Dense", {}, "units must be set"),
        ("keras.layers.Dense", {"units": -1}, "units must be at least 1"),
        ("keras.layers.Dens", {}, "Dense"),
        ("keras.optimizers.Adam", {}, "is not a layer"),
        (
            "keras.layers.Conv2D",
            {"filters": 3, "kernel_size": 3, "groups": 2},
            "groups",
        ),
        (
            "keras.layers.GroupQueryAttention",
            {"head_dim": 4, "num_query_heads": 3, "num_key_value_heads": 2},
            "the value of num_query_heads is invalid",
        ),
        ("keras.layers.Normalization", {"mean": 1.0}, "the value of mean is invalid"),
    ],
)
def test_invalid_parameters_are_reported(
    kind: str, params: dict[str, Value], says: str
) -> None:
    with pytest.raises(UserError) as caught:
        make_layer(kind, params, CATALOG)
    assert says in str(caught.value)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    "kind",
    ["os.system", "builtins.eval", "keras.layers.Lambda", "keras.models.load_model"],
)
def test_only_what_the_catalog_names_is_reached(kind: str) -> None:
    with pytest.raises(UserError):
        make(Spec(kind, FrozenMap({"function": "print"})), CATALOG)
    nested: FrozenMap[str, Value] = FrozenMap({"layer": Spec(kind)})
    with pytest.raises(UserError):
        make(Spec("keras.layers.TimeDistributed", nested), CATALOG)


def test_a_family_is_not_mistaken_for_another() -> None:
    with pytest.raises(UserError, match="not one of the optimizers"):
        make(Spec("keras.losses.Huber"), CATALOG, "optimizers")


def test_missing_features_of_the_installed_version_are_reported() -> None:
    missing = Description("keras.layers.New", "layers", "keras.layers:New")
    with pytest.raises(UserError, match="not in the installed version"):
        make(Spec("keras.layers.New"), Catalog([missing]))


@pytest.mark.parametrize(
    ("name", "states"),
    [("LSTM", 2), ("GRU", 1), ("SimpleRNN", 1), ("Bidirectional", 4)],
)
def test_recurrent_layers_take_their_states_at_ports(name: str, states: int) -> None:
    description = CATALOG.find("layers", name)
    tensors = [keras.Input((5, 3)), *(keras.Input((4,)) for _ in range(states))]
    params = freeze_map({**description.example, "name": "it"})
    if name != "Bidirectional":
        params = params.set("units", 4)
    layer = make_layer(description.kind, params, CATALOG)
    args, named = arguments(description.inputs, list(enumerate(tensors)))
    model = keras.Model(tensors, layer(*args, **named))
    assert model.output_shape == (None, 8 if name == "Bidirectional" else 4)
    args, named = arguments(description.inputs, [(0, tensors[0])])
    assert (len(args), named) == (1, {})
