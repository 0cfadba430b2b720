"""New nodes: what their description gives them."""

from __future__ import annotations

import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import Graph
from dlstudio.document.new_node import new_node

CATALOG = Catalog.load()


@pytest.mark.parametrize(
    "kind",
    [
        "keras.layers.TextVectorization",
        "keras.layers.StringLookup",
        "keras.layers.IntegerLookup",
        "dlstudio.layers.WordPiece",
        "dlstudio.layers.BytePair",
    ],
)
def test_a_new_layer_learns_its_vocabulary(kind: str) -> None:
    """Examples have one so that they can be called; it is no vocabulary of the data."""
    assert CATALOG[kind].example["vocabulary"]
    assert "vocabulary" not in new_node(CATALOG[kind], Graph(), (0.0, 0.0)).params
