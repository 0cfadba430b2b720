"""The form for values: fields from features, answers while one types."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from small_tables import flat_columns

from dlstudio.catalog.store import Catalog
from dlstudio.document.output_answer import OutputAnswer
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.predict.prediction_row import ProbabilityBars
from dlstudio.ui.predict.value_form import PredictForm
from dlstudio.ui.theme.tokens import LIGHT_THEME

START = {"rooms": "3", "area": "76.0", "district": "West", "built": None, "price": "1"}
PRICE = OutputAnswer("price", number=288_812.4)


@pytest.fixture
def form(qtbot: QtBot) -> PredictForm:
    made = PredictForm(LIGHT_THEME, FeatureViews(Catalog.load()))
    qtbot.addWidget(made)
    made.resize(900, 500)
    made.show_columns(flat_columns(), START)
    made.show()
    qtbot.waitExposed(made)
    return made


def texts(form: PredictForm) -> list[str]:
    found = form.answer_card.findChildren(QLabel)
    return [each.text() for each in found if each.isVisible()]


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
    form.show_columns(flat_columns(), START)
    assert len(reported) == 1 and reported[0]["district"] == "West"
    editor = form.fields["rooms"].editor
    editor.selectAll()
    with qtbot.waitSignal(form.changed):
        qtbot.keyClicks(editor, "4.5")
    assert len(reported) == 2 and reported[1]["rooms"] == "4.5"


def test_invalid_values_are_said_and_not_reported(
    form: PredictForm, qtbot: QtBot
) -> None:
    form.show_answers((PRICE,))
    reported: list[dict[str, str]] = []
    form.changed.connect(reported.append)
    field = form.fields["area"]
    field.editor.selectAll()
    qtbot.keyClicks(field.editor, "large")
    assert field.note.full_text() == "“large” is not a number."
    assert field.note.property("role") == "bad" and not form.is_valid()
    assert form.answer_card.outdated
    form._timer.timeout.emit()
    assert reported == []


def test_unknown_and_missing_values_are_said_under_their_fields(
    form: PredictForm, qtbot: QtBot
) -> None:
    field = form.fields["district"]
    field.editor.selectAll()
    qtbot.keyClicks(field.editor, "South")
    assert field.note.full_text() == "“South” is not in the data."
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


def test_an_answer_is_a_number_a_class_or_an_error(form: PredictForm) -> None:
    assert "Enter values to see the prediction." in texts(form)
    answers = (
        PRICE,
        OutputAnswer("district", "West", scores=(("North", 0.2), ("West", 0.8))),
        OutputAnswer("tags", "lift|garden"),
        OutputAnswer("built", error="The model has no such output."),
    )
    form.show_answers(answers)
    shown = texts(form)
    for text in ("288,812", "West", "lift, garden", "The model has no such output."):
        assert text in shown
    (bars,) = form.answer_card.findChildren(ProbabilityBars)
    assert bars.accessibleName() == "West 80.0 %, North 20.0 %"
    assert "price 288,812" in form.answer_card.accessibleDescription()
    form.show_answers((PRICE,))
    assert "West" not in texts(form) and not form.answer_card.outdated
