"""The project that a template for language models makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dlstudio.catalog.features import FEATURES
from dlstudio.catalog.features.continuous_text import CONTINUOUS_TEXT
from dlstudio.catalog.store import Catalog
from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.plan import DataRecipe, EarlyStopping, Split, TrainingPlan
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.features.language_profile import LanguageProfile
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.table_blocks import add_input
from dlstudio.engine.templates.table_features import InputFeature
from dlstudio.errors import UserError
from dlstudio.i18n import _

HEAD = "dlstudio.heads.language_model"
LOSS = Spec(
    "keras.losses.SparseCategoricalCrossentropy",
    FrozenMap({"from_logits": True, "ignore_class": 0}),
)
SCHEDULE = Spec("dlstudio.schedules.Cosine", FrozenMap({"warmup_epochs": 0.5}))
STEPS, FEWEST, MOST = 1500, 3, 60
"""Steps of a training, and its epochs at least and at most."""

AddLayers = Callable[[GraphBuilder, str, LanguageProfile], str]
"""Adds the layers from tokens to a vector at each position; returns the last one."""


@dataclass(frozen=True, slots=True)
class LanguagePlan:
    """How a language model of some kind learns well.

    Attributes:
        rate: Learning rate of Adam.
        batch_size: Windows of a step, of a text with enough of them.
        steps: Steps of the training.
    """

    rate: float
    batch_size: int
    steps: int = STEPS


def language_project(
    context: TemplateContext, add_layers: AddLayers, plan: LanguagePlan
) -> Project:
    """Create a project whose model continues a text.

    Args:
        context: Of a long text, or of nothing.
        add_layers: Adds the layers between tokens and output.
        plan: How it learns.

    Raises:
        UserError: The data is no running text.
    """
    feature = _feature(context)
    builder = GraphBuilder()
    input = add_input(builder, feature, 0)
    layer = feature.branch.layers[0]
    profile = LanguageProfile.of_layer(layer)
    tokens = builder.add(layer.stem, layer.kind, input, 0, **layer.params)
    last = add_layers(builder, tokens, profile)
    output = builder.add("next_token", "Dense", last, 0, units=profile.size)
    metric = "bits_per_character" if profile.characters else "perplexity"
    batch = max(1, min(plan.batch_size, context.samples // 20))
    epochs = round(plan.steps * batch / max(1, context.samples * 0.8))
    epochs = max(FEWEST, min(MOST, epochs))
    return Project(
        name=context.name,
        graphs=FrozenMap({MODEL: builder.graph()}),
        data=DataRecipe(
            source=context.source,
            features=FrozenMap({feature.name: feature.feature}),
            split=_split(context),
        ),
        inputs=(InputBinding(feature.name, MODEL, input),),
        outputs=(OutputBinding(feature.name, head=Spec(HEAD), output=output),),
        plan=TrainingPlan(
            loss=LOSS,
            optimizer=Spec(
                "keras.optimizers.Adam",
                FrozenMap({"learning_rate": plan.rate, "clipnorm": 1.0}),
            ),
            schedule=SCHEDULE,
            metrics=(Spec(f"dlstudio.metrics.{metric}"),),
            epochs=epochs,
            batch_size=batch,
            early_stopping=EarlyStopping(patience=max(3, epochs // 5)),
        ),
    )


def _feature(context: TemplateContext) -> InputFeature:
    """The running text; an example without data.

    Raises:
        UserError: The data has none.
    """
    if context.table is None and not context.source.kind:
        return InputFeature.of(
            "text", Feature(CONTINUOUS_TEXT.kind), 0, Catalog(FEATURES)
        )
    found = context.table.inputs if context.table is not None else ()
    for each in found:
        if each.feature.kind == CONTINUOUS_TEXT.kind:
            return each
    raise UserError(
        _("This template needs running text."),
        _("Open a long text: a .txt file, or a folder of them."),
    )


def _split(context: TemplateContext) -> Split:
    """As the source says, and nothing of it at random: neighbors share a token."""
    if context.has_splits:
        return Split(mode="folders", validation=0.0, test=0.0, stratify=False)
    return Split(stratify=False)
