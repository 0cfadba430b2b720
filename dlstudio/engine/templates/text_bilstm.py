"""An LSTM layer that reads a text in both directions."""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.features.text_profile import TextProfile
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.text_blocks import add_layer, text_project

UNITS = 64


def make(context: TemplateContext) -> Project:
    """Create a project whose model reads texts forwards and backwards."""
    return text_project(context, _add_bilstm, skips_padding=True)


def _add_bilstm(
    builder: GraphBuilder, input: str, profile: TextProfile, column: float
) -> str:
    words = add_layer(builder, profile.words(), input, column)
    add_layer(builder, profile.embedding(masked=True), words, column)
    return builder.add(
        "both_directions",
        "Bidirectional",
        None,
        column,
        layer=Spec("keras.layers.LSTM", FrozenMap({"units": UNITS})),
    )
