"""The size and form of images, read from a graph."""

from __future__ import annotations

from typing import Any

import keras
import pytest

from dlstudio.data.images.spec import ImageSpec, image_spec
from dlstudio.document.graph import INPUT, Edge, Graph, node
from dlstudio.errors import UserError

RESIZING = "keras.layers.Resizing"


def chain(shape: Any, *layers: dict[str, Any]) -> Graph:
    """An input followed by Resizing layers."""
    nodes = [node(f"resize_{n}", RESIZING, **each) for n, each in enumerate(layers)]
    return Graph.chain([node("input", INPUT, shape=shape), *nodes])


def test_input_of_fixed_size_says_it() -> None:
    assert image_spec(chain([32, 48, 1])) == ImageSpec(32, 48, 1)
    assert image_spec(chain([32, 48, 3], {"height": 8, "width": 8})).height == 32


def test_resizing_behind_an_input_of_any_size_says_it() -> None:
    settings = {"height": 20, "width": 30, "interpolation": "nearest"}
    spec = image_spec(chain([None, None, 3], {**settings, "fill_value": 3}))
    assert spec == ImageSpec(20, 30, 3, "nearest", False, fill_value=3.0)
    assert ImageSpec.from_json(spec.to_json()) == spec


def test_defaults_are_keras_own() -> None:
    spec = image_spec(chain([None, 5, 3], {"height": 20, "width": 30}))
    layer = keras.layers.Resizing(20, 30).get_config()
    for name, value in spec.to_json().items():
        assert name == "channels" or layer[name] == value


def test_two_resizings_that_agree_or_not() -> None:
    one, two = {"height": 20, "width": 30}, {"height": 20, "width": 31}
    for other, agrees in ((one, True), (two, False)):
        graph = chain([None, None, 3], one)
        graph = graph.with_nodes([node("other", RESIZING, **other)])
        graph = Graph(graph.nodes, (*graph.edges, Edge("input", "other")))
        if agrees:
            assert image_spec(graph).width == 30
        else:
            with pytest.raises(UserError, match="have different sizes"):
                image_spec(graph)


@pytest.mark.parametrize(
    "graph",
    [
        Graph(),
        chain([None, None, 3]),
        chain([10]),
        chain(None),
        chain([10, 10, 2]),
        chain([0, 10, 3]),
        chain([10, 10_000_000, 3]),
        chain([None, None, 3], {"height": 10}),
        chain([None, None, 3], {"height": "x", "width": 3}),
        Graph.chain([node("a", INPUT, shape=[1, 1, 1]), node("b", INPUT, shape=[1])]),
    ],
)
def test_graphs_without_a_size_are_refused(graph: Graph) -> None:
    with pytest.raises(UserError):
        image_spec(graph)
