"""Predicted entities as a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlstudio.i18n import _, ngettext


def entities_text(answer: Mapping[str, Any]) -> str:
    """The entities of a sentence, such as "Paris (location), Alice (person)".

    Args:
        answer: Of a tagger, as `predict --json` prints it.
    """
    found = [
        _("{text} ({type})").format(text=each.get("text", ""), type=each["type"])
        for each in answer["entities"]
    ]
    return ", ".join(found) or _("no entities")


def cut_text(tokens: int) -> str:
    """That a sentence is longer than the model knows of.

    Args:
        tokens: How many at its end have no tag.
    """
    return ngettext(
        "The sentence is too long for the model: its last token has no tag.",
        "The sentence is too long for the model: its last {count} tokens have no tags.",
        tokens,
    ).format(count=tokens)
