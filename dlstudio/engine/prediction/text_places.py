"""Where the tokens of a TextVectorization stand in the text that they come from."""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasLayer

_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_SPACES = " \t\n\v\f\r"
"""At which TensorFlow splits: blanks of other scripts are no ends of words."""


@dataclass(frozen=True, slots=True)
class PlacedToken:
    """A token and its place in the text, in characters.

    Attributes:
        text: As it is looked up.
        start, end: From the first character to behind the last one.
    """

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Lookup:
    """An entry that is looked up: one token, or several of an n-gram.

    Attributes:
        text: As it is in the vocabulary.
        tokens: The places of its tokens among all of them.
    """

    text: str
    tokens: tuple[int, ...]


def tokens_of(text: str, layer: KerasLayer) -> tuple[PlacedToken, ...]:
    """The tokens that a layer splits a text into, as it does so.

    Args:
        text: As it enters the layer.
        layer: The TextVectorization.

    Raises:
        UserError: It splits texts by code of its own.
    """
    config: dict[str, Any] = layer.get_config()
    characters = _standardized(text, config["standardize"])
    if config["split"] == "character":
        return tuple(PlacedToken(each, place, place + 1) for each, place in characters)
    if config["split"] != "whitespace":
        return (
            PlacedToken("".join(each for each, _place in characters), 0, len(text)),
        )
    found: list[PlacedToken] = []
    word, start, end = "", 0, 0
    for each, place in (*characters, (" ", len(text))):
        if each not in _SPACES:
            start = start if word else place
            word, end = word + each, place + 1
        elif word:
            found.append(PlacedToken(word, start, end))
            word = ""
    return tuple(found)


def _standardized(text: str, how: object) -> list[tuple[str, int]]:
    """The characters of a text that are kept, each with its place.

    Raises:
        UserError: The layer changes texts by code of its own.
    """
    if how not in (None, "lower", "strip_punctuation", "lower_and_strip_punctuation"):
        raise UserError(
            _("This model prepares texts by code of its own."),
            _("Its words cannot be found in a text, so no prediction is explained."),
        )
    named = str(how)
    if "lower" in named:
        text = text.translate(_LOWER)
    left_out = string.punctuation if "punctuation" in named else ""
    return [(each, n) for n, each in enumerate(text) if each not in left_out]


def lookups_of(tokens: tuple[PlacedToken, ...], layer: KerasLayer) -> list[Lookup]:
    """What is looked up for tokens, in the layer's order.

    Args:
        tokens: From `tokens_of`.
        layer: The TextVectorization; it may look up n-grams as well.
    """
    widths = layer.get_config()["ngrams"]
    if isinstance(widths, int):
        widths = range(1, widths + 1)
    found = []
    for width in widths or (1,):
        for start in range(len(tokens) - width + 1):
            places = tuple(range(start, start + width))
            text = " ".join(tokens[place].text for place in places)
            found.append(Lookup(text, places))
    return found


def places_within(entered: str, given: str) -> list[int] | None:
    """Where each character of an entered text is in the text as it was given.

    Blanks may differ, as where they are cut off at the ends or put between words.

    Returns:
        A place for each character; None if the texts differ in more than blanks.
    """
    places, position = [], 0
    for each in entered:
        if each.isspace():
            places.append(min(position, max(len(given) - 1, 0)))
            continue
        while position < len(given) and given[position].isspace():
            position += 1
        if position == len(given) or given[position] != each:
            return None
        places.append(position)
        position += 1
    return places
