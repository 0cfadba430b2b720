from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import given
from strategies import values

from dlstudio.document.values import Array, FrozenMap, Spec, Value, freeze, thaw
from dlstudio.errors import UserError


@given(values)
def test_a_value_survives_json(value: Value) -> None:
    assert freeze(json.loads(json.dumps(thaw(value)))) == value
    assert hash(value) == hash(freeze(thaw(value)))


@given(values)
def test_a_value_crosses_to_another_process(value: Value) -> None:
    assert pickle.loads(pickle.dumps(value)) == value


def test_maps_are_equal_whatever_their_order_and_cannot_change() -> None:
    one, other = FrozenMap({"a": 1, "b": 2}), FrozenMap({"b": 2, "a": 1})
    assert one == other
    assert hash(one) == hash(other)
    assert one.set("a", 3)["a"] == 3
    assert one["a"] == 1
    assert list(one.without(["a"])) == ["b"]
    with pytest.raises(TypeError):
        one["a"] = 5  # type: ignore[index]


def test_objects_and_arrays_are_recognised() -> None:
    spec = freeze({"kind": "k", "params": {"x": [1, {"kind": "inner"}]}})
    assert spec == Spec("k", FrozenMap({"x": (1, Spec("inner"))}))
    assert freeze({"array": [[1, 2]]}) == Array(((1, 2),))


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        2**80,
        {"unknown": 1},
        {"kind": 5},
        b"bytes",
        object(),
        {"kind": "k", "params": [1]},
    ],
)
def test_what_cannot_be_kept_is_refused(value: object) -> None:
    with pytest.raises(UserError):
        freeze(value)


def test_deep_nesting_is_refused() -> None:
    value: object = 1
    for _level in range(100):
        value = [value]
    with pytest.raises(UserError, match="nested"):
        freeze(value)
