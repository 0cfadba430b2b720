"""Finding what was meant from a few letters."""

from __future__ import annotations

import unicodedata

BEGINNING, NEXT, INSIDE = 8, 5, 1


def score(query: str, text: str) -> int:
    """How well `query` fits `text`: 0 not at all, more is better.

    Every letter of the query must stand in the text, in order. Letters that begin a
    word or follow the one before count more; short texts win over long ones.
    """
    wanted, given = _plain(query), _plain(text)
    if not wanted:
        return 1
    inside = given.find(wanted)
    if inside >= 0:
        starts = inside == 0 or not given[inside - 1].isalnum()
        return 1000 + (500 if starts else 0) + (200 if inside == 0 else 0) - len(given)
    total, place, before = 0, 0, -2
    for letter in wanted:
        if letter == " ":
            continue
        place = given.find(letter, place)
        if place < 0:
            return 0
        begins = place == 0 or not given[place - 1].isalnum()
        total += BEGINNING if begins else NEXT if place == before + 1 else INSIDE
        before = place
        place += 1
    # Letters scattered over a long text are chance.
    return max(0, 10 * total - len(given)) if total >= 2 * len(wanted) else 0


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text).casefold().strip()
