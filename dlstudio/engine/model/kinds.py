"""Kinds of dlstudio's own layers, for modules that do not need Keras."""

from __future__ import annotations

SAMPLING = "dlstudio.layers.Sampling"
RANDOM_TOKENS = "dlstudio.layers.RandomTokens"
WORD_PIECE = "dlstudio.layers.WordPiece"
BYTE_PAIR = "dlstudio.layers.BytePair"
SUBWORDS = (WORD_PIECE, BYTE_PAIR)
"""Layers that split words into subwords."""
