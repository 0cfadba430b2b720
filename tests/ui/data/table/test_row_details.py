"""The selected row in full, below the table."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from small_tables import CATEGORY

from dlstudio.catalog.features.tags import TAGS
from dlstudio.catalog.features.text import TEXT
from dlstudio.catalog.features.tokens import TOKENS
from dlstudio.catalog.store import Catalog
from dlstudio.ui.data.table.panel import TablePanel
from dlstudio.ui.data.table.row_details import has_texts
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.features.span_layout import SpanLayout
from dlstudio.ui.features.value_edit import ParagraphEdit
from dlstudio.ui.theme.tokens import LIGHT_THEME
from dlstudio.workers.table import Indices, TableColumn, TablePage

TEXTS = (TableColumn("text", TEXT.kind), TableColumn("label", CATEGORY))
SENTENCES = (TableColumn("words", TOKENS.kind), TableColumn("tags", TAGS.kind))


class ManyRows:
    """A million rows of two columns, with a line end in each text."""

    def __init__(self, first: str, second: str) -> None:
        self.read = 0
        self._values = (first, second)

    def __len__(self) -> int:
        return 1_000_000

    def ids(self, rows: Indices) -> tuple[str, ...]:
        return tuple(str(row + 1) for row in rows.tolist())

    def place(self, id: str) -> int:
        return int(id) - 1

    def page(self, rows: Indices, columns: range) -> TablePage:
        self.read += len(rows)
        texts = tuple(
            tuple(self._values[column].format(row) for row in rows.tolist())
            for column in columns
        )
        return TablePage(self.ids(rows), texts, (0,) * len(rows))


@pytest.fixture
def panel(qtbot: QtBot) -> TablePanel:
    made = TablePanel(LIGHT_THEME, FeatureViews(Catalog.load()))
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_arrow_keys_show_the_next_text_and_what_is_typed_is_a_correction(
    panel: TablePanel, qtbot: QtBot
) -> None:
    rows = ManyRows("first {}\nsecond", "ham")
    panel.show_table(TEXTS, rows)
    heights: list[int] = []
    panel.details_changed.connect(heights.append)
    qtbot.mouseClick(panel.toggle, Qt.MouseButton.LeftButton)
    details, view = panel.details, panel.view
    assert details.isVisible() and heights[0] > 0
    text, kind = details.editors[0], details.editors[1]
    assert isinstance(text, ParagraphEdit)
    assert text.text() == "first 0\nsecond" and kind.text() == "ham"

    view.setFocus()
    view.setCurrentIndex(view.table.index(3, 0))
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.hasFocus() and text.text() == "first 4\nsecond"
    assert details.title.full_text() == "Row 5"
    assert rows.read < 1_000, "only the pages that are seen are read"

    changes: list[tuple[str, str, str]] = []
    view.value_changed.connect(lambda *values: changes.append(values))
    text.setFocus()
    QTest.keyClicks(text, "x")
    assert changes == []
    kind.setFocus()
    assert changes == [("5", "text", "xfirst 4\nsecond")]
    kind.selectAll()
    QTest.keyClicks(kind, "spam")
    qtbot.keyClick(kind, Qt.Key.Key_Return)
    assert changes[1:] == [("5", "label", "spam")]
    panel.show_table(TEXTS, rows)
    assert kind.text() == "ham" and details.editors[0] is text

    qtbot.mouseClick(panel.toggle, Qt.MouseButton.LeftButton)
    assert not details.isVisible() and heights[-1] == 0


def test_entities_are_coloured(panel: TablePanel) -> None:
    panel.show_table(SENTENCES, ManyRows("Anna is in Rome", "B-person O O B-place"))
    panel.show_details(150)
    spans = panel.details.spans
    assert spans is not None and not panel.details.editors
    assert spans.tokens == ("Anna", "is", "in", "Rome")
    assert spans.tags == ("B-person", "O", "O", "B-place")


def test_details_are_for_texts() -> None:
    assert has_texts(TEXTS) and has_texts(SENTENCES) and not has_texts(TEXTS[1:])


def test_a_text_and_its_translation_stand_side_by_side(panel: TablePanel) -> None:
    pairs = (TableColumn("text", TEXT.kind), TableColumn("translation", TEXT.kind))
    panel.show_table(pairs, ManyRows("一千", "one thousand"))
    panel.show_details(150)
    first, second = panel.details.editors.values()
    assert first.geometry().top() == second.geometry().top()
    assert first.geometry().right() < second.geometry().left()


def test_entities_are_as_wide_as_they_are_drawn(panel: TablePanel) -> None:
    """Chinese characters stand close together, and no type is cut off."""
    tags = "B-人名 I-人名 O O O B-地名 I-地名"
    panel.show_table(SENTENCES, ManyRows("陈 静 昨 天 去 广 州", tags))
    spans = SpanLayout(LIGHT_THEME)
    tokens = ["陈", "静", "昨", "天", "去", "广", "州"]
    boxes = spans.boxes(tokens, tags.split(), 1000)
    assert {each.text for each in boxes} == {*tokens, "人名", "地名"}
    apart = spans.boxes(["was", "a", "cat"], ["O"] * 3, 1000)
    assert boxes[1].area.left() == boxes[0].area.right()
    assert apart[1].area.left() >= apart[0].area.right()
    assert apart[0].area.width() - boxes[0].area.width() > 0
    assert panel.view.columnWidth(1) > boxes[-1].area.right()
