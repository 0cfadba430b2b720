"""A standalone Data room with real images, and cleanup."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from data_world import World
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from small_images import class_folders

from dlstudio.catalog.store import Catalog
from dlstudio.ui.theme.style import apply_theme
from dlstudio.ui.theme.tokens import LIGHT_THEME

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ignore the offscreen platform's warnings about popups."""
    warnings = "propagateSizeHints|not support raise|grabbing the (keyboard|mouse)"
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(warnings), append=False)


@pytest.fixture
def world(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, catalog: Catalog
) -> Iterator[World]:
    """An empty room."""
    apply_theme(qapp, LIGHT_THEME)
    made = World(qtbot, tmp_path, catalog)
    yield made
    made.close()
    made.room.close()
    made.room.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Two classes of ten images, and two duplicates."""
    root = class_folders(tmp_path / "pets", count=10)
    for name in ("8.png", "9.png"):
        (root / "cat" / name).write_bytes((root / "cat" / "0.png").read_bytes())
    return root
