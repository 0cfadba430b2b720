"""A frozen pretrained network with one layer of its own behind it.

Sharif Razavian et al.: "CNN Features off-the-shelf: an Astounding Baseline for
Recognition" (2014). Nothing random stands before the network, so that its features are
computed once.
"""

from __future__ import annotations

from dataclasses import replace

from dlstudio.catalog.backbones import BACKBONE, networks
from dlstudio.document.project import MODEL, Project
from dlstudio.engine.templates.building_blocks import end, epochs, project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder

RATE = 0.004
ROUNDS = 3  # times the usual epochs, as later ones take next to no time


def make(context: TemplateContext) -> Project:
    """Create a project whose model classifies what a pretrained network sees."""
    builder = GraphBuilder()
    size = networks()[context.network].size
    fits = not context.varying and (context.height, context.width) == (size, size)
    builder.add(
        "image", "InputLayer", shape=(size, size, 3) if fits else (None, None, 3)
    )
    if not fits:
        builder.add("resize", "Resizing", height=size, width=size, antialias=True)
    backbone = builder.add("backbone", BACKBONE, architecture=context.network)
    builder.add("mean", "GlobalAveragePooling2D")
    builder.add("dropout", "Dropout", rate=0.2)
    end(builder, context)
    made = project(
        context, builder, learning_rate=RATE, rounds=ROUNDS * epochs(context.samples)
    )
    frozen = replace(made.model.nodes[backbone], frozen=True)
    return replace(made, graphs=made.graphs.set(MODEL, made.model.with_nodes([frozen])))
