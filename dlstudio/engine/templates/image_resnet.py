"""A small residual network, built layer by layer.

He, Zhang, Ren, Sun: "Deep Residual Learning for Image Recognition" (2015), in the form
its section 4.2 gives for CIFAR-10: three stages of 3×3 convolutions. A shortcut is
projected by a 1×1 convolution where the number of filters changes.
"""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.engine.templates.building_blocks import (
    begin,
    end,
    epochs,
    mirror,
    normed,
    project,
)
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder

LONGEST = 96
FIRST = 32  # filters
BLOCKS = 1  # in each stage
STAGES = 3
ROUNDS = 0.6  # fraction of the usual epochs, which are slow but learn fast here
LARGE = 48  # pixels: from here on the first convolution halves the image


def make(context: TemplateContext) -> Project:
    """Create a project with a model of residual blocks."""
    builder = GraphBuilder()
    side = min(begin(builder, context, LONGEST))
    mirror(builder, context)
    halved = (2, 2) if side >= LARGE else (1, 1)
    normed(builder, "conv", FIRST, strides=halved)
    trunk = builder.add("relu", "ReLU")
    for stage in range(STAGES):
        for block in range(BLOCKS):
            trunk = _block(builder, trunk, FIRST * 2**stage, bool(stage) and block == 0)
    builder.add("mean", "GlobalAveragePooling2D")
    builder.add("dropout", "Dropout", rate=0.3)
    end(builder, context)
    rounds = round(ROUNDS * epochs(context.samples))
    return project(context, builder, learning_rate=0.003, rounds=rounds)


def _block(builder: GraphBuilder, trunk: str, filters: int, halve: bool) -> str:
    strides = (2, 2) if halve else (1, 1)
    normed(builder, "conv", filters, after=trunk, strides=strides)
    builder.add("relu", "ReLU")
    branch = normed(builder, "conv", filters)
    shortcut = trunk
    if halve:
        shortcut = normed(
            builder, "shortcut", filters, size=1, after=trunk, column=1, strides=strides
        )
    builder.add("add", "Add", after=(branch, shortcut))
    return builder.add("relu", "ReLU")
