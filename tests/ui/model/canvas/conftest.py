"""Fixtures with a canvas on the screen and simulated input."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from canvas_world import Hand, make_studio
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from dlstudio.document.graph import Graph
from dlstudio.ui.model.canvas.editor import CanvasEditor
from dlstudio.ui.theme.tokens import LIGHT_THEME, Theme

MakeCanvas = Callable[..., CanvasEditor]
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ignore warnings about popups on the offscreen platform."""
    warnings = "propagateSizeHints|not support raise|grabbing the (keyboard|mouse)"
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(warnings), append=False)


@pytest.fixture
def make_canvas(qapp: QApplication, tmp_path: Path) -> Iterator[MakeCanvas]:
    """Create canvases that are closed after the test."""
    opened: list[CanvasEditor] = []

    def make(graph: Graph | None = None, theme: Theme = LIGHT_THEME) -> CanvasEditor:
        canvas = CanvasEditor(make_studio(tmp_path / "settings", graph, theme))
        canvas.resize(1100, 800)
        canvas.show()
        canvas.activateWindow()
        canvas.view.setFocus()
        qapp.processEvents()
        opened.append(canvas)
        return canvas

    yield make
    for canvas in opened:
        canvas.context.studio.services.close()
        canvas.close()
        canvas.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def hand(make_canvas: MakeCanvas) -> Callable[[Graph], Hand]:
    """Create simulated input for a canvas that shows a graph."""
    return lambda graph: Hand(make_canvas(graph))
