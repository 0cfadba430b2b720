"""The project that a template for pairs of texts makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dlstudio.catalog.features import FEATURES
from dlstudio.catalog.features.text import TEXT
from dlstudio.catalog.store import Catalog
from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.plan import DataRecipe, EarlyStopping, Split, TrainingPlan
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.heads.sequence_to_sequence import SEQUENCE_TO_SEQUENCE as HEAD
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.sequence_profile import SequenceProfile
from dlstudio.engine.templates.table_blocks import add_input, features_of
from dlstudio.engine.templates.table_features import (
    InputFeature,
    TableFeatures,
    TargetFeature,
)
from dlstudio.engine.templates.text_blocks import add_layer
from dlstudio.errors import UserError
from dlstudio.i18n import _

RIGHT = 4
"""Columns on the canvas from the encoder to the decoder."""
STEPS = 8_000
"""Steps of a training, about."""
FEWEST, MOST = 12, 120
"""Epochs."""
RATE = 0.001
PATIENCE = 0.25
"""Share of the epochs after which a training that does not get better stops."""


@dataclass(frozen=True, slots=True)
class Sequences:
    """The two texts of a pair, as numbers of tokens in a graph.

    Attributes:
        read: Id of the layer that gives the numbers of the source's tokens.
        written: The same of the text so far, which begins with the mark.
        source: How the source is split.
        target: How the text is split that is predicted.
    """

    read: str
    written: str
    source: SequenceProfile
    target: SequenceProfile


AddLayers = Callable[[GraphBuilder, Sequences], str]
"""Adds the layers from two texts to a vector for each token that follows; returns the
last one."""


def sequence_project(context: TemplateContext, add_layers: AddLayers) -> Project:
    """Create a project whose model writes a text that follows from another.

    Args:
        context: Of a table of pairs.
        add_layers: Adds encoder and decoder.

    Raises:
        UserError: The data is no pair of texts.
    """
    features = pair_features(context)
    (source,), (target,) = features.inputs, features.targets
    profiles = [
        features.sequences.get(each.name, SequenceProfile())
        for each in (source, target)
    ]
    builder = GraphBuilder()
    entered = add_input(builder, source, 0)
    text = InputFeature.of(target.name, target.feature, 0, Catalog(FEATURES))
    written = add_input(builder, text, RIGHT)
    read = add_layer(builder, profiles[0].words("source_words"), entered, 0)
    words = add_layer(builder, profiles[1].words("target_words"), written, RIGHT)
    begun = builder.add(
        "start_mark",
        "keras.ops.pad",
        words,
        RIGHT,
        pad_width=[[0, 0], [1, 0]],
        constant_values=profiles[1].tokens,
    )
    last = add_layers(builder, Sequences(read, begun, *profiles))
    output = builder.add(
        "next_word",
        "Dense",
        last,
        RIGHT,
        units=profiles[1].tokens + 1,
        activation="softmax",
    )
    inputs = (
        InputBinding(source.name, MODEL, entered),
        InputBinding(target.name, MODEL, written),
    )
    bound = OutputBinding(target.name, Spec(HEAD.kind), MODEL, output)
    used = FrozenMap({source.name: source.feature, target.name: target.feature})
    return Project(
        name=context.name,
        graphs=FrozenMap({MODEL: builder.graph()}),
        data=DataRecipe(
            source=context.source,
            features=used,
            split=Split(mode="folders" if context.has_splits else "random"),
        ),
        inputs=inputs,
        outputs=(bound,),
        plan=_plan(context.samples),
    )


def _plan(samples: int) -> TrainingPlan:
    """A plan of about `STEPS` steps."""
    batch = 16 if samples < 500 else 32 if samples < 2_000 else 64
    epochs = round(STEPS * batch / max(1, samples))
    epochs = min(MOST, max(FEWEST, epochs))
    return TrainingPlan(
        loss=HEAD.loss(),
        optimizer=Spec("keras.optimizers.Adam").with_param("learning_rate", RATE),
        schedule=Spec("dlstudio.schedules.Cosine", FrozenMap({"warmup_epochs": 1.0})),
        metrics=tuple(Spec(kind) for kind in HEAD.metrics),
        epochs=epochs,
        batch_size=batch,
        early_stopping=EarlyStopping(patience=max(8, round(PATIENCE * epochs))),
    )


def pair_features(context: TemplateContext) -> TableFeatures:
    """The pair of texts to make a model for; an example without data.

    Raises:
        UserError: The data is no pair of texts.
    """
    if context.table is None and not context.source.kind:
        text = Feature(TEXT.kind)
        source = InputFeature.of("source", text, 0, Catalog(FEATURES))
        return TableFeatures((source,), (TargetFeature("target", text, HEAD),))
    features = features_of(context)
    kinds = [each.feature.kind for each in features.inputs]
    wanted = [each.head.kind for each in features.targets]
    if kinds != [TEXT.kind] or wanted != [HEAD.kind]:
        raise UserError(
            _("This template needs one column of texts, and another one to predict."),
            _(
                "Give both columns the type Text, ignore all others, and choose the "
                "target."
            ),
        )
    return features
