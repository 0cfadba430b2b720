"""Parameters are checked against descriptions, without Keras."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.catalog.schema import Description, Param
from dlstudio.catalog.store import Catalog
from dlstudio.catalog.validation import check_params, check_value
from dlstudio.document.values import Array, FrozenMap, Spec, freeze, freeze_map

CATALOG = Catalog.load()
LSTM = Spec("keras.layers.LSTM", FrozenMap({"units": 4}))
CELL = Spec("keras.layers.LSTMCell", FrozenMap({"units": 4}))

GOOD: list[tuple[str, dict[str, Any]]] = [
    ("Conv2D", {"filters": 8, "kernel_size": 3}),
    ("Conv2D", {"filters": 8, "kernel_size": (3, 5), "activation": "relu"}),
    ("Conv2D", {"filters": 8, "kernel_size": 3, "activation": None, "dtype": None}),
    ("Dense", {"units": 4, "kernel_regularizer": Spec("keras.regularizers.L2")}),
    ("Dense", {"units": 4, "activation": Spec("keras.layers.LeakyReLU")}),
    ("Dense", {"units": 4, "kernel_initializer": "he_normal"}),
    ("Dropout", {"rate": 0}),
    ("Dropout", {"rate": 1.0, "noise_shape": (None, 1, 1)}),
    ("Bidirectional", {"layer": LSTM, "merge_mode": None}),
    ("RNN", {"cell": CELL}),
    ("StackedRNNCells", {"cells": (CELL, CELL)}),
    ("RandomZoom", {"height_factor": 0.2}),
    ("RandomZoom", {"height_factor": (-0.3, 0.2), "width_factor": None}),
    ("RandomBrightness", {"factor": 0.2, "value_range": (0, 1)}),
    ("ZeroPadding2D", {"padding": 2}),
    ("ZeroPadding2D", {"padding": (2, 0)}),
    ("ZeroPadding2D", {"padding": ((0, 1), (2, 3))}),
    ("ZeroPadding1D", {"padding": (0, 1)}),
    ("Reshape", {"target_shape": (4, -1)}),
    ("InputLayer", {"shape": (28, None, 1), "batch_size": 8}),
    ("InputLayer", {"shape": ()}),
    ("LayerNormalization", {"axis": (1, 2, -1)}),
    (
        "Embedding",
        {"input_dim": 2, "output_dim": 2, "weights": Array(((1, 2), (3, 4)))},
    ),
    ("Normalization", {"mean": 0.5, "variance": Array((1.0,), "float64")}),
    ("StringLookup", {"vocabulary": ("a", "b")}),
    ("LSTM", {"units": 3, "use_cudnn": False}),
]

BAD: list[tuple[str, dict[str, Any], str, str]] = [
    ("Conv2D", {"filters": 8}, "kernel_size", "must be set"),
    ("Conv2D", {"filters": 0, "kernel_size": 3}, "filters", "at least 1, not 0"),
    ("Conv2D", {"filters": 2.0, "kernel_size": 3}, "filters", "a whole number"),
    ("Conv2D", {"filters": True, "kernel_size": 3}, "filters", "a whole number"),
    ("Conv2D", {"filters": None, "kernel_size": 3}, "filters", "must be set"),
    ("Conv2D", {"filters": 8, "kernel_size": (3, 3, 3)}, "kernel_size", "or 2 of them"),
    ("Conv2D", {"filters": 8, "kernel_size": (3, 0)}, "kernel_size", "at least 1"),
    ("Dense", {"unit": 4, "units": 4}, "unit", "Did you mean “units”?"),
    ("Dense", {"units": 4, "zzz": 1}, "zzz", "no parameter “zzz”."),
    ("Dense", {"units": 4, "use_bias": 1}, "use_bias", "true or false"),
    ("Dense", {"units": 4, "activation": "rellu"}, "activation", "relu"),
    ("Dense", {"units": 4, "activation": Spec("keras.layers.Dense")}, "activation", ""),
    ("Dense", {"units": 4, "name": "a/b"}, "name", "/"),
    ("Dense", {"units": 4, "dtype": "float31"}, "dtype", "one of"),
    ("Dropout", {"rate": 1.5}, "rate", "at most 1, not 1.5"),
    ("Dropout", {"rate": "0.5"}, "rate", "a number, not “0.5”"),
    ("AlphaDropout", {"rate": 1}, "rate", "less than 1"),
    ("LSTM", {"units": 3, "use_cudnn": 1}, "use_cudnn", "one of"),
    ("Conv2D", {"filters": 8, "kernel_size": 3, "padding": "SAME"}, "padding", "same"),
    ("RandomZoom", {"height_factor": -1}, "height_factor", "more than -1"),
    ("RandomZoom", {"height_factor": (0, 1, 2)}, "height_factor", "a minimum and"),
    ("RandomBrightness", {"factor": 0.1, "value_range": 3}, "value_range", "minimum"),
    ("RandomBrightness", {"factor": 0.1, "value_range": (1, 0)}, "value_range", ""),
    ("ZeroPadding2D", {"padding": (1, 2, 3)}, "padding", "2 whole numbers or pairs"),
    ("ZeroPadding2D", {"padding": ((1, 2), (3, -4))}, "padding", "at least 0"),
    ("Reshape", {"target_shape": (4, -2)}, "target_shape", "at least -1"),
    ("Reshape", {"target_shape": (4, 1.5)}, "target_shape", "whole numbers"),
    ("Bidirectional", {"layer": Spec("keras.layers.Dense")}, "layer", "LSTM"),
    ("Bidirectional", {"layer": Spec("keras.layers.LSTM")}, "layer", "units must be"),
    ("TimeDistributed", {"layer": CELL}, "layer", "on its own"),
    ("TimeDistributed", {"layer": "Dense"}, "layer", "a layer"),
    ("TimeDistributed", {"layer": Spec("keras.optimizers.Adam")}, "layer", "a layer"),
    ("StackedRNNCells", {"cells": ()}, "cells", "at least one"),
    ("StackedRNNCells", {"cells": (CELL, LSTM)}, "cells", "LSTMCell"),
    ("StringLookup", {"vocabulary": (LSTM,)}, "vocabulary", "texts or booleans"),
    ("Normalization", {"mean": ((1,), (1, 2))}, "mean", "rows of equal length"),
    ("Normalization", {"mean": Array((1,), "object")}, "mean", "rows"),
]


@pytest.mark.parametrize(("name", "params"), GOOD)
def test_good_parameters_pass(name: str, params: dict[str, Any]) -> None:
    assert check_params(CATALOG.find("layers", name), freeze_map(params), CATALOG) == []


@pytest.mark.parametrize(("name", "params", "where", "says"), BAD)
def test_bad_parameters_get_one_message(
    name: str, params: dict[str, Any], where: str, says: str
) -> None:
    found = check_params(CATALOG.find("layers", name), FrozenMap(params), CATALOG)
    assert [each for each, _ in found] == [where]
    sentence = found[0][1]
    assert says in sentence
    assert sentence[-1] in ".?"


def test_a_learning_rate_may_be_a_schedule() -> None:
    adam = CATALOG["keras.optimizers.Adam"]
    schedule = Spec(
        "keras.optimizers.schedules.CosineDecay",
        FrozenMap({"initial_learning_rate": 0.1, "decay_steps": 10}),
    )
    assert check_params(adam, FrozenMap({"learning_rate": schedule}), CATALOG) == []
    wrong = FrozenMap({"learning_rate": Spec("keras.losses.Huber")})
    assert check_params(adam, wrong, CATALOG)


def test_numbers_that_are_none_are_refused() -> None:
    dropout = CATALOG["keras.layers.Dropout"]
    for value in (float("nan"), float("inf")):
        assert check_params(dropout, {"rate": value}, CATALOG)


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
kinds = st.sampled_from([each.kind for each in CATALOG]) | st.text(max_size=5)
names = st.sampled_from(["layer", "cells", "units", "activation", "mean", "padding"])
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple)
        | st.builds(
            Spec, kinds, st.dictionaries(names, inner, max_size=2).map(FrozenMap)
        )
        | st.builds(
            Array,
            st.lists(inner, max_size=3).map(tuple),
            st.sampled_from(["float32", "str", "O", ""]),
        )
    ),
    max_leaves=6,
)
TYPES = sorted({param.type for each in CATALOG for param in each.params})


@given(st.sampled_from(TYPES), values, st.booleans(), st.none() | st.integers(1, 3))
def test_any_value_gets_an_answer(
    type_: Any, value: Any, bounded: bool, rank: int | None
) -> None:
    param = Param(
        "p",
        type_,
        minimum=0 if bounded else None,
        maximum=1 if bounded else None,
        choices=("a",) if type_ == "enum" else (),
        rank=rank,
        family="activations" if type_ == "object" else "",
    )
    description = Description("k", "layers", "m:n", params=(param,))
    found = check_params(description, FrozenMap({"p": value}), CATALOG)
    assert all(name == "p" and sentence for name, sentence in found)
    assert check_params(description, FrozenMap({"p": value}), CATALOG) == found


@given(kinds, st.dictionaries(names | st.text(max_size=4), values, max_size=3))
def test_any_parameters_get_an_answer(kind: str, params: dict[str, Any]) -> None:
    description = CATALOG.get(kind)
    if description is not None:
        check_params(description, FrozenMap(params), CATALOG)


@pytest.mark.parametrize("description", CATALOG, ids=lambda each: each.kind)
def test_defaults_and_examples_pass_their_own_checks(description: Description) -> None:
    for param in description.params:
        if not param.required and param.default is not None:
            value = freeze(param.default)
            assert check_value(param, value, CATALOG) == "", param.name
    example = freeze_map(description.example)
    needed = {param.name for param in description.params if param.required}
    if description.kind.startswith("keras."):
        assert needed <= set(example)
        assert check_params(description, example, CATALOG) == []
