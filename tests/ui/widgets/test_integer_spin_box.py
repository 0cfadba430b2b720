"""The integer spin box with real keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from rooms import until

from dlstudio.ui.widgets.integer_spin_box import IntegerSpinBox


@pytest.fixture(params=["en_US", "de_DE", "zh_CN"])
def locale(request: pytest.FixtureRequest) -> Iterator[None]:
    """The spin box ignores locales: group separators of other programs are not ours."""
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def box(locale: None, qtbot: QtBot) -> Iterator[IntegerSpinBox]:
    window = QWidget()
    made, other = IntegerSpinBox(), QLineEdit()
    made.setRange(1, 100_000)
    made.setSuffix(" epochs")
    made.setValue(7)
    column = QVBoxLayout(window)
    column.addWidget(other)
    column.addWidget(made)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    made.setFocus()
    until(made.hasFocus)
    yield made


def enter(qtbot: QtBot, box: IntegerSpinBox, text: str) -> None:
    box.lineEdit().setSelection(0, len(box.cleanText()))
    if text.isascii():
        qtbot.keyClicks(box, text)
        return
    typed = QInputMethodEvent()
    typed.setCommitString(text)
    QApplication.sendEvent(box, typed)


def test_a_large_number_has_no_groups(box: IntegerSpinBox) -> None:
    box.setValue(12345)
    assert box.cleanText() == "12345"


@pytest.mark.parametrize(
    ("text", "value"), [("25", 25), ("２５", 25), ("3.0", 3), ("1 000", 1000)]
)
def test_whole_numbers_are_accepted(
    box: IntegerSpinBox, qtbot: QtBot, text: str, value: int
) -> None:
    enter(qtbot, box, text)
    assert box.value() == value and not box.mistake
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.cleanText() == str(value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2,5", "not a whole number. Enter 2 or 3"),
        ("2.5", "not a whole number. Enter 2 or 3"),
        ("1,000", "can mean 1000 or 1.000"),
        ("1.000", "If you mean 1000"),
        ("100001", "from 1 to 100000"),
        ("many", "not a number"),
    ],
)
def test_invalid_input_is_reported_and_reverted(
    box: IntegerSpinBox, qtbot: QtBot, text: str, words: str
) -> None:
    enter(qtbot, box, text)
    assert box.cleanText() == text and words in box.mistake
    assert box.property("wrong") is True
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    box.window().findChild(QLineEdit, options=direct).setFocus()
    until(lambda: not box.hasFocus())
    assert box.cleanText() == "7" and box.value() == 7, "as before the typing"
    assert box.property("wrong") is False and not box.mistake


def test_arrow_keys_still_step(box: IntegerSpinBox, qtbot: QtBot) -> None:
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert box.value() == 8
