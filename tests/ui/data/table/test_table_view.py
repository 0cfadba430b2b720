"""The table: lazily read, painted, edited in place, by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QTableView
from pytestqt.qtbot import QtBot
from small_tables import CATEGORY, DISTRICTS, flat_columns, flat_rows, number_column

from dlstudio.catalog.features.text import TEXT
from dlstudio.catalog.store import Catalog
from dlstudio.ui.actions import TABLE_ACTIONS
from dlstudio.ui.data.table.column_menu import ColumnMenu
from dlstudio.ui.data.table.column_widths import SAMPLED
from dlstudio.ui.data.table.model import BLOCK, COLUMNS, TableModel
from dlstudio.ui.data.table.panel import TablePanel
from dlstudio.ui.data.table.table_findings import TableFindingCard
from dlstudio.ui.data.table.table_view import (
    IMAGE_ROW_HEIGHT,
    ROW_HEIGHT,
    TableView,
)
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.features.value_edit import ParagraphEdit, ValueEdit
from dlstudio.ui.theme.tokens import LIGHT_THEME
from dlstudio.ui.widgets.label_chooser import LabelChooser
from dlstudio.workers.table import Indices, TableFilter, TablePage
from dlstudio.workers.table_dataset import MOST_ROWS, TableFinding

ROOMS, AREA, DISTRICT, ID, PRICE = 1, 2, 3, 6, 7
Key, Modifier = Qt.Key, Qt.KeyboardModifier
VIEWS = FeatureViews(Catalog.load())


@pytest.fixture
def panel(qtbot: QtBot) -> TablePanel:
    made = TablePanel(LIGHT_THEME, VIEWS)
    qtbot.addWidget(made)
    made.resize(1200, 600)
    made.show_table(flat_columns(), flat_rows(), {"duplicate": 3, "odd-kind": 1})
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def view(panel: TablePanel) -> Iterator[TableView]:
    panel.view.setFocus()
    yield panel.view
    for each in panel.view.findChildren(QMenu):
        each.close()


def select(view: TableView, row: int, column: int, **how: Any) -> QPoint:
    """Click a cell."""
    view.scrollTo(view.table.index(row, column))
    at = view.visualRect(view.table.index(row, column)).center()
    key = how.get("stateKey", Modifier.NoModifier)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, key, at)
    return at


def recorded(signal: Any) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    signal.connect(lambda *values: found.append(values))
    return found


class CountingRows:
    """A million rows that record which pages are read."""

    def __init__(self) -> None:
        self.read: list[Indices] = []
        self.read_columns: set[int] = set()

    def __len__(self) -> int:
        return 1_000_000

    def ids(self, rows: Indices) -> tuple[str, ...]:
        return tuple(map(str, rows.tolist()))

    def page(self, rows: Indices, columns: range) -> TablePage:
        self.read.append(rows)
        self.read_columns.update(columns)
        texts = tuple(str(row) for row in rows.tolist())
        return TablePage(self.ids(rows), (texts,) * len(columns), (0,) * len(rows))


def test_only_the_pages_that_are_seen_are_read(qtbot: QtBot) -> None:
    made, rows = TableView(LIGHT_THEME, VIEWS), CountingRows()
    qtbot.addWidget(made)
    made.show_table([number_column()], rows)
    made.show()
    qtbot.waitExposed(made)
    assert sum(map(len, rows.read)) <= 2 * BLOCK
    rows.read.clear()
    made.scrollToBottom()
    qtbot.waitUntil(lambda: bool(rows.read))
    assert {int(each[-1]) for each in rows.read} <= {999_999, 999_999 - 64}
    last = made.table.index(999_999, 0)
    assert made.table.data(last) == "999,999"


def test_only_the_columns_that_are_seen_are_read(qtbot: QtBot) -> None:
    made, rows = TableView(LIGHT_THEME, VIEWS), CountingRows()
    qtbot.addWidget(made)
    made.resize(600, 300)
    names = [number_column(f"column {number}") for number in range(1000)]
    made.show_table(names, rows)
    made.show()
    qtbot.waitExposed(made)
    widths = {*range(SAMPLED + COLUMNS)}
    assert rows.read_columns <= widths
    made.horizontalScrollBar().setValue(made.horizontalScrollBar().maximum())
    qtbot.waitUntil(lambda: 999 in rows.read_columns)
    assert 500 not in rows.read_columns


def test_values_are_shown_as_their_types_show_them(view: TableView) -> None:
    def shown(row: int, column: int) -> str:
        return view.table.data(view.table.index(row, column))

    assert shown(5, PRICE) == "243,500" and shown(5, AREA) == "about 60"
    assert shown(3, ROOMS) == "" and shown(0, 0) == "0000.jpg"
    assert view.table.is_numeric(PRICE) and not view.table.is_numeric(ID)
    tip = view.table.data(view.table.index(5, AREA), Qt.ItemDataRole.ToolTipRole)
    assert tip == "“about 60” cannot be read as number and counts as missing."


def test_a_header_says_in_words_what_it_draws(view: TableView) -> None:
    def said(column: int) -> str:
        role = Qt.ItemDataRole.AccessibleTextRole
        return view.table.headerData(column, Qt.Orientation.Horizontal, role)

    assert said(ROOMS).split("\n") == [
        "rooms", "Number 98 %", "1 to 12, median 3", "2 missing"
    ]  # fmt: skip
    assert "3 not readable" in said(AREA) and "missing" not in said(AREA)
    assert said(ID).split("\n")[1:] == [
        "Ignored 99 %", "Every value is different.", "identifier"
    ]  # fmt: skip
    assert "Target" in said(PRICE)


def test_a_click_on_a_type_opens_its_menu_and_another_click_changes_it(
    view: TableView, qtbot: QtBot
) -> None:
    changed = recorded(view.kind_changed)
    chip = view.header.chip_rect(ROOMS).center().toPoint()
    qtbot.mouseClick(view.header.viewport(), Qt.MouseButton.LeftButton, pos=chip)
    (menu,) = view.findChildren(ColumnMenu)
    texts = [each.text() for each in menu.actions() if each.text()]
    assert texts[:2] == ["Number\t98 %", "Category\t40 %"]
    assert texts[-2:] == ["Ignore", "Use as target"]
    assert menu.actions()[0].isChecked() and menu.actions()[0].font().bold()
    menu.actions()[0].trigger()
    assert changed == [], "it is a number already"
    at = menu.actionGeometry(menu.actions()[1]).center()
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=at)
    assert changed == [("rooms", CATEGORY)]


def test_a_column_is_ignored_or_becomes_the_target_by_keyboard(
    view: TableView, qtbot: QtBot
) -> None:
    kinds, roles = recorded(view.kind_changed), recorded(view.role_changed)
    select(view, 0, DISTRICT)
    qtbot.keyClick(view, Key.Key_Down, Modifier.AltModifier)
    (menu,) = view.findChildren(ColumnMenu)
    by_text = {each.text(): each for each in menu.actions()}
    by_text["Ignore"].trigger()
    by_text["Use as target"].trigger()
    assert kinds == [("district", "")] and roles == [("district", "target")]
    menu.close()
    price = view.open_column_menu(PRICE, QPoint())
    assert "Use as input" in [each.text() for each in price.actions()]


def editor(view: TableView) -> ValueEdit:
    (found,) = view.viewport().findChildren(ValueEdit)
    return found


def test_a_double_click_corrects_a_cell(view: TableView, qtbot: QtBot) -> None:
    changed = recorded(view.value_changed)
    at = select(view, 5, AREA)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert editor(view).text() == "about 60"
    editor(view).selectAll()
    qtbot.keyClicks(editor(view), "60,5")
    qtbot.keyClick(editor(view), Key.Key_Return)
    QApplication.processEvents()
    assert changed == [("flats.csv:6", "area", "60.5")]


@pytest.mark.parametrize("key", [Key.Key_F2, Key.Key_Return, Key.Key_Enter])
def test_a_key_edits_a_cell_and_escape_leaves_it(
    key: Key, view: TableView, qtbot: QtBot
) -> None:
    changed = recorded(view.value_changed)
    select(view, 1, DISTRICT)
    qtbot.keyClick(view, key)
    qtbot.keyClicks(editor(view), "South")
    qtbot.keyClick(editor(view), Key.Key_Escape)
    QApplication.processEvents()
    assert changed == []


def test_an_invalid_value_is_explained_and_not_taken(
    view: TableView, qtbot: QtBot
) -> None:
    changed = recorded(view.value_changed)
    select(view, 1, PRICE)
    qtbot.keyClick(view, Key.Key_F2)
    qtbot.keyClicks(editor(view), "cheap")
    qtbot.keyClick(editor(view), Key.Key_Return)
    QApplication.processEvents()
    assert editor(view).isVisible() and "not a number" in editor(view).problem()
    select(view, 2, PRICE)
    assert changed == []


def test_a_text_is_edited_in_several_lines(view: TableView, qtbot: QtBot) -> None:
    columns = list(flat_columns())
    columns[DISTRICT] = replace(columns[DISTRICT], kind=TEXT.kind)
    view.show_table(tuple(columns), flat_rows())
    changed = recorded(view.value_changed)
    select(view, 1, DISTRICT)
    for _time in range(2):  # the second time nothing is changed
        qtbot.keyClick(view, Key.Key_F2)
        (made,) = view.viewport().findChildren(ParagraphEdit)
        box = view.visualRect(view.currentIndex())
        assert made.height() > 1.5 * box.height() and made.width() >= box.width()
        assert view.viewport().rect().contains(made.geometry())
        if not changed:
            made.selectAll()
            qtbot.keyClicks(made, "first")
            qtbot.keyClick(made, Key.Key_Return, Modifier.ShiftModifier)
            qtbot.keyClicks(made, "second")
        qtbot.keyClick(made, Key.Key_Return)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
        assert changed == [("flats.csv:2", "district", "first\nsecond")]
        edited = {"flats.csv:2": {"district": "first\nsecond"}}
        view.show_table(tuple(columns), flat_rows(changed=edited))
        select(view, 1, DISTRICT)


def test_a_cell_can_be_set_to_missing(view: TableView, qtbot: QtBot) -> None:
    changed = recorded(view.value_changed)
    select(view, 1, PRICE)
    qtbot.keyClick(view, Key.Key_F2)
    qtbot.keyClick(editor(view), Key.Key_Backspace)
    qtbot.keyClick(editor(view), Key.Key_Return)
    QApplication.processEvents()
    assert changed == [("flats.csv:2", "price", "")]


def test_cells_of_ignored_columns_are_not_edited(view: TableView, qtbot: QtBot) -> None:
    select(view, 1, ID)
    qtbot.keyClick(view, Key.Key_F2)
    assert view.viewport().findChildren(ValueEdit) == []


def test_delete_drops_corrections(view: TableView, qtbot: QtBot) -> None:
    changed = {"flats.csv:2": {"rooms": "4"}, "flats.csv:3": {"district": "West"}}
    view.show_table(flat_columns(), flat_rows(changed=changed))
    cleared = recorded(view.values_cleared)
    select(view, 1, ROOMS)
    assert view.table.data(view.currentIndex()) == "4"
    qtbot.keyClick(view, Key.Key_Delete)
    assert cleared == [((("flats.csv:2", "rooms"),),)]
    select(view, 0, ROOMS)
    qtbot.keyClick(view, Key.Key_Delete)
    assert len(cleared) == 1
    select(view, 4, DISTRICT, stateKey=Modifier.ShiftModifier)
    qtbot.keyClick(view, Key.Key_Delete)
    assert len(cleared[1][0]) == 2


def test_selected_rows_are_given_one_label(view: TableView, qtbot: QtBot) -> None:
    labeled = recorded(view.labeled)
    select(view, 1, ROOMS)
    qtbot.keyClick(view, Key.Key_L)
    assert view.findChildren(LabelChooser) == []  # of numbers
    select(view, 1, DISTRICT)
    select(view, 3, DISTRICT, stateKey=Modifier.ShiftModifier)
    qtbot.keyClick(view, Key.Key_L)
    (chooser,) = view.findChildren(LabelChooser)
    names = [chooser.list.item(row).text() for row in range(chooser.list.count())]
    assert names == list(DISTRICTS)
    QTest.keyClicks(chooser.field, "nor")
    QTest.keyClick(chooser.field, Key.Key_Return)
    ids = ("flats.csv:2", "flats.csv:3", "flats.csv:4")
    assert labeled == [(ids, "district", "North")]


def test_arrows_move_and_letters_search_nothing(view: TableView, qtbot: QtBot) -> None:
    select(view, 1, ROOMS)
    qtbot.keyClick(view, Key.Key_Down)
    qtbot.keyClick(view, Key.Key_Right)
    assert (view.currentIndex().row(), view.currentIndex().column()) == (2, AREA)
    qtbot.keyClicks(view, "95")
    assert (view.currentIndex().row(), view.currentIndex().column()) == (2, AREA)


def test_selected_cells_are_copied_as_in_a_spreadsheet(
    view: TableView, qtbot: QtBot
) -> None:
    select(view, 3, ROOMS)
    select(view, 4, AREA, stateKey=Modifier.ShiftModifier)
    qtbot.keyClick(view, Key.Key_C, Modifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "\t50.5\n5\t54.0"


def test_the_tables_keys_precede_those_of_the_window(
    view: TableView, qtbot: QtBot
) -> None:
    """F2 renames the project and Ctrl+C copies layers, unless the table has them."""
    renamed = QAction(view.window())
    renamed.setShortcuts(["F2", "Ctrl+C"])
    view.window().addAction(renamed)
    triggered = recorded(renamed.triggered)
    select(view, 1, PRICE)
    qtbot.keyClick(view, Key.Key_C, Modifier.ControlModifier)
    qtbot.keyClick(view, Key.Key_F2)
    assert triggered == [] and editor(view).isVisible()


def test_rows_are_excluded_included_and_moved(view: TableView, qtbot: QtBot) -> None:
    excluded, moved = recorded(view.exclusion_changed), recorded(view.moved)
    select(view, 1, PRICE)
    select(view, 2, PRICE, stateKey=Modifier.ShiftModifier)
    qtbot.keyClick(view, Key.Key_Delete, Modifier.ControlModifier)
    assert excluded == [(("flats.csv:2", "flats.csv:3"), True)]
    select(view, 3, PRICE)
    commands = view.commands()
    exclude = next(each for each in TABLE_ACTIONS if each.id == "table.exclude")
    assert commands["table.exclude"].text_of(exclude) == "Include"
    commands["table.exclude"].run()
    assert excluded[1] == (("flats.csv:4",), False)
    commands["table.move_2"].run()
    commands["table.move_automatic"].run()
    assert moved == [(("flats.csv:4",), 2), (("flats.csv:4",), -1)]


def test_every_action_has_a_handler(view: TableView) -> None:
    assert {each.id for each in TABLE_ACTIONS} == view.commands().keys()
    view.clearSelection()
    view.setCurrentIndex(view.table.index(-1, -1))
    assert not any(each.enabled() for each in view.commands().values())


def test_the_context_menu_offers_what_can_be_done(view: TableView) -> None:
    at = select(view, 1, PRICE)
    reason = QContextMenuEvent.Reason.Mouse
    event = QContextMenuEvent(reason, at, view.viewport().mapToGlobal(at))
    QApplication.sendEvent(view.viewport(), event)
    menu = next(each for each in view.findChildren(QMenu) if each.isVisible())
    words = [each.text().partition("\t")[0] for each in menu.actions()]
    assert words == [
        "Edit cell", "Label as…", "Clear correction", "Copy cells", "", "Exclude",
        "Move to", "", "Column type…",
    ]  # fmt: skip
    enabled = [each.isEnabled() for each in menu.actions()[:4]]
    assert enabled == [True, False, False, True]


def test_a_correction_keeps_place_and_selection(view: TableView) -> None:
    select(view, 40, PRICE)
    place = view.verticalScrollBar().value()
    view.show_table(flat_columns(), flat_rows(changed={"flats.csv:41": {"price": "1"}}))
    assert view.verticalScrollBar().value() == place
    assert view.currentIndex().row() == 40
    assert view.table.data(view.currentIndex()) == "1"


def test_filters_are_reported_once_the_user_pauses(
    panel: TablePanel, qtbot: QtBot
) -> None:
    wanted: list[TableFilter] = []
    panel.filter_changed.connect(wanted.append)
    with qtbot.waitSignal(panel.filter_changed):
        qtbot.keyClicks(panel.bar.search, "harb")
    panel.bar.split.setCurrentIndex(2)
    panel.bar.finding.setCurrentIndex(1)
    assert wanted == [
        TableFilter("harb"), TableFilter("harb", 1), TableFilter("harb", 1, "duplicate")
    ]  # fmt: skip
    assert panel.bar.finding.itemText(2) == "odd kind (1)"
    panel.show_rows(np.array([3, 11]))
    assert panel.view.table.rowCount() == 2
    assert panel.footer.full_text().startswith("2 of 60 rows · ")
    assert panel.view.table.ids([1]) == ("flats.csv:12",)
    panel.show_rows(np.zeros(0, np.int64))
    assert panel.empty_label.isVisible()
    qtbot.mouseClick(panel.clear, Qt.MouseButton.LeftButton)
    assert wanted[-1] == TableFilter() and panel.view.table.rowCount() == 60
    assert panel.bar.search.text() == "" and not panel.empty_label.isVisible()


def test_the_footer_says_which_rows_are_seen(panel: TablePanel) -> None:
    first = panel.footer.full_text()
    assert first.startswith("1–") and "of 60 rows" in first
    panel.view.scrollToBottom()
    assert "–60 of 60 rows" in panel.footer.full_text()


def test_columns_use_the_width_until_one_is_resized(panel: TablePanel) -> None:
    header = panel.view.header
    assert header.length() >= panel.view.viewport().width()
    header.resizeSection(0, 90)
    panel.resize(1600, 600)
    assert header.sectionSize(0) == 90


def test_the_table_has_accessible_names(view: QTableView) -> None:
    assert view.accessibleName() == "Table"
    assert isinstance(view.model(), TableModel)


def test_a_finding_says_that_only_its_first_rows_are_shown(qtbot: QtBot) -> None:
    few, many = (
        TableFindingCard(LIGHT_THEME, TableFinding("k", "area", "Odd.", (), rows))
        for rows in ((1, 2), tuple(range(MOST_ROWS)))
    )
    for card in (few, many):
        qtbot.addWidget(card)
    assert few.show_rows.text() == "Show rows"
    assert many.show_rows.text() == "Show first 1,000 rows"


def test_rows_with_images_are_higher(panel: TablePanel) -> None:
    height = panel.view.rowHeight(0)
    numbers = flat_columns()[ROOMS : AREA + 1]
    panel.show_table(numbers, flat_rows(), {})
    assert height == IMAGE_ROW_HEIGHT > panel.view.rowHeight(0) == ROW_HEIGHT
