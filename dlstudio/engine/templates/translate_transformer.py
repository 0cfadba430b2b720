"""An encoder and a decoder of Transformer blocks, from one text to another.

Vaswani et al.: “Attention Is All You Need” (2017), with learned positions.
"""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.sequence_project import (
    RIGHT,
    Sequences,
    sequence_project,
)
from dlstudio.i18n import _

SIZE, HEADS, BLOCKS = 128, 4, 2
DROPPED = 0.1
ATTENTION_MASK = 6
"""The port of MultiHeadAttention behind query, value, key and their masks."""


def make(context: TemplateContext) -> Project:
    """Create a project whose texts are read and written by Transformer blocks."""
    return sequence_project(context, _add_transformer)


def _add_transformer(builder: GraphBuilder, given: Sequences) -> str:
    with builder.group(_("Encoder")):
        read, mask = _encoder(builder, given)
    with builder.group(_("Decoder")):
        marked = builder.add("is_written", "keras.ops.sign", given.written, RIGHT + 1)
        length, count = given.target.length + 1, given.target.tokens + 1
        last = _tokens(builder, given.written, marked, (count, length), RIGHT)
        for number in range(1, BLOCKS + 1):
            with builder.group(_("Block {number}").format(number=number)):
                last = _written_block(builder, last, read, mask)
    return last


def _encoder(builder: GraphBuilder, given: Sequences) -> tuple[str, str]:
    """Add the encoder; its last layer, and the mask of the tokens that are there."""
    is_word = builder.add("is_word", "keras.ops.sign", given.read, 1)
    length, count = given.source.length, given.source.tokens
    last = _tokens(builder, given.read, is_word, (count, length), 0)
    # Each token may look at all that are there: (n, 1, tokens).
    mask = builder.add("to_words", "keras.ops.expand_dims", is_word, 2, axis=1)
    mask = builder.add("mask", "keras.ops.cast", mask, 2, dtype="bool")
    for number in range(1, BLOCKS + 1):
        with builder.group(_("Block {number}").format(number=number)):
            attention = _attention(builder, "attention", (last, last), 0)
            builder.connect(mask, attention, ATTENTION_MASK)
            last = _joined(builder, last, attention, 0)
            last = _dense(builder, last, 0)
    return last, mask


def _written_block(builder: GraphBuilder, last: str, read: str, mask: str) -> str:
    """Add attention to the tokens before, attention to the source, and dense layers."""
    own = _attention(builder, "attention_before", (last, last), RIGHT)
    builder.call(own, use_causal_mask=True)
    last = _joined(builder, last, own, RIGHT)
    across = _attention(builder, "attention_source", (last, read), RIGHT)
    builder.connect(mask, across, ATTENTION_MASK)
    last = _joined(builder, last, across, RIGHT)
    return _dense(builder, last, RIGHT)


def _tokens(
    builder: GraphBuilder,
    numbers: str,
    present: str,
    sizes: tuple[int, int],
    column: float,
) -> str:
    """Add vectors of tokens and of their positions, from 1 on; 0 is padding.

    Args:
        builder: The graph to add to.
        numbers: Id of the layer that gives the numbers of the tokens.
        present: Id of the layer that gives 1 for each token that is there.
        sizes: How many tokens and how many positions there are.
        column: Column on the canvas.
    """
    tokens = builder.add(
        "embedding",
        "Embedding",
        numbers,
        column,
        input_dim=sizes[0],
        output_dim=SIZE,
    )
    place = builder.add("count", "keras.ops.cumsum", present, column + 1, axis=1)
    place = builder.add("position", "Multiply", (place, present), column + 1)
    places = builder.add(
        "position_embedding",
        "Embedding",
        place,
        column + 1,
        input_dim=sizes[1] + 1,
        output_dim=SIZE,
    )
    last = builder.add("tokens_in_order", "Add", (tokens, places), column)
    return builder.add("dropout", "Dropout", last, column, rate=DROPPED)


def _attention(
    builder: GraphBuilder, stem: str, given: tuple[str, str], column: float
) -> str:
    return builder.add(
        stem,
        "MultiHeadAttention",
        given,
        column,
        num_heads=HEADS,
        key_dim=SIZE // HEADS,
        dropout=DROPPED,
    )


def _dense(builder: GraphBuilder, before: str, column: float) -> str:
    builder.add("wide", "Dense", before, column, units=2 * SIZE, activation="relu")
    last = builder.add("narrow", "Dense", None, column, units=SIZE)
    return _joined(builder, before, last, column)


def _joined(builder: GraphBuilder, before: str, last: str, column: float) -> str:
    """Add a layer to what was before it, and normalize the sum."""
    last = builder.add("residual", "Add", (before, last), column)
    return builder.add("norm", "LayerNormalization", last, column)
