"""Detecting classes that are mirrored in each other, by name: left and right.

The transformations of augmentation are called "changes": mirrored left to right,
mirrored top to bottom, or rotated by more than a quarter turn.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from dlstudio.data.images.checks.mirrored_images import ACROSS, DOWN, TURNED

__all__ = ["ACROSS", "DOWN", "TURNED", "are_signs", "named_opposites"]


Pair = tuple[str, str]
Opposites = Mapping[str, Pair]
"""For each change that makes one class look like another: two such classes."""

SIDES = (ACROSS, TURNED)
HEIGHTS = (DOWN, TURNED)
SENSES = (ACROSS, DOWN)
# Words of opposite meaning, and the changes that turn one into the other.
WORDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("left", "right", SIDES),
    ("l", "r", SIDES),
    ("lt", "rt", SIDES),
    ("lhs", "rhs", SIDES),
    ("leftward", "rightward", SIDES),
    ("leftwards", "rightwards", SIDES),
    ("lefthand", "righthand", SIDES),
    ("east", "west", SIDES),
    ("links", "rechts", SIDES),
    ("gauche", "droite", SIDES),
    ("izquierda", "derecha", SIDES),
    ("esquerda", "direita", SIDES),
    ("sinistra", "destra", SIDES),
    ("左", "右", SIDES),
    ("东", "西", SIDES),
    ("東", "西", SIDES),
    ("up", "down", HEIGHTS),
    ("upward", "downward", HEIGHTS),
    ("upwards", "downwards", HEIGHTS),
    ("top", "bottom", HEIGHTS),
    ("upper", "lower", HEIGHTS),
    ("north", "south", HEIGHTS),
    ("above", "below", HEIGHTS),
    ("upright", "inverted", HEIGHTS),
    ("oben", "unten", HEIGHTS),
    ("haut", "bas", HEIGHTS),
    ("arriba", "abajo", HEIGHTS),
    ("上", "下", HEIGHTS),
    ("南", "北", HEIGHTS),
    ("正", "倒", HEIGHTS),
    ("clockwise", "counterclockwise", SENSES),
    ("cw", "ccw", SENSES),
    ("cw", "acw", SENSES),
    ("顺", "逆", SENSES),
    ("順", "逆", SENSES),
)
SIGNS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("b", "d", (ACROSS,)),
    ("p", "q", (ACROSS,)),
    ("b", "p", (DOWN,)),
    ("d", "q", (DOWN,)),
    ("b", "q", (TURNED,)),
    ("d", "p", (TURNED,)),
    ("n", "u", (DOWN, TURNED)),
    ("M", "W", (DOWN, TURNED)),
    ("m", "w", (DOWN, TURNED)),
    ("6", "9", (DOWN, TURNED)),
    ("<", ">", (ACROSS, TURNED)),
    ("(", ")", (ACROSS, TURNED)),
    ("/", "\\", (ACROSS, DOWN)),
    ("∧", "∨", (DOWN, TURNED)),
    ("^", "v", (DOWN, TURNED)),
    ("←", "→", (ACROSS, TURNED)),
    ("↑", "↓", (DOWN, TURNED)),
)
"""Characters that look alike; used only if all classes are single characters."""
COUNTER = re.compile(r"\b(?:counter|anti|contra)[\W_]*clockwise\b", re.IGNORECASE)
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
TOKEN = re.compile(r"[⺀-鿿]|[^\W_⺀-鿿]+")  # an ideograph, or a word


def named_opposites(names: Sequence[str]) -> Opposites:
    """The changes that turn one class into another, judging by the names.

    Two classes are opposites if their names differ in exactly one word, and the two
    words are opposites: "arrow_left" and "arrow_right", "左转" and "右转".
    """
    found: dict[str, Pair] = {}
    for first, second, changes in (*_by_words(names), *_by_signs(names)):
        for change in changes:
            found.setdefault(change, (first, second))
    return found


Found = Iterator[tuple[str, str, tuple[str, ...]]]


def _by_words(names: Sequence[str]) -> Found:
    known = {_tokens(name): name for name in reversed(names)}
    for tokens, name in reversed(known.items()):
        for place, token in enumerate(tokens):
            for first, second, changes in WORDS:
                if token == first:
                    other = (*tokens[:place], second, *tokens[place + 1 :])
                    if other in known:
                        yield name, known[other], changes


def _by_signs(names: Sequence[str]) -> Found:
    if are_signs(names):
        for first, second, changes in SIGNS:
            if first in names and second in names:
                yield first, second, changes


def are_signs(names: Sequence[str]) -> bool:
    """Whether every class name is a single character, as for letters and digits."""
    return bool(names) and all(len(name) == 1 for name in names)


def _tokens(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, each ideograph separately."""
    plain = COUNTER.sub("counterclockwise", unicodedata.normalize("NFKC", name))
    return tuple(TOKEN.findall(CAMEL.sub(" ", plain).lower()))
