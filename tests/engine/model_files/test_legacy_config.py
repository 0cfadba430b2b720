"""Configurations of Keras 1 and 2 in the form of Keras 3."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from dlstudio.engine.model_files.legacy_config import Converted, modern_config
from dlstudio.engine.model_files.legacy_weights import assign_legacy
from dlstudio.errors import UserError


def sequential(*layers: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """A Sequential as Keras 1 wrote it: a plain list of layers."""
    return {
        "class_name": "Sequential",
        "keras_version": "1.2.2",
        "config": [{"class_name": name, "config": config} for name, config in layers],
    }


def made(converted: Converted) -> Any:
    assert not converted.unknown
    return keras.saving.deserialize_keras_object(converted.config)


def test_layers_of_keras_1_have_todays_names() -> None:
    found = made(
        modern_config(
            sequential(
                (
                    "Convolution2D",
                    {
                        "name": "conv",
                        "batch_input_shape": [None, 8, 6, 3],
                        "nb_filter": 4,
                        "nb_row": 3,
                        "nb_col": 2,
                        "subsample": [2, 1],
                        "border_mode": "same",
                        "dim_ordering": "tf",
                        "init": "glorot_uniform",
                        "W_regularizer": {
                            "name": "WeightRegularizer",
                            "l1": 0.0,
                            "l2": 0.01,
                        },
                        "b_regularizer": None,
                        "W_constraint": None,
                        "activation": "relu",
                        "bias": False,
                        "input_dtype": "float32",
                        "trainable": True,
                    },
                ),
                (
                    "BatchNormalization",
                    {
                        "name": "norm",
                        "mode": 0,
                        "axis": -1,
                        "momentum": 0.9,
                        "epsilon": 1e-5,
                        "gamma_regularizer": None,
                        "gamma_init": "one",
                    },
                ),
                ("SpatialDropout2D", {"name": "drop", "p": 0.25, "dim_ordering": "tf"}),
                ("Flatten", {"name": "flat"}),
                (
                    "Dense",
                    {
                        "name": "dense",
                        "output_dim": 5,
                        "init": "normal",
                        "activation": "linear",
                        "input_dim": None,
                    },
                ),
            ),
            "1.2.2",
        )
    )
    conv, norm, drop, _flat, dense = found.layers
    assert conv.kernel_size == (3, 2) and conv.strides == (2, 1)
    assert conv.padding == "same" and not conv.use_bias
    assert conv.kernel_regularizer.l2 == pytest.approx(0.01)
    assert norm.momentum == 0.9 and drop.rate == 0.25
    assert dense.units == 5
    assert isinstance(dense.kernel_initializer, keras.initializers.RandomNormal)
    assert found.output_shape == (None, 5)


def test_recurrent_layers_of_keras_1_keep_their_gates() -> None:
    found = made(
        modern_config(
            sequential(
                ("Masking", {"name": "mask", "batch_input_shape": [None, 5, 2]}),
                (
                    "LSTM",
                    {
                        "name": "lstm",
                        "output_dim": 3,
                        "inner_init": "orthogonal",
                        "forget_bias_init": "one",
                        "inner_activation": "sigmoid",
                        "consume_less": "cpu",
                        "dropout_W": 0.1,
                        "dropout_U": 0.2,
                    },
                ),
            ),
            "1.2.2",
        )
    )
    lstm = found.layers[1]
    assert (lstm.dropout, lstm.recurrent_dropout) == (0.1, 0.2)
    assert lstm.unit_forget_bias is True
    sizes = {"W": (2, 3), "U": (3, 3), "b": (3,)}
    arrays = [
        (f"lstm_{part}_{gate}", np.full(sizes[part], number, "float32"))
        for number, gate in enumerate("icfo")
        for part in "WUb"
    ]
    assign_legacy(found, {"lstm": arrays})
    bias = lstm.get_weights()[2].reshape(4, 3)[:, 0]
    assert bias.tolist() == [0, 2, 1, 3]  # input, forget, cell, output today


def test_gru_layers_of_keras_2_reset_before() -> None:
    config = {"class_name": "GRU", "config": {"name": "gru", "units": 3}}
    outer = {"class_name": "Sequential", "config": {"layers": [config]}}
    for version, after in (("2.1.0", False), ("3.0.0", None)):
        (layer,) = modern_config(outer, version).config["config"]["layers"]
        assert layer["config"].get("reset_after") is after


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("sum", "Add"), ("mul", "Multiply"), ("concat", "Concatenate"), ("dot", "Dot")],
)
def test_merge_is_a_layer_of_its_own_today(mode: str, kind: str) -> None:
    layers = [
        {
            "class_name": "InputLayer",
            "name": name,
            "config": {"batch_input_shape": [None, 4], "name": name},
            "inbound_nodes": [],
        }
        for name in "ab"
    ]
    merge = {
        "class_name": "Merge",
        "name": "merge",
        "config": {"name": "merge", "mode": mode, "concat_axis": -1, "dot_axes": 1},
        "inbound_nodes": [[["a", 0, 0], ["b", 0, 0]]],
    }
    config = {
        "name": "model",
        "layers": [*layers, merge],
        "input_layers": [["a", 0, 0], ["b", 0, 0]],
        "output_layers": [["merge", 0, 0]],
    }
    found = made(modern_config({"class_name": "Model", "config": config}, "1.2.2"))
    assert type(found.get_layer("merge")).__name__ == kind


def test_what_keras_3_does_not_have_is_named() -> None:
    config = sequential(
        ("MaxoutDense", {"name": "maxout", "output_dim": 3}),
        ("Dense", {"name": "dense", "units": 3, "phase": "moon"}),
        ("Activation", {"name": "hard", "activation": "hard_sigmoid"}),
    )
    found = modern_config(config, "1.2.2")
    assert len(found.unknown) == 3 and "hard_sigmoid" in found.unknown[2]
    assert "maxout" in found.unknown[0] and "MaxoutDense" in found.unknown[0]
    assert "dense" in found.unknown[1] and "phase" in found.unknown[1]
    operation = {
        "class_name": "TFOpLambda",
        "name": "tf.signal.stft",
        "config": {"name": "tf.signal.stft", "function": "signal.stft"},
        "inbound_nodes": [["a", 0, 0, {"frame_length": 4}]],
    }
    inputs = {
        "class_name": "InputLayer",
        "name": "a",
        "config": {"batch_input_shape": [None, 4], "name": "a"},
        "inbound_nodes": [],
    }
    model = {
        "layers": [inputs, operation],
        "input_layers": [["a", 0, 0]],
        "output_layers": [["tf.signal.stft", 0, 0]],
    }
    found = modern_config({"class_name": "Functional", "config": model}, "2.15.0")
    assert ["signal.stft" in each for each in found.unknown] == [True]


def test_no_configuration_is_refused() -> None:
    with pytest.raises(UserError, match="not the configuration"):
        modern_config({"layers": []})
    with pytest.raises(UserError, match="no list of layers"):
        modern_config({"class_name": "Model", "config": {"name": "subclass"}})
