"""A project with a trained run."""

from __future__ import annotations

from pathlib import Path

import pytest
from digits_world import digit_files, trained_folder, world
from table_world import photos, tables, trained_photos, trained_tables

__all__ = (
    "digit_files",
    "photos",
    "tables",
    "trained_folder",
    "trained_photos",
    "trained_tables",
    "world",
)
HERE = Path(__file__).parent
POPUPS = "propagateSizeHints|not support raise|grabbing the (keyboard|mouse)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ignore warnings about popups on the offscreen platform."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.qt_log_ignore(POPUPS), append=False)
