"""An encoder and a decoder of GRUs with additive attention, from one text to another.

Bahdanau, Cho & Bengio: “Neural Machine Translation by Jointly Learning to Align and
Translate” (2014): the share of each token of the source is the softmax of
v·tanh(W h + U s + b), where h is what the encoder has read there, and s the state of
the decoder. Here s is the state after the token before, as in Luong, Pham & Manning
(2015), so that the whole text is one call of the GRU.
"""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.sequence_project import (
    RIGHT,
    Sequences,
    sequence_project,
)
from dlstudio.i18n import _

SIZE, UNITS = 64, 128
DROPPED = 0.1
STATE = 1
"""The port of a GRU for its first state, and its output with the last one."""


def make(context: TemplateContext) -> Project:
    """Create a project whose texts are read and written token by token."""
    return sequence_project(context, _add_grus)


def _add_grus(builder: GraphBuilder, given: Sequences) -> str:
    with builder.group(_("Encoder")):
        vectors = _embedding(builder, given.read, given.source.tokens, 0)
        half = {"units": UNITS // 2, "return_sequences": True, "return_state": True}
        read = builder.add(
            "reading",
            "Bidirectional",
            vectors,
            0,
            layer=Spec("keras.layers.GRU", FrozenMap(half)),
        )
        state = builder.add("last_state", "Concatenate", ((read, 1), (read, 2)), 1)
    with builder.group(_("Decoder")):
        before = _embedding(builder, given.written, given.target.tokens + 1, RIGHT)
        before = builder.align(before, state)
        writing = builder.add(
            "writing", "GRU", before, RIGHT, units=UNITS, return_sequences=True
        )
        builder.connect(state, writing, STATE)
        query = builder.add("query", "Dense", writing, RIGHT, units=UNITS)
        key = builder.add("key", "Dense", read, RIGHT - 1, units=UNITS, use_bias=False)
        builder.align(key, query)
        context = builder.add(
            "attention", "AdditiveAttention", (query, read, key), RIGHT
        )
        both = builder.add("with_source", "Concatenate", (writing, context), RIGHT)
        last = builder.add(
            "combined", "Dense", both, RIGHT, units=UNITS, activation="tanh"
        )
        return builder.add("dropout", "Dropout", last, RIGHT, rate=DROPPED)


def _embedding(builder: GraphBuilder, tokens: str, count: int, column: float) -> str:
    """Add a vector for each token; the layers behind skip the padding."""
    last = builder.add(
        "embedding",
        "Embedding",
        tokens,
        column,
        input_dim=count,
        output_dim=SIZE,
        mask_zero=True,
    )
    return builder.add("dropout", "Dropout", last, column, rate=DROPPED)
