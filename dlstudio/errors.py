"""The one error a user ever sees."""

from __future__ import annotations


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
