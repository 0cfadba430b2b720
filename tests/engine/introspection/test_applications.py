"""The file of networks describes the installed Keras."""

from __future__ import annotations

import json

import keras
import pytest

from dlstudio.catalog.backbones import networks
from dlstudio.engine.introspection import applications
from dlstudio.paths import resource


@pytest.fixture(scope="module")
def stored() -> dict[str, object]:
    networks_of_file = json.loads(resource("catalog", applications.FILE).read_text())
    found: dict[str, object] = networks_of_file["networks"]
    return found


def test_every_network_is_there(stored: dict[str, object]) -> None:
    assert [name for name, _make in sorted(applications._functions())] == list(stored)
    assert list(networks()) == list(stored) and len(stored) >= 40


@pytest.mark.filterwarnings("ignore:`input_shape`:UserWarning")
@pytest.mark.parametrize("name", ["MobileNetV3Small", "EfficientNetB0"])
def test_what_is_stored_is_what_keras_says(
    name: str, stored: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = {
        tuple(each.arguments.items()): each.parameters
        for each in networks()[name].weights
    }
    monkeypatch.setattr(  # counting them takes long
        applications,
        "_parameters",
        lambda _make, chosen: counts[tuple(chosen.items())],
    )
    described = applications._network(name, getattr(keras.applications, name))
    assert described == stored[name]
