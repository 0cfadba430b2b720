"""Shortcuts in the system's notation."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence

from dlstudio.ui.actions import Action, Context


def shortcut_text(action: Action, context: Context = "application") -> str:
    """The first shortcut in a context in the system's notation, or ""."""
    keys = action.keys(context)
    return native_text(keys[0]) if keys else ""


def native_text(keys: str) -> str:
    """Keys in the system's notation: "Ctrl+K", on macOS "⌘K"."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
