"""Shortcuts as the system writes them."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence

from dlstudio.ui.actions import Action, Context


def shortcut_text(action: Action, context: Context = "application") -> str:
    """Its first shortcut in a context as the system writes it, or ""."""
    keys = action.keys(context)
    return native_text(keys[0]) if keys else ""


def native_text(keys: str) -> str:
    """Keys as the system writes them: "Ctrl+K", on a Mac "⌘K"."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
