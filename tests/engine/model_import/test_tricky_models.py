"""Every tricky model survives the way to a graph, a file, a script, and back."""

from __future__ import annotations

import json

import keras
import numpy as np
import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.document.storage import project_from_json, project_text
from dlstudio.engine.model.build import build
from dlstudio.engine.model_import.carried_weights import carry_weights, model_weights
from dlstudio.engine.model_import.keras_models import imported_model
from tests.support.tricky_models import MAKERS, inputs_of


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


@pytest.mark.parametrize("name", MAKERS)
def test_round_trip(name: str, catalog: Catalog) -> None:
    original = MAKERS[name]()
    imported = imported_model(original, catalog)
    project = Project(name, graphs=imported.graphs)
    read = project_from_json(json.loads(project_text(project)))
    assert read.graphs == imported.graphs
    built = build(read, catalog, precision=imported.precision)
    carried = carry_weights(built, imported, model_weights(original, imported))
    assert carried.complete, carried
    assert imported.opaque == ()
    inputs = inputs_of(original)
    for one, other in zip(
        keras.tree.flatten(original(inputs if len(inputs) > 1 else inputs[0])),
        keras.tree.flatten(built(inputs if len(inputs) > 1 else inputs[0])),
        strict=True,
    ):
        np.testing.assert_allclose(np.asarray(one), np.asarray(other), rtol=1e-6)
