"""Word vectors of texts, by word2vec."""

from __future__ import annotations

from dlstudio.catalog.features.text import TEXT
from dlstudio.catalog.methods.word2vec import WORD2VEC
from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.plan import DataRecipe, Split, TrainingPlan
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.features.text_profile import TextProfile
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.table_features import InputFeature
from dlstudio.engine.templates.text_blocks import text_features
from dlstudio.errors import UserError
from dlstudio.i18n import _

RATE, FINAL = 0.025, 0.004
"""The learning rate of word2vec's authors, and the share of it at the end."""
WORDS_IN_ALL = 5_000_000
"""Words that are seen over all epochs, unless these become too few or too many."""
FEWEST_EPOCHS, MOST_EPOCHS = 5, 40
WORDS_PER_STEP, MOST_PER_STEP = 2000, 512
SMALL, TINY = 300_000, 20_000
"""Words of a dataset in which few words occur often."""
HELD_OUT = 0.05
"""Share of the texts whose loss is computed; the others are learned from."""


def make(context: TemplateContext) -> Project:
    """Create a project whose training learns the vectors of words.

    Raises:
        UserError: The data has no texts.
    """
    feature = _text(context)
    profile = TextProfile.of_layer(feature.branch.layers[0])
    words = max(1, context.samples * profile.length // 2)
    epochs = min(MOST_EPOCHS, max(FEWEST_EPOCHS, WORDS_IN_ALL // words))
    small = words < SMALL
    method = {
        "tokens": "jieba" if profile.characters else "words",
        "min_count": 1 if words < TINY else 2 if small else 5,
        "vector_size": 50 if words < TINY else 100,
    }
    plan = TrainingPlan(
        method=Spec(WORD2VEC.kind, FrozenMap(method)),
        optimizer=Spec("keras.optimizers.SGD").with_param("learning_rate", RATE),
        schedule=Spec("dlstudio.schedules.Cosine").with_param("final", FINAL),
        metrics=(),
        epochs=epochs,
        batch_size=min(MOST_PER_STEP, max(1, WORDS_PER_STEP // profile.length)),
    )
    split = Split("folders" if context.has_splits else "random", HELD_OUT, 0.0)
    return Project(
        name=context.name,
        data=DataRecipe(
            source=context.source,
            features=FrozenMap({feature.name: feature.feature}),
            split=split,
        ),
        inputs=(InputBinding(feature.name),),
        # What is predicted are other words of the same text.
        outputs=(OutputBinding(feature.name, Spec("")),),
        plan=plan,
    )


def _text(context: TemplateContext) -> InputFeature:
    """The longest of the columns with texts.

    Raises:
        UserError: There is none.
    """
    if context.table is None:
        return text_features(context).inputs[0]
    found = [e for e in context.table.inputs if e.feature.kind == TEXT.kind]
    if not found:
        raise UserError(
            _("This template needs a column of texts."),
            _("Choose another template, or give a column the type Text."),
        )
    return max(
        found, key=lambda each: TextProfile.of_layer(each.branch.layers[0]).length
    )
