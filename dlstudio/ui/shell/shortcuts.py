"""Shortcuts as the system writes them."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence

from dlstudio.ui.shell.actions import Action


def shortcut_text(action: Action) -> str:
    """Its first shortcut as the system writes it, or ""."""
    return native_text(action.shortcuts[0]) if action.shortcuts else ""


def native_text(keys: str) -> str:
    """Keys as the system writes them: "Ctrl+K", on a Mac "⌘K"."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
