"""Kinds of dlstudio's own layers, for modules that do not need Keras."""

from __future__ import annotations

SAMPLING = "dlstudio.layers.Sampling"
RANDOM_TOKENS = "dlstudio.layers.RandomTokens"
WORD_PIECE = "dlstudio.layers.WordPiece"
