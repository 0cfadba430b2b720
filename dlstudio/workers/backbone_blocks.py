"""The blocks of a backbone, for the inspector; needs Keras."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.document.backbone import BackboneBlock, BackboneConfig
from dlstudio.workers.jobs import JobContext


def list_blocks(
    _context: JobContext, config: BackboneConfig, shape: tuple[int | None, ...]
) -> tuple[BackboneBlock, ...]:
    """The blocks of a network and the parameters that are trained from each on.

    Args:
        config: Of the network.
        shape: Of what it takes, (height, width, channels).

    Raises:
        UserError: The network does not take this.
    """
    from dlstudio.engine.model.backbone_blocks import backbone_blocks

    return backbone_blocks(replace(config, trainable_from="", pooling="none"), shape)
