"""Dialogs that are as high as what they show."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog


def fit_height(dialog: QDialog, width: int) -> None:
    """Give a dialog of a fixed width the height of what it shows now.

    Args:
        dialog: Its layout has texts that wrap.
        width: Pixels.
    """
    column = dialog.layout()
    if column is not None:
        column.activate()
        wanted = column.totalHeightForWidth(width)
        dialog.setFixedHeight(max(wanted, column.totalSizeHint().height()))
