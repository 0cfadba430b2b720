"""The one error a user ever sees, and those that offer a choice."""

from __future__ import annotations

import re


def about(name: str, message: str) -> str:
    """A message that says once what it is about: "a.png: It is empty."

    Args:
        name: Of a file, a folder, a run.
        message: Alone where it has the name in it already.
    """
    named = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", message)
    return message if named else f"{name}: {message}"


class UserError(Exception):
    """Something the user can mend, told in sentences.

    Args:
        message: What happened and what was expected, one or two sentences.
        hint: How to mend it; empty when there is nothing to add.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()


class SettingNeeded(UserError):
    """Data that can be read once a parameter of its source is set."""


class AmbiguousPath(UserError):
    """A folder that holds several things, of which one is meant.

    Args:
        choices: Paths to choose from, the likeliest first.
    """

    def __init__(self, message: str, hint: str, choices: tuple[str, ...]) -> None:
        super().__init__(message, hint)
        self.choices = choices
