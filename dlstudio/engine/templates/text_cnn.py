"""Convolutions of several widths on the words of a text.

Kim: “Convolutional Neural Networks for Sentence Classification” (2014).
"""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.engine.features.text_profile import TextProfile
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.text_blocks import add_layer, text_project

WIDTHS, FILTERS = (3, 4, 5), 64


def make(context: TemplateContext) -> Project:
    """Create a project whose model finds phrases anywhere in a text."""
    return text_project(context, add_convolutions)


def add_convolutions(
    builder: GraphBuilder, input: str, profile: TextProfile, column: float
) -> str:
    """Add convolutions side by side.

    Args:
        builder: The graph to add to.
        input: Id of the input layer.
        profile: Of the texts.
        column: Column on the canvas.

    Returns:
        Id of the layer whose output is (n, filters).
    """
    words = add_layer(builder, profile.words(), input, column)
    embedding = add_layer(builder, profile.embedding(), words, column)
    embedding = builder.add("dropout", "Dropout", embedding, column, rate=0.2)
    pooled = []
    for number, width in enumerate(WIDTHS):
        place = column + number - (len(WIDTHS) - 1) / 2
        phrases = builder.add(
            "phrases",
            "Conv1D",
            embedding,
            place,
            filters=FILTERS,
            kernel_size=width,
            activation="relu",
        )
        pooled.append(builder.add("strongest", "GlobalMaxPooling1D", phrases, place))
    return builder.add("all_phrases", "Concatenate", tuple(pooled), column)
