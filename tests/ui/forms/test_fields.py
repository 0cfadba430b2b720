"""All field types with real keys and clicks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from model_world import catalog, shown
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot
from rooms import settle

from dlstudio.catalog.schema import Param
from dlstudio.document.values import Spec, Value, freeze_map
from dlstudio.ui.forms.field import Field
from dlstudio.ui.forms.field_factory import make_field
from dlstudio.ui.forms.form import NestedForm
from dlstudio.ui.forms.line_edits import step_size
from dlstudio.ui.forms.lines_field import LinesField

MakeField = Callable[[Param], Field]
Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
UNITS = Param("units", "int", required=True, minimum=1)
RATE = Param("rate", "float", default=0.5, minimum=0, maximum=1, open_maximum=True)
SIZE = Param("kernel_size", "size", required=True, minimum=1, rank=2)
STRIDES = Param("strides", "size", default=None, optional=True, minimum=1, rank=2)
PADDING = Param("padding", "enum", default="valid", choices=("valid", "same"))


class FieldSignals(list[Value]):
    """The values a field emitted, newest last, and its error messages."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.emptied = 0
        field.edited.connect(self.append)
        field.wrong.connect(self.wrong.append)
        field.emptied.connect(self._emptied)

    def _emptied(self) -> None:
        self.emptied += 1


@pytest.fixture
def make(qapp: QApplication) -> Iterator[MakeField]:
    opened = []

    def one(param: Param) -> Field:
        context = shown(lambda: make_field(param, catalog(), NestedForm), 280, 400)
        opened.append(context)
        return context.__enter__()

    yield one
    for context in opened:
        context.__exit__(None, None, None)


def _edit(field: Field) -> QLineEdit:
    edit = field.findChild(QLineEdit)
    assert edit is not None
    return edit


def _type(qtbot: QtBot, edit: QLineEdit, text: str) -> None:
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, text)


def test_a_number_is_reported_once_at_enter(make: MakeField, qtbot: QtBot) -> None:
    field = make(UNITS)
    field.show_value(16, is_set=True)
    reported, edit = FieldSignals(field), _edit(field)
    _type(qtbot, edit, "128")
    assert reported == [], "not at every key"
    qtbot.keyClick(edit, Key.Key_Return)
    assert reported == [128]
    qtbot.keyClick(edit, Key.Key_Return)
    assert reported == [128]


def test_a_number_is_reported_after_a_pause(make: MakeField, qtbot: QtBot) -> None:
    field = make(UNITS)
    field.show_value(16, is_set=True)
    reported = FieldSignals(field)
    with qtbot.waitSignal(field.edited, timeout=200_000):
        _type(qtbot, _edit(field), "64")
    assert reported == [64]


@pytest.mark.parametrize(("text", "word"), [("many", "many"), ("0", "at least 1")])
def test_invalid_input_is_reported_and_the_last_value_holds(
    make: MakeField, qtbot: QtBot, text: str, word: str
) -> None:
    field = make(UNITS)
    field.show_value(16, is_set=True)
    reported, edit = FieldSignals(field), _edit(field)
    _type(qtbot, edit, text)
    qtbot.keyClick(edit, Key.Key_Return)
    settle()
    assert reported == []
    assert word in reported.wrong[-1]
    assert edit.property("wrong") is True
    assert edit.text() == text, "it can be corrected"
    qtbot.keyClick(edit, Key.Key_Escape)
    assert edit.text() == "16"
    assert reported.wrong[-1] == ""
    assert edit.property("wrong") is False


def test_losing_the_focus_keeps_invalid_input_marked(
    make: MakeField, qtbot: QtBot
) -> None:
    field = make(UNITS)
    field.show_value(16, is_set=True)
    reported, edit = FieldSignals(field), _edit(field)
    _type(qtbot, edit, "-")
    edit.clearFocus()
    assert reported == []
    assert edit.property("wrong") is True


def test_a_required_value_cannot_be_cleared(make: MakeField, qtbot: QtBot) -> None:
    field = make(UNITS)
    field.show_value(16, is_set=True)
    reported, edit = FieldSignals(field), _edit(field)
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClick(edit, Key.Key_Delete)
    qtbot.keyClick(edit, Key.Key_Return)
    assert "must be set" in reported.wrong[-1]
    assert (reported, reported.emptied) == ([], 0)


def test_a_cleared_field_restores_its_default(make: MakeField, qtbot: QtBot) -> None:
    field = make(RATE)
    field.show_value(0.25, is_set=True)
    reported, edit = FieldSignals(field), _edit(field)
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClick(edit, Key.Key_Backspace)
    qtbot.keyClick(edit, Key.Key_Return)
    assert (reported, reported.emptied) == ([], 1)
    field.show_value(0.5, is_set=False)
    assert edit.text() == ""
    assert edit.placeholderText() == "0.5", "the default is greyed"


def test_arrow_keys_step_within_the_bounds(make: MakeField, qtbot: QtBot) -> None:
    field = make(UNITS)
    field.show_value(2, is_set=True)
    reported, edit = FieldSignals(field), _edit(field)
    edit.setFocus()
    for key in (Key.Key_Up, Key.Key_Up, Key.Key_PageUp, Key.Key_Down):
        qtbot.keyClick(edit, key)
    assert edit.text() == "13"
    qtbot.keyClick(edit, Key.Key_Return)
    assert reported == [13], "one change for all steps"
    for _each in range(3):
        qtbot.keyClick(edit, Key.Key_PageDown)
    assert edit.text() == "1"


def test_floats_step_by_a_tenth_of_their_size(make: MakeField, qtbot: QtBot) -> None:
    field = make(RATE)
    field.show_value(0.5, is_set=False)
    edit = _edit(field)
    edit.setFocus()
    qtbot.keyClick(edit, Key.Key_Up)
    assert edit.text() == "0.51", "steps begin at the default"
    field.show_value(0.99, is_set=True)
    qtbot.keyClick(edit, Key.Key_Up)
    assert edit.text() == "0.99", "one itself is not allowed"
    assert step_size(0.001) == pytest.approx(0.0001)
    assert step_size(0) == 0.1


def test_step_buttons_step_too(make: MakeField, qtbot: QtBot) -> None:
    field = make(UNITS)
    field.show_value(5, is_set=True)
    edit = _edit(field)
    up, down = edit.findChildren(type(edit._up))
    assert edit.rect().contains(up.geometry()) and edit.rect().contains(down.geometry())
    qtbot.mouseClick(up, LEFT)
    assert edit.text() == "6"
    qtbot.mouseClick(down, LEFT)
    qtbot.mouseClick(down, LEFT)
    assert edit.text() == "4"


def test_typing_continues_while_the_value_is_applied(
    make: MakeField, qtbot: QtBot
) -> None:
    field = make(Param("scale", "float", required=True))
    field.show_value(1.0, is_set=True)
    edit = _edit(field)
    field.edited.connect(lambda value: field.show_value(value, True))
    with qtbot.waitSignal(field.edited, timeout=200_000):
        _type(qtbot, edit, "0.0")
    assert edit.text() == "0.0"
    qtbot.keyClicks(edit, "50")
    assert edit.text() == "0.050"
    qtbot.keyClick(edit, Key.Key_Return)
    assert edit.text() == "0.05", "formatted when the focus is lost"


def test_a_size_has_a_field_for_each_axis(make: MakeField, qtbot: QtBot) -> None:
    field = make(SIZE)
    field.show_value(3, is_set=True)
    reported = FieldSignals(field)
    edits = field.findChildren(QLineEdit)
    assert [edit.text() for edit in edits] == ["3", "3"]
    _type(qtbot, edits[1], "5")
    qtbot.keyClick(edits[1], Key.Key_Return)
    assert reported == [(3, 5)]
    _type(qtbot, edits[0], "0")
    assert "at least 1" in reported.wrong[-1]


def test_a_size_that_may_be_none_fills_its_other_axis(
    make: MakeField, qtbot: QtBot
) -> None:
    field = make(STRIDES)
    field.show_value(None, is_set=False)
    reported = FieldSignals(field)
    first, second = field.findChildren(QLineEdit)
    assert first.placeholderText() == "same as pool size"
    assert not second.isVisible(), "one field stands for all axes"
    _type(qtbot, first, "2")
    qtbot.keyClick(first, Key.Key_Return)
    assert reported == [(2, 2)]
    field.show_value((2, 2), is_set=True)
    assert second.isVisible()
    second.setFocus()
    second.selectAll()
    qtbot.keyClick(second, Key.Key_Delete)
    qtbot.keyClick(second, Key.Key_Return)
    assert reported.emptied == 1


def test_shapes_take_every_way_of_writing(make: MakeField, qtbot: QtBot) -> None:
    field = make(Param("shape", "shape", required=True))
    field.show_value((28, 28, 1), is_set=True)
    reported, edit = FieldSignals(field), _edit(field)
    assert edit.text() == "28, 28, 1"
    _type(qtbot, edit, "(None, 32)")
    qtbot.keyClick(edit, Key.Key_Return)
    assert reported == [(None, 32)]


def test_choices_by_key_and_never_by_the_wheel(make: MakeField, qtbot: QtBot) -> None:
    field = make(PADDING)
    field.show_value("valid", is_set=False)
    reported, combo = FieldSignals(field), field.findChild(QComboBox)
    assert combo.property("isDefault") is True
    combo.setFocus()
    qtbot.keyClick(combo, Key.Key_Down)
    assert reported == ["same"]
    spot = combo.rect().center()
    wheel = QWheelEvent(
        spot.toPointF(), combo.mapToGlobal(spot).toPointF(), QPoint(), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(combo, wheel)
    assert reported == ["same"]


def test_optional_choices_have_none(make: MakeField) -> None:
    field = make(
        Param("data_format", "enum", optional=True, choices=("channels_first",))
    )
    combo = field.findChild(QComboBox)
    texts = [combo.itemText(i) for i in range(combo.count())]
    assert texts == ["automatic", "channels first"]
    field.show_value("odd", is_set=True)
    assert combo.currentText() == "odd", "an unknown value is shown as it is"


def test_a_switch_by_space_and_its_third_state(make: MakeField, qtbot: QtBot) -> None:
    field = make(Param("use_bias", "bool", default=True))
    field.show_value(True, is_set=False)
    reported, box = FieldSignals(field), field.box
    assert box.text() == "yes"
    qtbot.keyClick(box, Key.Key_Space)
    assert reported == [False]
    third = make(Param("flash", "bool", default=None, optional=True))
    third.show_value(None, is_set=False)
    assert third.box.text() == "automatic"
    reported = FieldSignals(third)
    for _each in range(3):
        qtbot.keyClick(third.box, Key.Key_Space)
    assert reported == [True, False, None]


def test_an_object_without_params_is_its_name(make: MakeField, qtbot: QtBot) -> None:
    activation = Param("activation", "object", optional=True, family="activations")
    field = make(activation)
    field.show_value(None, is_set=False)
    reported = FieldSignals(field)
    field.combo.setFocus()
    qtbot.keyClicks(field.combo, "relu")
    assert reported[-1] == "relu"
    field.show_value("relu", is_set=True)
    assert field.form is None, "its parameters are behind a button"
    qtbot.mouseClick(field.options, LEFT)
    slope = field.form.form.row("negative_slope").field
    _type(qtbot, _edit(slope), "0.2")
    qtbot.keyClick(_edit(slope), Key.Key_Return)
    assert reported[-1] == Spec(
        "keras.activations.relu", freeze_map({"negative_slope": 0.2})
    )


def test_a_regularizer_opens_its_own_parameters(make: MakeField, qtbot: QtBot) -> None:
    field = make(Param("r", "object", optional=True, family="regularizers"))
    field.show_value(None, is_set=False)
    reported = FieldSignals(field)
    field.edited.connect(lambda value: field.show_value(value, True))
    index = field.combo.findText("L1L2")
    field.combo.setFocus()
    field.combo.setCurrentIndex(index)
    field.combo.activated.emit(index)
    assert reported[-1] == "L1L2"
    row = field.form.form.row("l1")
    _type(qtbot, _edit(row.field), "0.01")
    qtbot.keyClick(_edit(row.field), Key.Key_Return)
    assert reported[-1] == Spec("keras.regularizers.L1L2", freeze_map({"l1": 0.01}))
    qtbot.mouseClick(field.form.form.row("l1").reset_button, LEFT)
    assert reported[-1] == Spec("keras.regularizers.L1L2", freeze_map({}))
    field.combo.activated.emit(0)
    assert reported[-1] is None
    assert field.form is None


def test_a_nested_layer_has_its_own_form(make: MakeField, qtbot: QtBot) -> None:
    field = make(catalog()["keras.layers.Bidirectional"].param("layer"))
    lstm = Spec("keras.layers.LSTM", freeze_map({"units": 8}))
    field.show_value(lstm, is_set=True)
    reported = FieldSignals(field)
    assert field.combo.currentText() == "LSTM"
    form = field.form.form
    assert form.row("name") is None, "a nested layer's name is a detail"
    _type(qtbot, _edit(form.row("units").field), "32")
    qtbot.keyClick(_edit(form.row("units").field), Key.Key_Return)
    assert reported[-1] == Spec("keras.layers.LSTM", freeze_map({"units": 32}))
    index = field.combo.findText("GRU")
    field.combo.activated.emit(index)
    assert reported[-1].kind == "keras.layers.GRU"
    assert "units" in reported[-1].params, "it starts with the required parameters"


def test_an_activation_layer_as_activation_is_shown(make: MakeField) -> None:
    field = make(Param("activation", "object", optional=True, family="activations"))
    leaky = Spec("keras.layers.LeakyReLU", freeze_map({"negative_slope": 0.1}))
    field.show_value(leaky, is_set=True)
    assert field.combo.currentText() == "LeakyReLU"
    field.show_value(Spec("gone.Thing"), is_set=True)
    assert field.combo.currentIndex() == -1
    assert field.combo.placeholderText() == "Thing"


def test_cells_are_added_changed_and_removed(make: MakeField, qtbot: QtBot) -> None:
    field = make(catalog()["keras.layers.StackedRNNCells"].param("cells"))
    field.show_value((), is_set=False)
    reported = FieldSignals(field)
    field.edited.connect(lambda value: field.show_value(value, True))
    qtbot.mouseClick(field.add, LEFT)
    qtbot.mouseClick(field.add, LEFT)
    assert len(reported[-1]) == 2
    assert reported[-1][0] == reported[-1][1], "the next cell is like the last"
    units = field.rows[1].field.form.form.row("units").field
    _type(qtbot, _edit(units), "7")
    qtbot.keyClick(_edit(units), Key.Key_Return)
    assert reported[-1][1].params["units"] == 7
    assert reported[-1][0].params["units"] != 7
    qtbot.mouseClick(field.rows[0].remove, LEFT)
    assert len(reported[-1]) == 1
    assert reported[-1][0].params["units"] == 7


def test_several_objects_are_check_boxes(make: MakeField, qtbot: QtBot) -> None:
    field = make(Param("metrics", "objects", family="plain_metrics"))
    own = Spec("keras.metrics.AUC")
    field.show_value((Spec("dlstudio.metrics.accuracy"), own), is_set=True)
    reported = FieldSignals(field)
    box = next(b for k, b in field._boxes.items() if k.endswith(".recall"))
    box.setFocus()
    qtbot.keyClick(box, Key.Key_Space)
    assert [spec.kind for spec in reported[-1]] == [
        "dlstudio.metrics.accuracy", "keras.metrics.AUC", "dlstudio.metrics.recall",
    ]  # fmt: skip


@pytest.mark.parametrize("param", [UNITS, SIZE, PADDING, RATE], ids=lambda p: p.type)
def test_different_values_are_shown_as_mixed(make: MakeField, param: Param) -> None:
    field = make(param)
    field.show_mixed()
    edit, combo = field.findChild(QLineEdit), field.findChild(QComboBox)
    if combo is not None:
        assert combo.currentIndex() == -1
        assert combo.placeholderText() == "multiple values"
    else:
        assert edit.text() == ""
        assert edit.placeholderText() in ("multiple values", "…")


def test_every_parameter_of_every_layer_has_a_field_that_shows_its_default(
    qapp: QApplication,
) -> None:
    from dlstudio.document.values import freeze

    seen = set()
    for description in catalog().family("layers"):
        for param in description.params:
            key = (param.type, param.rank, param.family, param.optional)
            if key in seen:
                continue
            seen.add(key)
            field = make_field(param, catalog(), NestedForm)
            reported = FieldSignals(field)
            field.show_value(freeze(param.default), is_set=False)
            example = description.example.get(param.name)
            if example is not None:
                field.show_value(freeze(example), is_set=True)
            field.show_mixed()
            assert reported == []
            field.deleteLater()
    assert len(seen) > 25


def test_a_list_is_read_from_the_lines_of_a_file(
    make: MakeField, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    field = make(Param("synonyms", "list", default=(), from_file=True))
    assert isinstance(field, LinesField)
    signals = FieldSignals(field)
    file = tmp_path / "words.txt"
    chosen = [file]
    monkeypatch.setattr(field.choice, "files", lambda _title, then: then(chosen))
    file.write_text("good great fine\n\n 好 不错 \n", "gb18030")
    QTest.mouseClick(field.load, LEFT)
    assert signals == [("good great fine", "好 不错")]
    file.write_text("\n")
    QTest.mouseClick(field.load, LEFT)
    assert len(signals) == 1 and "has no lines" in signals.wrong[-1]
