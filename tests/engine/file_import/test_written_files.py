"""Files that older versions of Keras wrote give the outputs that they gave then.

A few files of each version are opened here; all of them are by
`python tests/support/keras_files/check.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from written_models import ROUGH, TOLERANCE, VERSIONS, difference, files, placed

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import node
from dlstudio.document.storage import load_project
from dlstudio.engine.file_import.import_file import import_file
from dlstudio.engine.file_import.import_request import ImportRequest
from dlstudio.engine.file_import.opened_model import open_model
from dlstudio.engine.model.build import build
from dlstudio.engine.model.initial_weights import begin_with, read_initial_weights

STEEPER = ("2.15.1", "convolutions")
"""A model with an activation that Keras 3 has changed, which the import says."""
OWN = "own_layer"
"""The model of which only its author has a layer."""


def chosen() -> Iterator[tuple[str, str]]:
    """Each model once as .keras and once as .h5, each by another version."""
    named = [(version, name) for version in VERSIONS for name in files(version)]
    for place, name in enumerate(sorted({name for _version, name in named})):
        if name.startswith(OWN):
            continue
        having = [
            version
            for version in VERSIONS
            if name in files(version) and (version, name.partition(".")[0]) != STEEPER
        ]
        yield having[place % len(having)], name


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


@pytest.mark.filterwarnings("ignore:Layer 'zero_padding1d':UserWarning")
@pytest.mark.parametrize(("version", "name"), list(chosen()))
def test_outputs_are_the_same(
    version: str, name: str, tmp_path: Path, catalog: Catalog
) -> None:
    limit = ROUGH if "precision" in name else TOLERANCE
    assert difference(version, name, tmp_path, catalog) <= limit


def test_a_layer_that_is_missing_is_kept_and_named(
    tmp_path: Path, catalog: Catalog
) -> None:
    path = placed("3.6.0", f"{OWN}.keras", tmp_path)
    opened = open_model(path, catalog)
    assert opened.original is None
    assert "corpus>Scaled" in opened.reason
    (block,) = opened.imported.opaque
    assert block.class_name == "corpus>Scaled" and block.node == "scaled"
    assert len(opened.imported.model.nodes) == 4
    report = import_file(ImportRequest(path, tmp_path / "project"), catalog)
    assert not report.run and "3 layers are kept" in " ".join(report.notes)
    project = load_project(tmp_path / "project")
    assert project.initial_weights is not None
    arrays = read_initial_weights(project.initial_weights, tmp_path / "project")
    assert {place: [a.shape for a in kept] for place, kept in arrays.items()} == {
        "dense_1": [(4, 3), (3,)],
        "scaled": [(3,)],
        "dense": [(3, 2), (2,)],
    }
    # With a layer of Keras in its place the others have their weights.
    dense = node("scaled", "keras.layers.Dense", units=3)
    changed = project.with_graph("model", project.model.with_nodes([dense]))
    begun = begin_with(changed.graphs, build(changed, catalog), arrays)
    assert set(begun.matched) == {"dense", "dense_1"} and begun.changed == ("scaled",)
