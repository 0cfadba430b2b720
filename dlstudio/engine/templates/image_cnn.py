"""A CNN whose depth depends on the image size."""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.engine.templates.building_blocks import (
    begin,
    end,
    mirror,
    normed,
    project,
)
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder

LONGEST = 128
FIRST, MOST = 32, 128  # filters
SMALLEST = 8  # pixels: a shorter side is not halved again


def make(context: TemplateContext) -> Project:
    """Create a project whose model downsamples the images until few pixels are left."""
    builder = GraphBuilder()
    side = min(begin(builder, context, LONGEST))
    mirror(builder, context)
    filters = FIRST
    while side >= SMALLEST:
        _block(builder, filters)
        builder.add("pool", "MaxPooling2D")
        side, filters = side // 2, min(2 * filters, MOST)
    _block(builder, filters)
    builder.add("mean", "GlobalAveragePooling2D")
    builder.add("dropout", "Dropout", rate=0.3)
    end(builder, context)
    return project(context, builder, learning_rate=0.003)


def _block(builder: GraphBuilder, filters: int) -> None:
    normed(builder, "conv", filters)
    builder.add("relu", "ReLU")
