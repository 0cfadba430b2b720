"""Which words a text has, whatever their order: the baseline."""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.engine.features.text_profile import TOKENS, TextProfile
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.text_blocks import text_project

MOST = 5000
"""Words; as each text is a row of as many numbers."""


def make(context: TemplateContext) -> Project:
    """Create a project whose model sees a bag of words."""
    return text_project(context, _add_bag)


def _add_bag(
    builder: GraphBuilder, input: str, profile: TextProfile, column: float
) -> str:
    builder.add(
        "words",
        "TextVectorization",
        input,
        column,
        max_tokens=min(MOST, profile.vocabulary) + TOKENS,
        split="character" if profile.characters else "whitespace",
        output_mode="multi_hot",
        pad_to_max_tokens=True,
    )
    # One row of numbers, which Keras expects to be a table of one row.
    builder.add("bag", "Flatten", None, column)
    return builder.add("dense", "Dense", None, column, units=64, activation="relu")
