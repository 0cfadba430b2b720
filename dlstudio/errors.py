"""Errors that are reported to the user."""

from __future__ import annotations

import re

from dlstudio.labelled_text import labelled

CHINESE_ENDS = ("。", "！", "？")


def about(name: str, message: str) -> str:
    """A message prefixed by its subject: "a.png: It is empty."

    Args:
        name: Name of a file, folder or run.
        message: Message; returned unchanged if it contains the name.
    """
    named = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", message)
    return message if named else labelled(name, message)


def joined(*sentences: str) -> str:
    """Sentences after each other, with a space but after a Chinese full stop."""
    text = ""
    for each in filter(None, sentences):
        text += each if not text or text.endswith(CHINESE_ENDS) else f" {each}"
    return text


class UserError(Exception):
    """An error that the user can fix, with a readable message.

    Args:
        message: What happened and what was expected, one or two sentences.
        hint: How to fix it; empty when there is nothing to add.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return joined(self.message, self.hint)


class SettingNeeded(UserError):
    """Data that cannot be read until a parameter of its source is set."""


class AmbiguousPath(UserError):
    """A folder with several candidates, one of which must be chosen.

    Args:
        message: As for `UserError`.
        hint: As for `UserError`.
        choices: Paths to choose from, the most likely first.
    """

    def __init__(self, message: str, hint: str, choices: tuple[str, ...]) -> None:
        super().__init__(message, hint)
        self.choices = choices
