"""Before a training, missing pretrained weights are asked for, never just loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from rooms import until

from dlstudio.catalog.store import Catalog
from dlstudio.engine.templates import make_project
from dlstudio.engine.templates.context import TemplateContext

LEFT = Qt.MouseButton.LeftButton
CATALOG = Catalog.load()


@pytest.fixture
def window(
    make_window: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Any:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    window = make_window(with_catalog=CATALOG)
    template = CATALOG.find("templates", "image-transfer")
    project = make_project(template, TemplateContext("birds", network="ResNet50V2"))
    window.core.session.replace(project, tmp_path, saved=False)
    return window


def test_a_model_may_begin_with_random_weights_instead(
    window: Any, qtbot: QtBot
) -> None:
    done: list[int] = []
    window.core.services.pretrained_weights.when_at_hand(lambda: done.append(1))
    until(lambda: window.shell.pretrained.dialog is not None)
    dialog = window.shell.pretrained.dialog
    assert "resnet50v2" in dialog.facts[0].text() and not dialog.never.isVisible()
    assert dialog.accept_button.hasFocus()
    assert dialog.facts[1].text() == "about 89.9 MB" and not done
    qtbot.mouseClick(dialog.decline_button, LEFT)
    node = window.core.session.project.model.nodes["backbone"]
    assert node.params["weights"] == "none" and not node.frozen and done == [1]
    window.core.services.pretrained_weights.when_at_hand(lambda: done.append(2))
    assert done == [1, 2], "no weights are needed"


def test_escape_leaves_everything_as_it_is(window: Any, qtbot: QtBot) -> None:
    before = window.core.session.project
    window.core.services.pretrained_weights.when_at_hand(lambda: pytest.fail("went on"))
    until(lambda: window.shell.pretrained.dialog is not None)
    qtbot.keyClick(window.shell.pretrained.dialog, Qt.Key.Key_Escape)
    assert window.shell.pretrained.dialog is None
    assert window.core.session.project is before
