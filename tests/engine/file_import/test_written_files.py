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
from dlstudio.engine.file_import.opened_model import open_model

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
