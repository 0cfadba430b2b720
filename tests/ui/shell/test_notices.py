"""Errors are told with their details, and the window lives on."""

from __future__ import annotations

import sys
import threading

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot
from rooms import until

from dlstudio.errors import UserError
from dlstudio.ui.shell.errors import ErrorWatch
from dlstudio.ui.shell.notices import MOST


def bars(window):
    return window.shell.notices.bars


def test_details_are_behind_a_button_and_can_be_copied(window, qtbot: QtBot) -> None:
    try:
        raise ValueError("the reason")
    except ValueError as error:
        window.core.notices.error(error, "It did not work.")
    (bar,) = bars(window)
    assert bar.text == "It did not work."
    text = bar.findChild(QPlainTextEdit)
    assert not text.isVisible()
    buttons = {each.text(): each for each in bar.findChildren(QPushButton)}
    qtbot.mouseClick(buttons["Details"], Qt.MouseButton.LeftButton)
    assert text.isVisible()
    assert "ValueError: the reason" in text.toPlainText()
    qtbot.mouseClick(buttons["Copy"], Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("It did not work.")
    assert "Traceback" in copied


def test_users_errors_have_no_details(window) -> None:
    window.core.notices.error(UserError("It is full.", "Free some space."))
    (bar,) = bars(window)
    assert (bar.text, bar.details) == ("It is full. Free some space.", "")


def test_passing_remarks_pass_and_errors_stay(window, qtbot: QtBot) -> None:
    window.core.notices.good("Saved.")
    window.core.notices.error(UserError("Bad."))
    good, bad = bars(window)
    assert good._timer.isActive()
    assert not bad._timer.isActive()
    good._timer.timeout.emit()
    assert bars(window) == [bad]
    bad.closed.emit()
    assert bars(window) == []
    assert not window.shell.notices.isVisible()


def test_few_at_a_time_and_none_twice(window) -> None:
    for _time in range(3):
        window.core.notices.info("The same.")
    assert len(bars(window)) == 1
    for number in range(2 * MOST):
        window.core.notices.info(f"Number {number}")
    assert len(bars(window)) == MOST
    assert bars(window)[-1].text == f"Number {2 * MOST - 1}"


def test_notices_lie_inside_the_window(window, qtbot: QtBot) -> None:
    window.core.notices.error(UserError("A long sentence. " * 20))
    for size in ((960, 600), (1400, 900)):
        window.resize(*size)
        qtbot.wait(20)
        box = window.shell.notices.geometry()
        assert window.rect().contains(box)
        assert box.bottom() < window.height() - window.shell.content.status.height()


def test_uncaught_exceptions_become_notices(window, qtbot: QtBot, capfd) -> None:
    watch = ErrorWatch(window.core.notices)
    before = sys.excepthook
    watch.install()
    try:
        try:
            raise KeyError("lost")
        except KeyError:
            sys.excepthook(*sys.exc_info())
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
        until(lambda: len(bars(window)) == 2)
    finally:
        watch.remove()
    assert sys.excepthook is before
    first, second = bars(window)
    assert "KeyError" in first.text
    assert "ZeroDivisionError" in second.text
    assert "1 / 0" in second.details
    assert window.isVisible()
    assert "ZeroDivisionError" in capfd.readouterr().err
