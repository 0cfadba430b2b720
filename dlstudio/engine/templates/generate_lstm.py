"""An LSTM that continues a text."""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.engine.features.language_profile import LanguageProfile
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.language_blocks import LanguagePlan, language_project

UNITS, SIZE = 256, 64
PLAN = LanguagePlan(rate=0.004, batch_size=32, steps=2200)


def make(context: TemplateContext) -> Project:
    """Create a project whose model reads a text in its order and continues it."""
    return language_project(context, _add_lstm, PLAN)


def _add_lstm(builder: GraphBuilder, tokens: str, profile: LanguageProfile) -> str:
    layer = profile.embedding(SIZE)
    last = builder.add(layer.stem, layer.kind, tokens, 0, **layer.params)
    last = builder.add("lstm", "LSTM", last, 0, units=UNITS, return_sequences=True)
    return builder.add("dropout", "Dropout", last, 0, rate=0.2)
