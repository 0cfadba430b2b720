"""The small shared widgets."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot
from rooms import settle, until

from dlstudio.ui.theme.tokens import LIGHT_THEME
from dlstudio.ui.widgets import (
    CardGrid,
    ElidedLabel,
    EmptyState,
    IconButton,
    Pill,
    SearchField,
    SegmentedControl,
    button,
)
from dlstudio.ui.widgets.flow_row import FlowRow


def shown(widget: QWidget, qtbot: QtBot) -> QWidget:
    qtbot.addWidget(widget)
    widget.show()
    return widget


def test_label_is_elided_and_the_tooltip_shows_it_whole(qtbot: QtBot) -> None:
    made = ElidedLabel("a rather long name of a project")
    shown(made, qtbot)
    made.resize(60, 20)
    assert made.text().endswith("…")
    assert made.toolTip() == made.full_text()
    made.resize(600, 20)
    assert made.text() == made.full_text()
    assert made.toolTip() == ""


def test_grid_has_as_many_columns_as_fit(qtbot: QtBot) -> None:
    cards = [QLabel(str(number)) for number in range(5)]
    grid = CardGrid(cards, min_width=100, gap=10)
    shown(grid, qtbot)
    for width, columns in ((330, 3), (120, 1), (1000, 5)):
        grid.resize(width, 400)
        settle()
        first_row = [each for each in cards if each.y() == cards[0].y()]
        assert len(first_row) == columns


def test_few_cards_use_the_whole_width(qtbot: QtBot) -> None:
    cards = [QLabel(str(number)) for number in range(2)]
    grid = CardGrid(cards, min_width=100, gap=10, max_columns=2)
    shown(grid, qtbot)
    grid.resize(610, 100)
    settle()
    assert [each.width() for each in cards] == [300, 300]


def test_choice_is_reported_once_and_by_key(qtbot: QtBot) -> None:
    control = SegmentedControl((("a", "First"), ("b", "Second")))
    shown(control, qtbot)
    reported: list[str] = []
    control.chosen.connect(reported.append)
    control.choose("b")
    assert (control.current, reported) == ("b", [])
    first = control.findChildren(QToolButton)[0]
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert (control.current, reported) == ("a", ["a"])


def test_pill_grows_with_its_text(qtbot: QtBot) -> None:
    pill = Pill(LIGHT_THEME, "Run 7", dot=True)
    shown(pill, qtbot)
    before = pill.sizeHint().width()
    pill.set_status("Run 7 · epoch 4/12 · 41 s left", "good")
    assert pill.sizeHint().width() > before
    assert pill.accessibleName() == "Run 7 · epoch 4/12 · 41 s left"
    for tone in ("plain", "accent", "good", "warning", "bad"):
        pill.set_status(tone, tone)
        assert not pill.grab().isNull()


def test_everything_has_an_accessible_name(qtbot: QtBot) -> None:
    close = IconButton(LIGHT_THEME, "mdi6.close", "Close")
    search = SearchField(LIGHT_THEME, "Search layers")
    for each in (close, search):
        shown(each, qtbot)
    assert close.accessibleName() == close.toolTip() == "Close"
    assert search.accessibleName() == "Search layers"


def test_empty_state_shows_its_buttons(qtbot: QtBot) -> None:
    way = button(LIGHT_THEME, "Choose a folder", "primary", "mdi6.plus")
    state = EmptyState(LIGHT_THEME, "mdi6.home", "Nothing", "So far.", (way,))
    shown(state, qtbot)
    assert way.isVisible()


def test_widgets_wrap_into_the_next_line(qtbot: QtBot) -> None:
    parts = [QWidget() for _each in range(3)]
    for part in parts:
        part.setFixedSize(100, 20)
    row = FlowRow(parts, 10)
    shown(row, qtbot)
    assert row.sizeHint().width() == 320
    assert row.minimumSizeHint().width() == 100
    assert [row.heightForWidth(width) for width in (320, 319, 100)] == [20, 50, 80]
    row.resize(210, 50)
    assert [(p.x(), p.y()) for p in parts] == [(0, 0), (110, 0), (0, 30)]
    parts[0].setFixedWidth(200)
    until(lambda: parts[1].y() == 30)  # one needs more space
