"""The blocks of networks, by the names of their layers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dlstudio.document.backbone import BackboneConfig
from dlstudio.engine.model.backbone import make_network
from dlstudio.engine.model.backbone_blocks import BEGIN, backbone_blocks

SHAPE = (32, 32, 3)
SMALL = BackboneConfig("MobileNet", alpha=0.25)


@pytest.mark.parametrize(
    ("layer", "block"),
    [
        ("conv_dw_13_bn", "conv_dw_13"),
        ("block_16_expand_BN", "block_16"),
        ("expanded_conv_9_squeeze_excite_conv_1", "expanded_conv_9"),
        ("block6h_expand_conv", "block6h"),
        ("conv5_block3_1_conv", "conv5_block3"),
        ("block14_sepconv2_act", "block14"),
        ("block5_conv3", "block5"),
        ("convnext_tiny_stage_3_block_2_gelu", "convnext_tiny_stage_3_block_2"),
        ("mixed9_1", "mixed9_1"),
        ("block8_9_mixed", "block8_9"),
        ("normal_concat_12", "normal_concat_12"),
        ("conv2d_57", ""),
        ("top_conv", ""),
        ("post_bn", ""),
    ],
)
def test_a_layer_belongs_to_a_block(layer: str, block: str) -> None:
    found = BEGIN.match(layer)
    assert (found.group() if found else "") == block


def test_from_a_block_on_as_many_parameters_are_trained_as_it_says() -> None:
    blocks = backbone_blocks(SMALL, SHAPE)
    assert len(blocks) == 13
    last = blocks[-1]
    network = make_network(replace(SMALL, trainable_from=last.name), SHAPE)
    shapes = [weight.shape for weight in network.trainable_weights]
    assert shapes == [(3, 3, 256, 1), (1, 1, 256, 256)], "normalization stays"
    assert last.parameters == 9 * 256 + 256 * 256 < blocks[0].parameters
