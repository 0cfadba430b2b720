"""Every tricky model survives the way to a graph, a file, a script, and back."""

from __future__ import annotations

from collections.abc import Callable

import keras
import numpy as np
import pytest
from keras import applications
from model_round_trip import RoundTrip, outputs_of, plain_layers
from tricky_models import MAKERS, OPAQUE, inputs_of

from dlstudio.catalog.store import Catalog


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


NETWORKS: dict[str, Callable[[], keras.Model]] = {
    "MobileNetV2": lambda: applications.MobileNetV2((32, 32, 3), 0.35, weights=None),
    "MobileNetV3Small": lambda: applications.MobileNetV3Small(
        (32, 32, 3), 0.35, weights=None
    ),
}
"""Small networks of Keras; `benchmarks/all_applications.py` has all of them."""


@pytest.mark.parametrize("name", [*MAKERS, *NETWORKS])
def test_round_trip(name: str, catalog: Catalog) -> None:
    original = {**MAKERS, **NETWORKS}[name]()
    trip = RoundTrip(original, catalog)
    assert tuple(each.node for each in trip.imported.opaque) == OPAQUE.get(name, ())
    assert trip.project.graphs == trip.imported.graphs
    if name == "lambda_layer":
        return
    built = trip.build()
    assert trip.carried.complete, trip.carried
    added = {n.node for n in trip.imported.notes if n.text.startswith("Added")}
    found = [each for each in plain_layers(built) if each.split()[0] not in added]
    assert found == plain_layers(original)
    inputs = inputs_of(original)
    wanted = outputs_of(original, inputs)
    for model in (built, trip.run_script()):
        answers = outputs_of(model, inputs)
        assert len(answers) == len(wanted)
        for one, other in zip(wanted, answers, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
