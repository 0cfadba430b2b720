"""Functions in models as data: found, hashed and described, never unmarshalled."""

from __future__ import annotations

import json
import marshal
import os
from typing import Any

import keras
import pytest

from dlstudio.engine.custom_code.lambda_code import LambdaCode, lambdas_in


def serialized(function: Any, **more: Any) -> Any:
    layer = keras.layers.Lambda(function, name="shift", **more)
    return json.loads(json.dumps(keras.saving.serialize_keras_object(layer)))


def only(item: Any) -> LambdaCode:
    (found,) = lambdas_in({"layers": [item]})
    return found


def test_what_it_names_is_shown_without_unmarshalling(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    item = serialized(lambda t: os.system("rm -r /nothing") or t)
    monkeypatch.setattr(marshal, "loads", None)
    found = only(item).item(frozenset()).text.splitlines()
    assert {"os", "system", "rm -r /nothing"} <= set(found)


def test_the_digest_is_of_all_that_would_run() -> None:
    item = serialized(lambda t, factor=2: t * factor, output_shape=lambda shape: shape)
    digest = only(item).digest
    assert only({**item, "name": "other"}).digest == digest
    inner = item["config"]["function"]["config"]
    for changed in (
        {**inner, "defaults": [3]},
        {**inner, "closure": [1]},
        {**inner, "code": inner["code"][:-5]},
    ):
        function = {**item["config"]["function"], "config": changed}
        config = {**item["config"], "function": function}
        assert only({**item, "config": config}).digest != digest
    config = {**item["config"], "mask": item["config"]["function"]}
    assert only({**item, "config": config}).digest != digest


def test_what_keras_2_wrote_is_the_same_code() -> None:
    item = serialized(lambda t: t + 1)
    inner = item["config"]["function"]["config"]
    old = {
        "class_name": "Lambda",
        "config": {
            "name": "shift",
            "function": [inner["code"], inner["defaults"], inner["closure"]],
            "function_type": "lambda",
        },
    }
    assert only(old).digest == only(item).digest


def test_only_bytecode_counts() -> None:
    assert list(lambdas_in(serialized(keras.activations.relu))) == []
    damaged = {"class_name": "Lambda", "config": 3}
    for item in (None, [], {"class_name": "Lambda"}, damaged):
        assert LambdaCode.of(item) is None
