"""Additive attention on what an LSTM reads.

Bahdanau, Cho & Bengio: “Neural Machine Translation by Jointly Learning to Align and
Translate” (2014): the share of each word is the softmax of v·tanh(W h + U s + b), where
h is what an LSTM has read up to the word, and s its last state.
"""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.engine.features.text_profile import TextProfile
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.text_blocks import add_layer, text_project

UNITS = 64


def make(context: TemplateContext) -> Project:
    """Create a project whose model weighs the words of a text."""
    return text_project(context, _add_attention, skips_padding=True)


def _add_attention(
    builder: GraphBuilder, input: str, profile: TextProfile, column: float
) -> str:
    words = add_layer(builder, profile.words(), input, column)
    add_layer(builder, profile.embedding(masked=True), words, column)
    read = builder.add(
        "reading",
        "LSTM",
        None,
        column,
        units=UNITS,
        return_sequences=True,
        return_state=True,
    )
    state = builder.add(
        "last_state", "Reshape", ((read, 1),), column + 1, target_shape=(1, UNITS)
    )
    query = builder.add("query", "Dense", state, column + 1, units=UNITS)
    key = builder.add("key", "Dense", read, column, units=UNITS, use_bias=False)
    builder.align(key, query)
    builder.add("attention", "AdditiveAttention", (query, read, key), column)
    return builder.add("weighted_words", "Flatten", None, column)
