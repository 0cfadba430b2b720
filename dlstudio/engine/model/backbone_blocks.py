"""The blocks of a network, found by the names of its layers."""

from __future__ import annotations

import re
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING

from dlstudio.document.backbone import BackboneBlock, BackboneConfig
from dlstudio.engine.model.backbone import Shape, make_network
from dlstudio.engine.model.hub_network import network_layers

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasLayer

KEPT = 16
BEGIN = re.compile(
    r"(?:.+_stage_\d+_block_\d+|stage_\d+_block_\d+|stack\d+_block\d+|conv\d+_block\d+|block_\d+|block\d+[a-z]"
    r"|block\d+_\d+|block\d+(?=_(?:sep)?conv)|expanded_conv_\d+|conv_dw_\d+"
    r"|mixed_?\d\w*|(?:normal|reduction)_concat\w*)(?=_|$)"
)
"""The names of layers that begin with a block of any network of Keras."""


@lru_cache(KEPT)
def backbone_blocks(config: BackboneConfig, shape: Shape) -> tuple[BackboneBlock, ...]:
    """The blocks of a network, in order.

    Layers that Keras numbers by how many it has made before belong to the block before
    them.

    Args:
        config: Of the network; which layers are frozen does not matter.
        shape: Of what it takes, (height, width, channels).

    Raises:
        UserError: The network does not take this.
    """
    layers = network_layers(make_network(config, shape))
    places: dict[str, int] = {}
    for place, layer in enumerate(layers):
        found = BEGIN.match(layer.name)
        if found is not None:
            places.setdefault(found.group(), place)
    if config.preset and not places:  # of a transformer, each layer is one
        places = {each.name: n for n, each in enumerate(layers) if _is_named(each)}
    counts = [
        sum(prod(weight.shape) for weight in layer.trainable_variables)
        for layer in layers
    ]
    pairs = ((name, sum(counts[place:])) for name, place in places.items())
    return tuple(BackboneBlock(name, count) for name, count in pairs if count)


def _is_named(layer: KerasLayer) -> bool:
    """Whether a layer has weights, and a name that is the same in each build."""
    usual = re.sub("(?<=[a-z0-9])(?=[A-Z])", "_", type(layer).__name__).lower()
    return bool(layer.weights) and not re.fullmatch(rf"{usual}(_\d+)?", layer.name)
