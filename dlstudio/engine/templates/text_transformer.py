"""Transformer blocks on the words of a text.

Vaswani et al.: “Attention Is All You Need” (2017), with learned positions and the
encoder alone.
"""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.engine.features.text_profile import TextProfile
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.text_blocks import add_layer, text_project

SIZE, HEADS, BLOCKS = 64, 4, 2
DROPPED = 0.1
ATTENTION_MASK = 6
"""The port of MultiHeadAttention behind query, value, key and their masks."""


def make(context: TemplateContext) -> Project:
    """Create a project whose words look at one another."""
    return text_project(context, _add_transformer, skips_padding=True)


def _add_transformer(
    builder: GraphBuilder, input: str, profile: TextProfile, column: float
) -> str:
    words = add_layer(builder, profile.words(), input, column)
    tokens = add_layer(builder, profile.embedding(SIZE), words, column)
    is_word = builder.add("is_word", "keras.ops.sign", words, column + 1)
    positions = add_positions(builder, words, is_word, profile.length, column + 1)
    last = builder.add("tokens_in_order", "Add", (tokens, positions), column)
    last = builder.add("dropout", "Dropout", last, column, rate=DROPPED)
    mask = builder.add("to_words", "keras.ops.expand_dims", is_word, column + 2, axis=1)
    mask = builder.add("mask", "keras.ops.cast", mask, column + 2, dtype="bool")
    for _block in range(BLOCKS):
        last = add_block(builder, last, mask, column)
    # The sum of the words without padding; of no word at all it is no division by zero.
    kept = builder.add("kept", "keras.ops.expand_dims", is_word, column + 1, axis=-1)
    builder.align(kept, last)
    last = builder.add("without_padding", "Multiply", (last, kept), column)
    last = builder.add("sum_of_words", "keras.ops.sum", last, column, axis=1)
    return builder.add("norm", "LayerNormalization", last, column)


def add_positions(
    builder: GraphBuilder,
    words: str,
    is_word: str,
    length: int,
    column: float,
) -> str:
    """Add a vector for each position, from 1 on; 0 is padding.

    Args:
        builder: The graph to add to.
        words: Id of the layer with the numbers of words.
        is_word: Id of the layer with 1 for each word and 0 for padding.
        length: Most words.
        column: Column on the canvas.
    """
    number = builder.add("count", "keras.ops.cumsum", is_word, column, axis=1)
    number = builder.add("position", "Multiply", (number, is_word), column)
    return builder.add(
        "position_embedding",
        "Embedding",
        number,
        column,
        input_dim=length + 1,
        output_dim=SIZE,
    )


def add_block(builder: GraphBuilder, before: str, mask: str, column: float) -> str:
    """Add attention and dense layers, each beside a connection that skips it.

    The mask is given rather than left to Keras, whose MultiHeadAttention takes it off
    the tensor that the residual connection uses, too.

    Args:
        builder: The graph to add to.
        before: Id of the preceding layer.
        mask: Id of the layer with the words that may be looked at.
        column: Column on the canvas.
    """
    last = builder.add(
        "attention",
        "MultiHeadAttention",
        (before, before),
        column,
        num_heads=HEADS,
        key_dim=SIZE // HEADS,
        dropout=DROPPED,
    )
    builder.connect(mask, last, ATTENTION_MASK)
    last = _joined(builder, before, last, column)
    before = last
    builder.add("wide", "Dense", last, column, units=2 * SIZE, activation="relu")
    last = builder.add("narrow", "Dense", None, column, units=SIZE)
    return _joined(builder, before, last, column)


def _joined(builder: GraphBuilder, before: str, last: str, column: float) -> str:
    last = builder.add("residual", "Add", (before, last), column)
    return builder.add("norm", "LayerNormalization", last, column)
