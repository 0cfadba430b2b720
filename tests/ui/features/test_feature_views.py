"""The view part of every feature type: one contract, and what each does of its own."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QTableView, QWidget
from pytestqt.qtbot import QtBot
from small_tables import (
    CATEGORIES,
    CATEGORY,
    DATE,
    IMAGE,
    KINDS,
    LONG_TEXT,
    NUMBER,
    TAGS,
    TEXT,
    TOKENS,
    category_column,
    date_column,
    flat_columns,
    long_text_column,
    number_column,
    tagged_columns,
    text_column,
    with_params,
)

from dlstudio.catalog.store import Catalog
from dlstudio.document.column_statistics import ColumnStatistics
from dlstudio.ui.features.categories import NamesEdit
from dlstudio.ui.features.date import DateEdit
from dlstudio.ui.features.feature_views import FeatureViews, ignored_message
from dlstudio.ui.features.number import DecimalEdit
from dlstudio.ui.features.number_format import cell_number, short_value
from dlstudio.ui.features.value_edit import NameEdit, ValueEdit
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import DARK_THEME, LIGHT_THEME
from dlstudio.workers.table import TableColumn

VALUES = {
    NUMBER: "4.5",
    CATEGORY: "West",
    CATEGORIES: "lift|garden",
    DATE: "1999-12-31",
    IMAGE: "photos/a.jpg",
    TEXT: "A bright flat near a park.",
    TOKENS: "Ann is in Paris .",
    TAGS: "B-person O O B-place O",
    LONG_TEXT: "Now is the winter of our discontent",
}
COLUMNS = {
    each.kind: each
    for each in reversed(
        (*flat_columns(), text_column(), long_text_column(), *tagged_columns())
    )
}


@pytest.fixture(scope="module")
def views() -> FeatureViews:
    return FeatureViews(Catalog.load())


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def edit(views: FeatureViews, column: TableColumn, host: QWidget) -> ValueEdit:
    made = views[column.kind].editor(LIGHT_THEME, column, host)
    host.show()
    return made


def test_every_feature_type_has_a_view(views: FeatureViews) -> None:
    assert set(views) == set(KINDS)
    assert set(views.of_cells()) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_view_describes_columns_and_edits_values(
    kind: str, views: FeatureViews, host: QWidget, qtbot: QtBot
) -> None:
    view, column, value = views[kind], COLUMNS[kind], VALUES[kind]
    assert views.title(kind) and not icon(view.icon, view.color).isNull()
    assert view.text(value) and view.text("") == ""
    assert view.summary(column.statistics) and view.hint(column)
    assert view.summary(ColumnStatistics(0, 0, 0)) is not None
    assert view.remark(value, column) == ""
    made = edit(views, column, host)
    reported: list[str] = []
    made.edited.connect(lambda: reported.append(made.value()))
    made.set_value(value)
    assert made.value() == value and not reported and not made.problem()
    made.clear()
    assert made.value() == "" and not made.problem(), "a value may be missing"
    qtbot.keyClicks(made, value)
    assert reported[-1] == value


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("theme", [LIGHT_THEME, DARK_THEME], ids=lambda each: each.name)
def test_a_view_draws_within_its_area(kind: str, theme, views: FeatureViews) -> None:
    image = QImage(200, 60, QImage.Format.Format_ARGB32)
    image.fill(QColor(theme.colors.surface))
    painter = QPainter(image)
    area = QRectF(20, 20, 120, 20)
    views[kind].paint(painter, area, COLUMNS[kind].statistics, theme)
    views[kind].paint(painter, area, ColumnStatistics(0, 0, 0), theme)
    painter.end()
    blank = QColor(theme.colors.surface).rgb()
    drawn = [
        (x, y) for x in range(200) for y in range(60) if image.pixel(x, y) != blank
    ]
    assert drawn and all(area.contains(x + 0.5, y + 0.5) for x, y in drawn)


@pytest.mark.parametrize("kind", ["", *KINDS])
@pytest.mark.parametrize("theme", [LIGHT_THEME, DARK_THEME], ids=lambda each: each.name)
def test_a_chip_is_readable(kind: str, theme, views: FeatureViews) -> None:
    from dlstudio.ui.theme.contrast import _blend, _contrast

    ink = views.ink(kind, theme)
    under = _blend(QColor(theme.colors.surface), views.tint(kind, theme))
    assert _contrast(ink, under) >= 4.5


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("3", "3"),
        ("1924", "1924"),
        ("76.0", "76.0"),
        ("288800", "288,800"),
        ("-288800.5", "-288,800.5"),
        ("0.30000000000000004", "0.3"),
        ("1924.123456789", "1924.12"),
        ("1e-7", "1e-7"),
        ("1.234,5", "1.234,5"),
        ("€ 12", "€ 12"),
        ("007", "007"),
    ],
)
def test_numbers_of_cells_stay_what_they_are(text: str, shown: str) -> None:
    assert cell_number(text) == shown


def test_numbers_of_statistics_are_short() -> None:
    numbers = (3.0, 76.125, 312_000.4, 0.012345, 1e-9, float("nan"), 0.0)
    shown = [short_value(each) for each in numbers]
    assert shown == ["3", "76.125", "312,000", "0.0123", "1e-09", "–", "0"]


def test_a_number_is_written_as_its_column_writes_it(
    views: FeatureViews, host: QWidget, qtbot: QtBot
) -> None:
    column = with_params(number_column(), decimal="comma", unit="kg")
    made = edit(views, column, host)
    assert isinstance(made, DecimalEdit)
    for typed, value in (("2,5", "2,5"), ("1.234,5 kg", "1234,5"), ("1.234", "1234")):
        made.clear()
        qtbot.keyClicks(made, typed)
        assert made.value() == value
    qtbot.keyClicks(made, "x")
    assert made.value() == "" and "is not a number" in made.problem()
    assert made.property("wrong") and made.toolTip() == made.problem()


def test_numbers_outside_the_data_and_missing_ones_are_said(
    views: FeatureViews,
) -> None:
    remark, column = views[NUMBER].remark, number_column()
    assert "(at most 12)" in remark("13", column)
    assert "(at least 1)" in remark("-4", column)
    assert remark("", column) == "Missing: 3 is used."
    assert "excluded" in remark("", with_params(column, missing="drop"))
    fixed = with_params(column, missing="value", fill_value=-1.0)
    assert remark("", fixed) == "Missing: -1 is used."
    assert views[NUMBER].hint(column) == "1 to 12, median 3"


def test_a_new_name_is_said_to_be_new(views: FeatureViews) -> None:
    remark, column = views[CATEGORY].remark, category_column()
    assert remark("South", column) == ("“South” is unknown to the model.")
    assert remark("", column) == "Missing, which is a category of its own."
    frequent = with_params(column, missing="most_frequent")
    assert remark("", frequent) == "Missing: “West” is used."
    assert (
        views[CATEGORIES].remark("lift|pool", COLUMNS[CATEGORIES]).startswith("“pool”")
    )


def test_known_names_are_offered_by_keyboard(
    views: FeatureViews, host: QWidget, qtbot: QtBot
) -> None:
    made = edit(views, category_column(), host)
    assert isinstance(made, NameEdit)
    qtbot.keyClick(made, Qt.Key.Key_Down)
    popup = made.offered.popup()
    assert popup.isVisible() and popup.model().rowCount() == 4
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert made.value() in ("West", "Centre")


def test_a_chosen_name_is_added_to_several_or_removed(
    views: FeatureViews, host: QWidget, qtbot: QtBot
) -> None:
    made = edit(views, COLUMNS[CATEGORIES], host)
    assert isinstance(made, NamesEdit)
    made.set_value("lift")
    made.choose_name("cellar")
    assert made.value() == "lift|cellar"
    made.choose_name("lift")
    assert made.value() == "cellar"


def test_a_date_may_be_empty_or_chosen_in_a_calendar(
    views: FeatureViews, host: QWidget, qtbot: QtBot
) -> None:
    made = edit(views, date_column(), host)
    assert isinstance(made, DateEdit)
    assert made.value() == ""
    qtbot.keyClicks(made, "31.12.1999")
    assert made.value() == "" and "not a date" in made.problem()
    made.set_value("1999-12-31")
    made.open_calendar()
    calendar = made.calendar
    assert calendar is not None and calendar.selectedDate().year() == 1999
    days = calendar.findChild(QTableView)
    qtbot.keyClick(days, Qt.Key.Key_Left)
    qtbot.keyClick(days, Qt.Key.Key_Return)
    assert made.value() == "1999-12-30"


def test_dates_outside_the_data_are_said(views: FeatureViews) -> None:
    remark, column = views[DATE].remark, date_column()
    assert "(from 1901-07-21)" in remark("1850-01-01", column)
    assert "(until 2022-01-08)" in remark("2024-01-01 12:30", column)
    assert remark("", column) == "Missing: the median date is used."


def test_an_ignored_column_says_why() -> None:
    assert ignored_message("identifier") == "Every value is different."
    assert ignored_message("") == "This column is not used."
