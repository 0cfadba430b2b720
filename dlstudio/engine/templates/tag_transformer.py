"""Transformer blocks on the tokens of a sentence, which tag each of them."""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.engine.features.token_profile import TokenProfile
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.tag_blocks import add_tokens, tag_project
from dlstudio.engine.templates.text_blocks import add_layer
from dlstudio.engine.templates.text_transformer import (
    BLOCKS,
    SIZE,
    add_block,
    add_positions,
)


def make(context: TemplateContext) -> Project:
    """Create a project whose tokens look at one another."""
    return tag_project(context, _add_transformer)


def _add_transformer(builder: GraphBuilder, input: str, profile: TokenProfile) -> str:
    words = add_layer(builder, profile.words(), input, 0)
    embedding = add_layer(builder, profile.embedding(SIZE, masked=False), words, 0)
    is_word = builder.add("is_word", "keras.ops.sign", words, -1)
    positions = add_positions(builder, words, is_word, profile.length, -1)
    tokens = add_tokens(builder, embedding, input, profile)
    tokens = builder.add("token", "Dense", tokens, units=SIZE)
    last = builder.add("tokens_in_order", "Add", (tokens, positions))
    mask = builder.add("to_words", "keras.ops.expand_dims", is_word, -2, axis=1)
    mask = builder.add("mask", "keras.ops.cast", mask, -2, dtype="bool")
    for _block in range(BLOCKS):
        last = add_block(builder, last, mask, 0)
    return last
