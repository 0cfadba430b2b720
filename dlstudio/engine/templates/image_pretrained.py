"""Whether images do better with a pretrained network, and which weights are at hand.

What a network has learned from a million photos helps as long as there are few images:
Kornblith et al., "Do Better ImageNet Models Transfer Better?" (2019).
"""

from __future__ import annotations

from dlstudio.catalog.backbones import PublishedWeights, networks
from dlstudio.engine.model.published_weights import check_at_hand
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.errors import UserError

PRETRAINED = "dlstudio.templates.image-transfer"
FEW = 5_000
"""From so many images on, a network trained from scratch is proposed."""
SMALLEST = 32
"""Least height and width of images in which a network finds what it has learned."""


def suits_pretrained(context: TemplateContext) -> bool:
    """Whether a pretrained network is proposed for some images.

    Args:
        context: What is known of the images.
    """
    labeled = context.classes >= 2 or context.has_several_labels
    large = min(context.height, context.width) >= SMALLEST
    return context.table is None and labeled and large and context.samples < FEW


def published_weights(network: str) -> PublishedWeights | None:
    """The weights that Keras publishes for a network as it is built by default.

    Args:
        network: Its name.
    """
    known = networks()[network]
    return known.published(known.size, {})


def weights_at_hand(network: str) -> bool:
    """Whether the published weights of a network are in Keras' cache, undamaged.

    Args:
        network: Its name.
    """
    weights = published_weights(network)
    if weights is None:
        return False
    try:
        check_at_hand(weights)
    except UserError:
        return False
    return True
