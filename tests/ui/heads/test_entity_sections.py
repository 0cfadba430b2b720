"""Sections about tagged tokens: types, confusion, worst sentences; an answer."""

from __future__ import annotations

from pytestqt.qtbot import QtBot
from small_tables import tagged_columns

from dlstudio.catalog.store import Catalog
from dlstudio.document.entity_sections import (
    EntityScores,
    EntityTable,
    TaggedSentence,
    TypeMatrix,
    WorstTaggedRows,
)
from dlstudio.document.output_answer import OutputAnswer
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.features.span_text import SpanText
from dlstudio.ui.heads.entity_sections import (
    EntitySection,
    TypeMatrixSection,
    WorstTaggedSection,
)
from dlstudio.ui.heads.report_views import SECTIONS, make_section
from dlstudio.ui.theme.tokens import DARK_THEME, LIGHT_THEME

SCORES = EntityScores(0.5, 0.25, 1 / 3, 4, 2)
ROW = TaggedSentence(
    "7", ("New", "York", "!"), ("B-place", "I-place", "O"), ("O",) * 3, 1
)
REPORT = {
    each.NAME: each.to_json()
    for each in (
        EntityTable(SCORES, {"place": SCORES}),
        TypeMatrix(("O", "place"), ((1, 0), (2, 0))),
        WorstTaggedRows("tags", (ROW,)),
    )
}


def test_a_report_shows_types_confusion_and_sentences(qtbot: QtBot) -> None:
    made = [
        make_section(name, LIGHT_THEME, REPORT) for name in SECTIONS if name in REPORT
    ]
    for each in made:
        assert each is not None
        qtbot.addWidget(each)
    table, confusion, worst = made
    assert isinstance(table, EntitySection) and isinstance(worst, WorstTaggedSection)
    assert isinstance(confusion, TypeMatrixSection)
    assert (
        table.table.item(1, 0).text() == "place"
        and "50" in table.table.item(1, 1).text()
    )
    assert confusion.table.item(1, 1).text() == "2"
    ((actual, predicted),) = worst.texts
    assert actual.accessibleDescription() == "New York (place)"
    assert predicted.accessibleDescription() == "no entities"
    assert actual.heightForWidth(60) > actual.heightForWidth(600)
    broken = {**REPORT, EntityTable.NAME: {"types": 3}}
    assert make_section(EntityTable.NAME, LIGHT_THEME, broken) is None


def test_an_answer_is_the_sentence_with_its_entities(qtbot: QtBot) -> None:
    _tokens, column = tagged_columns()
    view = FeatureViews(Catalog.load())[column.kind]
    answer = OutputAnswer("tags", "B-place I-place", tokens=("New", "York", "!"))
    assert view.answer_text(answer, column) == "New York (place)"
    made = view.answer(DARK_THEME, answer, column, None)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    shown = made.findChild(SpanText)
    assert shown is not None and shown.tokens == answer.tokens, "one token has no tag"
    made.resize(300, 200)
    assert not made.grab().isNull()
