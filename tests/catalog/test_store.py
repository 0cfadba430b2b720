"""The catalog: its content, look-ups, and what it must not import."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dlstudio.catalog.categories import CATEGORIES
from dlstudio.catalog.store import Catalog, from_json
from dlstudio.errors import UserError

PARAM_TYPES = {
    ("layers", "Conv2D", "filters"): "int",
    ("layers", "Conv2D", "kernel_size"): "size",
    ("layers", "Conv2D", "padding"): "enum",
    ("layers", "Conv2D", "activation"): "object",
    ("layers", "Conv2D", "use_bias"): "bool",
    ("layers", "Bidirectional", "layer"): "layer",
    ("layers", "Bidirectional", "merge_mode"): "enum",
    ("layers", "StackedRNNCells", "cells"): "layers",
    ("layers", "RandomZoom", "height_factor"): "range",
    ("layers", "RandomBrightness", "value_range"): "pair",
    ("layers", "ZeroPadding2D", "padding"): "margins",
    ("layers", "Reshape", "target_shape"): "shape",
    ("layers", "InputLayer", "shape"): "shape",
    ("layers", "Embedding", "weights"): "array",
    ("layers", "StringLookup", "vocabulary"): "list",
    ("layers", "LayerNormalization", "axis"): "size",
    ("layers", "BatchNormalization", "axis"): "int",
    ("optimizers", "Adam", "learning_rate"): "float",
    ("optimizers", "LossScaleOptimizer", "inner_optimizer"): "object",
    ("metrics", "Precision", "thresholds"): "list",
    ("callbacks", "CSVLogger", "filename"): "path",
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


def test_loading_imports_nothing_heavy() -> None:
    code = (
        "import sys; from dlstudio.catalog.store import Catalog; Catalog.load();"
        "heavy = {'keras', 'tensorflow', 'numpy', 'pydantic', 'PySide6'};"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_kind_is_there_once(catalog: Catalog) -> None:
    kinds = [each.kind for each in catalog]
    assert len(kinds) == len(set(kinds)) == len(catalog)
    assert "keras.layers.Conv2D" in catalog
    assert catalog.get("keras.layers.Conv9D") is None


@pytest.mark.parametrize(("where", "type_"), PARAM_TYPES.items())
def test_parameters_are_typed(
    catalog: Catalog, where: tuple[str, str, str], type_: str
) -> None:
    family, name, param = where
    found = catalog.find(family, name).param(param)
    assert found is not None
    assert found.type == type_


def test_conv2d_in_full(catalog: Catalog) -> None:
    conv = catalog["keras.layers.Conv2D"]
    assert (conv.category, conv.color) == (
        "convolution",
        CATEGORIES["convolution"].color,
    )
    assert conv.implementation == "keras.layers:Conv2D"
    assert conv.extra["aliases"] == ["Convolution2D"]
    assert [param.name for param in conv.params[:4]] == [
        "filters",
        "kernel_size",
        "strides",
        "padding",
    ]
    filters, size, strides, padding = conv.params[:4]
    assert (filters.required, filters.minimum) == (True, 1)
    assert (size.rank, size.minimum) == (2, 1)
    assert (strides.default, strides.required) == ((1, 1), False)
    assert padding.choices == ("valid", "same")
    activation = conv.param("activation")
    assert activation is not None
    assert (activation.family, activation.optional) == ("activations", True)
    assert {p.name for p in conv.params} >= {"name", "trainable", "dtype"}
    assert "Input shape:" in conv.doc
    assert "Args:" not in conv.doc


def test_bounds_are_those_of_keras(catalog: Catalog) -> None:
    rate = catalog["keras.layers.Dropout"].param("rate")
    alpha_rate = catalog["keras.layers.AlphaDropout"].param("rate")
    zoom = catalog["keras.layers.RandomZoom"].param("height_factor")
    seed = catalog["keras.layers.Dropout"].param("seed")
    assert rate and alpha_rate and zoom and seed
    assert (rate.minimum, rate.maximum, rate.open_maximum) == (0, 1, False)
    assert alpha_rate.open_maximum
    assert (zoom.minimum, zoom.open_minimum, zoom.maximum) == (-1, True, 1)
    assert (seed.minimum, seed.maximum, seed.optional) == (0, 2**32 - 1, True)


def test_ports(catalog: Catalog) -> None:
    attention = catalog["keras.layers.MultiHeadAttention"].inputs
    assert (attention.minimum, attention.maximum) == (2, 3)
    assert attention.names == ("query", "value", "key")
    assert not attention.as_list
    add = catalog["keras.layers.Add"].inputs
    assert (add.minimum, add.maximum, add.as_list) == (2, None, True)
    assert catalog["keras.layers.InputLayer"].inputs.maximum == 0


@pytest.mark.parametrize(
    ("family", "name", "kind"),
    [
        ("layers", "Convolution2D", "keras.layers.Conv2D"),
        ("optimizers", "adam", "keras.optimizers.Adam"),
        ("losses", "sparse_categorical_crossentropy", None),
        ("losses", "mse", "keras.losses.MeanSquaredError"),
        ("metrics", "auc", "keras.metrics.AUC"),
        ("initializers", "glorot_uniform", "keras.initializers.GlorotUniform"),
        ("initializers", "normal", "keras.initializers.RandomNormal"),
        ("regularizers", "l1_l2", "keras.regularizers.L1L2"),
        ("constraints", "max_norm", "keras.constraints.MaxNorm"),
        ("activations", "swish", "keras.activations.silu"),
        ("keras_schedules", "CosineDecay", "keras.optimizers.schedules.CosineDecay"),
    ],
)
def test_names_that_keras_takes_are_found(
    catalog: Catalog, family: str, name: str, kind: str | None
) -> None:
    expected = kind or "keras.losses.SparseCategoricalCrossentropy"
    assert catalog.find(family, name).kind == expected
    assert catalog.find(family, expected).kind == expected


def test_unknown_names_get_a_suggestion(catalog: Catalog) -> None:
    with pytest.raises(UserError) as kind:
        catalog["keras.layers.Conv2d"]
    assert "Conv2D" in kind.value.hint
    with pytest.raises(UserError) as name:
        catalog.find("optimizers", "Adamm")
    assert "Adam" in name.value.hint
    with pytest.raises(UserError):
        catalog.find("losses", "keras.optimizers.Adam")


def test_shown_things_have_a_place_and_a_sentence(catalog: Catalog) -> None:
    for each in catalog:
        if each.kind.startswith("keras."):
            assert each.summary.endswith("."), each.kind
            # Keras itself says nothing about InputLayer.
            assert each.doc or each.name == "InputLayer", each.kind
    for layer in catalog.family("layers"):
        assert layer.category in CATEGORIES, layer.kind
        assert layer.icon.startswith("mdi6."), layer.kind


def test_parameters_to_begin_with_come_before_the_advanced(catalog: Catalog) -> None:
    for name in ("Conv2D", "Dense", "LSTM", "MultiHeadAttention", "RandomZoom"):
        params = catalog.find("layers", name).params
        assert not params[0].advanced
        assert sum(not param.advanced for param in params) < 12


def test_lists_in_json_become_tuples() -> None:
    description = from_json(
        {
            "kind": "k",
            "family": "layers",
            "implementation": "m:n",
            "doc": ["one", "two"],
            "params": [
                {"name": "p", "type": "margins", "default": [[1, 1], [2, 2]]},
                {"name": "q", "type": "enum", "choices": ["a", None]},
            ],
            "inputs": {"names": ["x"]},
            "example_inputs": [[None, 3]],
        }
    )
    assert description.doc == "one\ntwo"
    assert description.defaults() == {"p": ((1, 1), (2, 2)), "q": None}
    assert description.params[1].choices == ("a", None)
    assert description.inputs.names == ("x",)
    assert description.example_inputs == ((None, 3),)


def test_few_kinds_are_listed_where_none_is_near(catalog: Catalog) -> None:
    with pytest.raises(UserError) as failure:
        catalog.find("formats", "onnx")
    assert failure.value.message == "There is no “onnx” among the export formats."
    assert failure.value.hint == "Use one of: savedmodel, keras."
    with pytest.raises(UserError) as failure:
        catalog.find("layers", "zzzz")
    assert not failure.value.hint, "too many to list"
