"""Errors are reported with their details, and the window survives."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QPlainTextEdit,
    QPushButton,
)
from pytestqt.qtbot import QtBot
from rooms import settle, until

from dlstudio.document.edits.project import SetName
from dlstudio.errors import UserError
from dlstudio.ui.shell.notice_stack import MAX_NOTICES
from dlstudio.ui.shell.rooms import ROOMS
from dlstudio.ui.shell.uncaught_errors import UncaughtErrorReporter
from dlstudio.ui.theme.tokens import LIGHT_THEME
from dlstudio.ui.widgets.notice_bar import NoticeBar


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


def test_details_shrink_where_there_is_little_room(qtbot: QtBot) -> None:
    bar = NoticeBar(LIGHT_THEME, "It did not work.", "bad", "Traceback")
    qtbot.addWidget(bar)
    bar.show()
    bar.show_details()
    bar.resize(600, 190)
    settle()
    assert bar.height() == 190
    text = bar.findChild(QPlainTextEdit)
    buttons = {each.text(): each for each in bar.findChildren(QPushButton)}
    assert text.geometry().bottom() < buttons["Copy"].geometry().top()


def test_users_errors_have_no_details(window) -> None:
    window.core.notices.error(UserError("It is full.", "Free some space."))
    (bar,) = bars(window)
    assert (bar.text, bar.details) == ("It is full. Free some space.", "")


def test_transient_messages_time_out_and_errors_stay(window, qtbot: QtBot) -> None:
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


def test_notices_are_limited_and_distinct(window) -> None:
    for _time in range(3):
        window.core.notices.error(UserError("The same."))
    assert len(bars(window)) == 1
    for number in range(2 * MAX_NOTICES):
        window.core.notices.error(UserError(f"Number {number}"))
    assert len(bars(window)) == MAX_NOTICES
    assert bars(window)[-1].text == f"Number {2 * MAX_NOTICES - 1}"
    for number in range(3):
        window.core.notices.info(f"Passing {number}")
    assert len(bars(window)) == MAX_NOTICES + 1, (
        "a newer message replaces the older one"
    )


@pytest.mark.parametrize("size", [(784, 600), (960, 600), (1400, 900)])
def test_notices_cover_nothing(make_window, size: tuple[int, int]) -> None:
    window = make_window(ROOMS)
    window.core.notices.error(UserError("A long sentence. " * 20))
    window.core.notices.error(UserError("Another."))
    window.core.notices.good("Copied.")
    window.resize(*size)
    for key in ("start", "data", "model"):
        window.shell.go(key)
        until(lambda: all(bar.isVisible() for bar in bars(window)))
        QApplication.processEvents()
        assert len(bars(window)) == 3
        for bar in bars(window):
            box = QRect(bar.mapTo(window, bar.rect().topLeft()), bar.size())
            assert window.rect().contains(box)
            others = [
                each
                for each in window.findChildren(QAbstractButton)
                if each.isVisible() and not bar.isAncestorOf(each)
            ]
            covered = [
                each.accessibleName() or each.text()
                for each in others
                if not each.visibleRegion().isEmpty()
                and box.intersects(
                    QRect(each.mapTo(window, each.rect().topLeft()), each.size())
                )
            ]
            assert not covered


def test_an_error_goes_when_it_is_resolved(window, tmp_path: Path) -> None:
    blocked = tmp_path / "projects"
    blocked.write_text("a file where the folder should be")
    window.core.session.do(SetName("Birds"))
    assert not window.shell.controller.save()
    window.core.notices.error(UserError("Of something else."))
    assert len(bars(window)) == 2
    blocked.unlink()
    assert window.shell.controller.save()
    assert "Of something else." in [bar.text for bar in bars(window)]
    assert not any(bar.kind == "bad" and "projects" in bar.text for bar in bars(window))


def test_notices_about_a_project_disappear_with_it(window) -> None:
    window.core.notices.error(UserError("Of this project."))
    window.core.notices.system("Of this machine.", "bad")
    window.shell.controller.empty()
    assert "Of this project." not in [bar.text for bar in bars(window)]
    assert "Of this machine." in [bar.text for bar in bars(window)]


def test_errors_survive_a_language_change_and_messages_a_theme_change(window) -> None:
    window.core.notices.error(UserError("Bad."))
    window.core.notices.good("Good.")
    window.shell.set(theme="dark")
    assert [bar.text for bar in bars(window)] == ["Bad.", "Good."]
    window.shell.set(language="zh_CN")
    assert [bar.text for bar in bars(window)] == ["Bad."]
    until(lambda: all(bar.isVisible() for bar in bars(window)))
    window.shell.set(language="en")


def test_uncaught_exceptions_become_notices(window, qtbot: QtBot, capfd) -> None:
    watch = UncaughtErrorReporter(window.core.notices)
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
