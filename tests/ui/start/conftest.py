"""Configuration of the tests of the Start room."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
POPUPS = "propagateSizeHints|not support raise|grabbing the (keyboard|mouse)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ignore warnings about popups on the offscreen platform."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.qt_log_ignore(POPUPS), append=False)
