"""The height of a table's details, among the user's settings."""

from __future__ import annotations

from contextlib import suppress

from dlstudio.errors import UserError
from dlstudio.settings import SettingsStore

KEY = "table_details"
HIGHEST = 900


def read_height(settings: SettingsStore) -> int | None:
    """In pixels; 0 if the user has closed them, None if they were never touched."""
    text = settings.value.window.get(KEY, "")
    return min(int(text), HIGHEST) if text.isdecimal() and len(text) < 6 else None


def save_height(settings: SettingsStore, height: int | None) -> None:
    """Keep it; that it cannot be written is not worth a message."""
    window = settings.value.window
    if height is None or window.get(KEY) == str(height):
        return
    with suppress(UserError):
        settings.change(window={**window, KEY: str(height)})
