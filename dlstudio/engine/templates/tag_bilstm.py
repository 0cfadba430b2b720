"""An LSTM layer that reads a sentence in both directions, and tags its tokens.

Lample et al.: “Neural Architectures for Named Entity Recognition” (2016), with
convolutions on characters (Ma and Hovy, 2016) and a softmax for each token.
"""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.engine.features.token_profile import TokenProfile
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.tag_blocks import add_tokens, tag_project
from dlstudio.engine.templates.text_blocks import add_layer

SIZE, UNITS = 64, 64


def make(context: TemplateContext) -> Project:
    """Create a project whose model reads sentences forwards and backwards."""
    return tag_project(context, _add_bilstm)


def _add_bilstm(builder: GraphBuilder, input: str, profile: TokenProfile) -> str:
    words = add_layer(builder, profile.words(), input, 0)
    words = add_layer(builder, profile.embedding(SIZE, masked=True), words, 0)
    add_tokens(builder, words, input, profile)
    lstm = Spec("keras.layers.LSTM").with_param("units", UNITS)
    lstm = lstm.with_param("return_sequences", True)
    return builder.add("both_directions", "Bidirectional", layer=lstm)
