"""The form for values: fields from features, answers while one types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from small_tables import (
    CATEGORIES,
    category_column,
    flat_columns,
    number_column,
    with_params,
)

from dlstudio.catalog.features.text import TEXT as TEXT_TYPE
from dlstudio.catalog.store import Catalog
from dlstudio.document.output_answer import OutputAnswer
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.features.probability_bars import ProbabilityBars
from dlstudio.ui.features.value_edit import ParagraphEdit
from dlstudio.ui.predict.value_form import PredictForm
from dlstudio.ui.theme.tokens import LIGHT_THEME
from dlstudio.workers.feature_form import FeatureForm
from dlstudio.workers.feature_prediction import ValueAnswer

START = {"rooms": "3", "area": "76.0", "district": "West", "built": None, "price": "1"}
PRICE = OutputAnswer("price", number=288_812.4)


@pytest.fixture
def form(qtbot: QtBot) -> PredictForm:
    made = PredictForm(LIGHT_THEME, FeatureViews(Catalog.load()))
    qtbot.addWidget(made)
    made.resize(900, 500)
    made.show_form(flat_form())
    made.show()
    qtbot.waitExposed(made)
    return made


def flat_form(**changes: object) -> FeatureForm:
    inputs = tuple(each for each in flat_columns() if each.role == "input")
    targets = (
        with_params(number_column("price", role="target"), unit="€"),
        category_column("district", role="target"),
        replace(category_column("tags", role="target"), kind=CATEGORIES),
    )
    start = {name: value for name, value in START.items() if name != "price"}
    given = {"inputs": inputs, "start": start, "row": "60", **changes}
    return FeatureForm("run", targets=targets, **given)


def texts(form: PredictForm) -> list[str]:
    return form.answers.texts()


def test_there_is_a_field_for_each_feature_the_model_sees(form: PredictForm) -> None:
    assert list(form.fields) == ["photo", "rooms", "area", "district", "tags", "built"]
    assert form.values()["rooms"] == "3" and form.values()["built"] == ""
    field = form.fields["rooms"]
    assert field.editor.accessibleName() == "rooms"
    assert field.note.full_text() == "1 to 12, median 3"
    assert form.fields["built"].note.full_text() == "Missing: the median date is used."


def test_values_are_reported_at_first_and_once_the_user_pauses(
    form: PredictForm, qtbot: QtBot
) -> None:
    reported: list[dict[str, str]] = []
    form.changed.connect(reported.append)
    form.show_form(flat_form())
    assert len(reported) == 1 and reported[0]["district"] == "West"
    editor = form.fields["rooms"].editor
    editor.selectAll()
    with qtbot.waitSignal(form.changed):
        qtbot.keyClicks(editor, "4.5")
    assert len(reported) == 2 and reported[1]["rooms"] == "4.5"


def test_invalid_values_are_said_and_not_reported(
    form: PredictForm, qtbot: QtBot
) -> None:
    form.show_answer(ValueAnswer((PRICE,)))
    reported: list[dict[str, str]] = []
    form.changed.connect(reported.append)
    field = form.fields["area"]
    field.editor.selectAll()
    qtbot.keyClicks(field.editor, "large")
    assert field.note.full_text() == "“large” is not a number."
    assert field.note.property("role") == "bad" and not form.is_valid()
    assert form.answers.outdated
    form._timer.timeout.emit()
    assert reported == []


def test_unknown_and_missing_values_are_said_under_their_fields(
    form: PredictForm, qtbot: QtBot
) -> None:
    field = form.fields["district"]
    field.editor.selectAll()
    qtbot.keyClicks(field.editor, "South")
    assert field.note.full_text() == ("“South” is unknown to the model.")
    assert field.note.property("role") == "warning" and form.is_valid()
    field.editor.selectAll()
    qtbot.keyClick(field.editor, Qt.Key.Key_Backspace)
    assert field.note.full_text() == "Missing, which is a category of its own."
    with qtbot.waitSignal(form.changed):
        pass


def test_the_values_of_the_row_can_be_restored(form: PredictForm, qtbot: QtBot) -> None:
    assert not form.reset.isEnabled()
    qtbot.keyClicks(form.fields["rooms"].editor, "9")
    assert form.reset.isEnabled()
    with qtbot.waitSignal(form.changed):
        qtbot.mouseClick(form.reset, Qt.MouseButton.LeftButton)
    assert form.values()["rooms"] == "3" and not form.reset.isEnabled()


def test_an_answer_is_a_number_a_class_or_several_labels(form: PredictForm) -> None:
    form.show_note("Predicting…")
    assert texts(form) == ["Predicting…"]
    scores = (("North", 0.2), ("West", 0.8))
    answers = (
        PRICE,
        OutputAnswer("district", "West", scores=scores),
        OutputAnswer("tags", "lift|garden"),
    )
    form.show_answer(ValueAnswer(answers, from_checkpoint=True))
    shown = texts(form)
    for text in ("288,812 €", "West", "lift, garden", "From the last checkpoint."):
        assert text in shown
    assert "In the data: 1 to 12, median 3" in shown
    (bars,) = form.answers.findChildren(ProbabilityBars)
    assert bars.accessibleName() == "West 80.0 %, North 20.0 %"
    assert "price 288,812" in form.answers.accessibleDescription()
    form.show_answer(ValueAnswer((PRICE,)))
    assert "West" not in texts(form) and not form.answers.outdated


def test_what_the_model_cannot_use_is_said_at_its_field(
    form: PredictForm, qtbot: QtBot
) -> None:
    form.show_answer(ValueAnswer((PRICE,)))
    form.show_answer(ValueAnswer(errors={"rooms": "The value is missing."}))
    field = form.fields["rooms"]
    assert field.note.property("role") == "bad" and "missing" in field.note.full_text()
    assert form.answers.outdated and form.answers.answers == (PRICE,)
    field.editor.selectAll()
    qtbot.keyClicks(field.editor, "4")
    assert field.note.property("role") == "faint"


def test_of_many_inputs_those_are_shown_that_are_looked_for(
    form: PredictForm, qtbot: QtBot
) -> None:
    many = tuple(number_column(f"column {number}") for number in range(500))
    start = {each.name: str(number % 9) for number, each in enumerate(many)}
    form.show_form(flat_form(inputs=many, start=start))
    assert len(form.fields) == 60 and "60 of 500" in form.about.full_text()
    qtbot.keyClicks(form.fields["column 1"].editor, "5")
    qtbot.keyClicks(form.search, "column 499")
    assert list(form.fields) == ["column 499"]
    values = form.values()
    assert len(values) == 500 and values["column 1"] == "51"
    assert values["column 499"] == "4"
    with qtbot.waitSignal(form.changed):
        form.fields["column 499"].editor.enter("8")


def test_a_text_has_several_lines_across_the_form(
    form: PredictForm, qtbot: QtBot
) -> None:
    text = replace(category_column("review", role="input"), kind=TEXT_TYPE.kind)
    inputs = (*flat_form().inputs, text)
    asked: list[Mapping[str, str]] = []
    form.changed.connect(asked.append)
    form.show_form(flat_form(inputs=inputs, start={"review": "one\ntwo"}))
    field = form.fields["review"]
    assert isinstance(field.editor, ParagraphEdit)
    assert field.value() == "one\ntwo" and asked[-1]["review"] == "one\ntwo"
    qtbot.waitUntil(lambda: field.width() > 2 * form.fields["rooms"].width())
    assert not form.reset.isEnabled() or form.fields["rooms"].text()
    with qtbot.waitSignal(form.changed):
        qtbot.keyClicks(field.editor, "zero ")
        qtbot.keyClick(field.editor, Qt.Key.Key_Return)
    assert asked[-1]["review"] == "zero \none\ntwo"
    # Tab leaves the field, as in all others.
    field.editor.setFocus()
    qtbot.waitUntil(field.editor.hasFocus)
    qtbot.keyClick(field.editor, Qt.Key.Key_Tab)
    assert not field.editor.hasFocus() and "\t" not in field.text()
    with qtbot.waitSignal(form.changed):
        field.editor.enter("dropped")
    assert asked[-1]["review"] == "dropped"
    field.editor.undo()
    assert field.value() == "zero \none\ntwo"
    assert field.takes_file(Path("a.TXT")) and field.reads_files
