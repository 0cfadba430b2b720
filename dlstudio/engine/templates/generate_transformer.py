"""A causal Transformer that continues a text.

Radford et al.: “Language Models are Unsupervised Multitask Learners” (2019): blocks of
attention and dense layers, each normalized before and added to what it is given.
"""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.engine.features.language_profile import LanguageProfile
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.language_blocks import LanguagePlan, language_project

SIZE, HEADS, BLOCKS = 128, 4, 3
DROPPED = 0.1
PLAN = LanguagePlan(rate=0.002, batch_size=32, steps=2200)


def make(context: TemplateContext) -> Project:
    """Create a project whose model looks back at all that was written."""
    return language_project(context, _add_transformer, PLAN)


def _add_transformer(
    builder: GraphBuilder, tokens: str, profile: LanguageProfile
) -> str:
    layer = profile.embedding(SIZE)
    words = builder.add(layer.stem, layer.kind, tokens, 0, **layer.params)
    positions = _positions(builder, tokens, profile)
    last = builder.add("tokens_in_order", "Add", (words, positions), 0)
    last = builder.add("dropout", "Dropout", last, 0, rate=DROPPED)
    for _block in range(BLOCKS):
        last = _add_block(builder, last)
    return builder.add("norm", "LayerNormalization", last, 0)


def _positions(builder: GraphBuilder, tokens: str, profile: LanguageProfile) -> str:
    """Add a vector for each position, from 1 on."""
    ones = builder.add("ones", "keras.ops.ones_like", tokens, 1)
    number = builder.add("position", "keras.ops.cumsum", ones, 1, axis=1)
    return builder.add(
        "position_embedding",
        "Embedding",
        number,
        1,
        input_dim=profile.length + 1,
        output_dim=SIZE,
    )


def _add_block(builder: GraphBuilder, before: str) -> str:
    """Add attention to what was before, and dense layers, each beside a connection."""
    normed = builder.add("norm", "LayerNormalization", before, 0)
    last = builder.add(
        "attention",
        "MultiHeadAttention",
        (normed, normed),
        0,
        num_heads=HEADS,
        key_dim=SIZE // HEADS,
        dropout=DROPPED,
    )
    builder.call(last, use_causal_mask=True)
    before = builder.add("residual", "Add", (before, last), 0)
    builder.add("norm", "LayerNormalization", before, 0)
    builder.add("wide", "Dense", None, 0, units=4 * SIZE, activation="gelu")
    last = builder.add("narrow", "Dense", None, 0, units=SIZE)
    return builder.add("residual", "Add", (before, last), 0)
