"""From texts on the Start room to a trained classifier, in the real window."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from rooms import until

from dlstudio.catalog.store import Catalog
from dlstudio.ui.shell.rooms import ROOMS

popups = pytest.mark.qt_log_ignore(
    "propagateSizeHints|not support raise|grabbing the (keyboard|mouse)"
)
LEFT = Qt.MouseButton.LeftButton


def click_entry(qtbot: QtBot, card: Any, text: str) -> None:
    """Click a card, and an entry of the menu that opens."""
    qtbot.mouseClick(card, LEFT)
    menu = card.findChild(QMenu)
    until(menu.isVisible)
    (entry,) = (each for each in menu.actions() if each.text() == text)
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(entry).center())


@popups
@pytest.mark.slow
def test_user_trains_on_reviews_from_the_start_room(make_window, qtbot: QtBot) -> None:
    window = make_window(ROOMS, with_catalog=Catalog.load())
    core, shell = window.core, window.shell
    shell.engine_status.begin()
    card = shell.room().cards["texts"]
    with qtbot.waitSignal(shell.controller.opened, timeout=200_000):
        click_entry(qtbot, card, "Use Chinese reviews")
    project = core.session.project
    assert shell.room_key() == "data"
    assert project.name == "Reviews in Chinese"
    assert [each.feature for each in project.outputs] == ["label"]
    until(lambda: core.engine.state == "ready")
    until(lambda: shell.content.header.train_button.isEnabled())
    qtbot.mouseClick(shell.content.header.train_button, LEFT)
    pill = shell.content.header.job
    until(lambda: "finished" in pill.text())
    assert shell.room_key() == "train"
