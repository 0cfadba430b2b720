"""Texts that layers learn subwords from, in several scripts."""

from __future__ import annotations

TEXTS = [
    "The unbelievable film, unbelievably good!",
    "believe in films and filming; don't leave early",
    "很好吃，味道不错。 食べました",
    "ÜBER über straße naïve",
    "🙂 👍🏽 ok\tand\u00a0wide\u3000blank",
    "",
]
