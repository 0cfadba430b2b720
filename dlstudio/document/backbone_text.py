"""What a backbone is, in a few words."""

from __future__ import annotations

import re

from dlstudio.document.backbone import BackboneConfig
from dlstudio.document.graph import Node
from dlstudio.errors import UserError, joined
from dlstudio.i18n import _


def backbone_title(node: Node) -> str:
    """The name of the network."""
    return BackboneConfig.of(node.params).title


def weights_text(node: Node) -> str:
    """Where its weights come from, such as "ImageNet" or the name of a file."""
    config = BackboneConfig.of(node.params)
    if not config.pretrained:
        return _("random weights")
    if config.has_preset_weights:
        return _("weights of the preset")
    return re.split(r"[\\/]", config.own_file)[-1] or "ImageNet"


def backbone_facts(node: Node) -> str:
    """The size of its images and of its published weights; "" if it is unknown."""
    config = BackboneConfig.of(node.params)
    if config.preset:
        return _preset_facts(config)
    try:
        network, arguments = config.network, config.arguments
    except UserError:
        return ""
    text = _("Made for images of {size}×{size} pixels; smallest: {least}×{least}.")
    text = text.format(size=network.size, least=network.smallest)
    weights = network.published(None, arguments)
    if weights is None:
        return text
    more = _("ImageNet weights: about {size:.0f} MB.")
    more = more.format(size=max(weights.megabytes, 1))
    return f"{text} {more}"


def _preset_facts(config: BackboneConfig) -> str:
    """The class of a preset's network, its size, and whether it scales images."""
    preset = config.kept_preset
    if preset is None:
        return _("A network of KerasHub.")
    text = _("{network} of KerasHub, made for images of {size}×{size} pixels.")
    text = text.format(network=preset.class_name, size=preset.size)
    if config.scales_images:
        return text
    return joined(text, _("It takes pixels as they are, without scaling them."))
