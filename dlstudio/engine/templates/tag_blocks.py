"""The project that a template for tagged tokens makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dlstudio.catalog.features import FEATURES
from dlstudio.catalog.features.tags import TAGS
from dlstudio.catalog.features.tokens import TOKENS
from dlstudio.catalog.store import Catalog
from dlstudio.data.features.token_texts import WIDTH
from dlstudio.document.feature import Feature
from dlstudio.document.plan import EarlyStopping
from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.engine.features.input_branch import BranchLayer
from dlstudio.engine.features.token_profile import TokenProfile
from dlstudio.engine.heads.token_classification import TOKEN_CLASSIFICATION
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.table_blocks import add_input, features_of
from dlstudio.engine.templates.table_features import (
    InputFeature,
    TableFeatures,
    TargetFeature,
)
from dlstudio.engine.templates.table_mlp import add_output
from dlstudio.engine.templates.table_project import table_project
from dlstudio.engine.templates.text_blocks import add_layer
from dlstudio.errors import UserError
from dlstudio.i18n import _

LETTER_SIZE, FILTERS, REACH = 16, 32, 3
"""Of the vectors of characters, and of the convolution on them."""
DROPPED = 0.4
BESIDE = 1.4
"""Columns from the words to the characters, whose cards are wide."""
EXAMPLE_TAGS = 7
RATE = 0.004
MONITOR = "val_entity_f1"
"""The loss rises while more entities are found: it is nearly all about other tokens."""

AddLayers = Callable[[GraphBuilder, str, TokenProfile], str]
"""Adds layers from the input to a row of numbers for each token; returns the last."""


def tag_project(context: TemplateContext, add_layers: AddLayers) -> Project:
    """Create a project whose model gives each token of a sentence a tag.

    Args:
        context: Of a table with tokens and tags.
        add_layers: Adds the layers that read them.

    Raises:
        UserError: The data has anything else.
    """
    features = tag_features(context)
    (tokens,), (target,) = features.inputs, features.targets
    profile = TokenProfile.of_sizes(tokens.branch.sizes)
    builder = GraphBuilder()
    layers = {tokens.name: add_input(builder, tokens, 0)}
    trunk = add_layers(builder, layers[tokens.name], profile)
    trunk = builder.add("dropout", "Dropout", trunk, rate=DROPPED)
    outputs = [add_output(builder, target, trunk, 0)]
    made = table_project(context, features, builder, layers, outputs)
    adam = Spec("keras.optimizers.Adam").with_param("learning_rate", RATE)
    patience = max(6, made.plan.epochs // 4)
    stopping = EarlyStopping(MONITOR, patience)
    plan = replace(made.plan, optimizer=adam, early_stopping=stopping)
    return replace(made, plan=plan)


def tag_features(context: TemplateContext) -> TableFeatures:
    """The column of tokens and that of tags; an example without data.

    Raises:
        UserError: The data has anything else.
    """
    if context.table is None and not context.source.kind:
        catalog = Catalog(FEATURES)
        tokens = InputFeature.of("tokens", Feature(TOKENS.kind), 0, catalog)
        tags = TargetFeature("tags", Feature(TAGS.kind), TOKEN_CLASSIFICATION)
        return TableFeatures((tokens,), (replace(tags, classes=EXAMPLE_TAGS),))
    features = features_of(context)
    inputs = [each.feature.kind for each in features.inputs]
    targets = [each.feature.kind for each in features.targets]
    if inputs != [TOKENS.kind] or targets != [TAGS.kind]:
        raise UserError(
            _("This template takes a column of tokens and predicts one of tags."),
            _("Choose another template, or ignore the other columns."),
        )
    return features


def add_tokens(
    builder: GraphBuilder, words: str, input: str, profile: TokenProfile
) -> str:
    """Add a vector for each token, from its word and its characters.

    Args:
        builder: The graph to add to.
        words: Id of the layer with a vector for each word.
        input: Id of the input.
        profile: Of the sentences.

    Returns:
        Id of the layer whose output is (n, length, numbers).
    """
    last = add_layer(builder, profile.letters(), input, BESIDE)
    last = _reshaped(builder, last, (profile.length, WIDTH))
    sizes = {"input_dim": profile.characters + 2, "output_dim": LETTER_SIZE}
    letters = BranchLayer("character_embedding", "Embedding", sizes)
    last = add_layer(builder, letters, last, BESIDE)
    last = builder.add(
        "letters",
        "Conv2D",
        last,
        BESIDE,
        filters=FILTERS,
        kernel_size=(1, REACH),
        padding="same",
        activation="relu",
    )
    last = builder.add("strongest", "MaxPooling2D", last, BESIDE, pool_size=(1, WIDTH))
    last = _reshaped(builder, last, (profile.length, FILTERS))
    both = builder.add("tokens_with_letters", "Concatenate", (words, last))
    return builder.add("dropout", "Dropout", both, rate=DROPPED)


def _reshaped(builder: GraphBuilder, after: str, shape: tuple[int, ...]) -> str:
    return builder.add("by_token", "Reshape", after, BESIDE, target_shape=shape)
