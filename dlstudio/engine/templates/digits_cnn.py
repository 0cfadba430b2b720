"""The sample project: a small CNN on scikit-learn's handwritten digits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.engine.templates.building_blocks import begin, end, project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder

DIGITS = TemplateContext(
    name="",
    source=Spec("dlstudio.sources.digits"),
    classes=10,
    samples=1797,
    height=8,
    width=8,
    channels=1,
)
SAME: dict[str, Any] = {
    "kernel_size": (3, 3),
    "padding": "same",
    "activation": "relu",
}


def make(context: TemplateContext) -> Project:
    """Create a project on the digits, regardless of the context's source."""
    context = replace(DIGITS, name=context.name)
    builder = GraphBuilder()
    begin(builder, context, longest=8)
    builder.add("conv", "Conv2D", filters=32, **SAME)
    builder.add("conv", "Conv2D", filters=64, **SAME)
    builder.add("pool", "MaxPooling2D")
    builder.add("flatten", "Flatten")
    builder.add("dense", "Dense", units=64, activation="relu")
    builder.add("dropout", "Dropout", rate=0.3)
    end(builder, context)
    return project(context, builder, learning_rate=0.002)
