"""Dense layers on the pixels: a model without convolutions."""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.engine.templates.building_blocks import begin, end, project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder

LONGEST = 48
UNITS = (256, 128)


def make(context: TemplateContext) -> Project:
    """Create a project whose model takes small images as flat vectors."""
    builder = GraphBuilder()
    begin(builder, context, LONGEST)
    builder.add("flatten", "Flatten")
    for units in UNITS:
        builder.add("dense", "Dense", units=units, activation="relu")
        builder.add("dropout", "Dropout", rate=0.3)
    end(builder, context)
    return project(context, builder, learning_rate=0.001)
