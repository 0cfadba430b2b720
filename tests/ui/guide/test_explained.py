"""“What is this?” is next to each parameter and metric, and opens its entry."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from rooms import until

from dlstudio.catalog.guide_topics import parameter_topic
from dlstudio.catalog.store import Catalog
from dlstudio.document.edits.project import SetPlan
from dlstudio.document.graph import INPUT, Graph, node
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.ui.forms.form_row import FormRow
from dlstudio.ui.heads.class_table import ClassMetricsTable
from dlstudio.ui.shell.rooms import ROOMS
from dlstudio.ui.widgets.help_button import HelpButton
from dlstudio.ui.widgets.metric_card import MetricCard
from dlstudio.ui.widgets.topics import nearest_topic

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def everything() -> Catalog:
    return Catalog.load()


@pytest.fixture
def studio(make_window, everything: Catalog):
    """A window with all rooms and a model with a convolution and a dense layer."""
    shown = make_window(ROOMS, with_catalog=everything)
    graph = Graph.chain(
        [
            node("image", INPUT, shape=(8, 8, 1)),
            node("conv", "keras.layers.Conv2D", filters=4, kernel_size=3),
            node("head", "keras.layers.Dense", units=3),
        ]
    )
    project = Project("small", graphs=FrozenMap({"model": graph}))
    shown.core.session.replace(project, None, saved=True)
    return shown


def rows(widget) -> list[FormRow]:
    return [row for row in widget.findChildren(FormRow) if row.isVisible()]


def shown_topic(studio, button: HelpButton, qtbot: QtBot) -> str:
    """Click a help button; returns the topic that the guide shows."""
    qtbot.mouseClick(button, LEFT)
    return studio.shell.guide.shown.topic()


def test_every_parameter_of_a_layer_is_explained(studio, qtbot: QtBot) -> None:
    catalog = studio.core.session.catalog
    studio.shell.go("model")
    room = studio.shell.room()
    inspector = room.workspace.inspector
    for id, kind in (("conv", "Conv2D"), ("head", "Dense")):
        room.workspace.canvas.select((id,))
        until(lambda: bool(rows(inspector)))
        form = inspector.parameters.form
        form.open_more()
        found = rows(form)
        assert len(found) > 8
        for row in found:
            wanted = parameter_topic(catalog[f"keras.layers.{kind}"], row.param.name)
            assert nearest_topic(row.help_button) == wanted
        assert shown_topic(studio, form.row("name").help_button, qtbot).endswith(
            "/name"
        )
    studio.shell.guide.shown.close()


def test_the_help_button_opens_the_entry_of_a_parameter(studio, qtbot: QtBot) -> None:
    studio.shell.go("model")
    room = studio.shell.room()
    room.workspace.canvas.select(("conv",))
    form = room.workspace.inspector.parameters.form
    button = form.row("kernel_size").help_button
    assert button.toolTip() == button.accessibleName() == "What is this?"
    assert shown_topic(studio, button, qtbot) == "glossary#kernel-size"
    studio.activateWindow()
    field = form.row("filters").field
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    assert studio.shell.guide.shown.topic() == "glossary#filters"
    studio.shell.guide.shown.close()


def test_every_parameter_of_the_plan_is_explained(studio, qtbot: QtBot) -> None:
    studio.core.session.do(SetPlan("optimizer", Spec("keras.optimizers.SGD")))
    studio.shell.go("train")
    panel = studio.shell.room().plan
    panel.form.open_more()
    found = rows(panel)
    assert {row.param.name for row in found} > {"loss", "epochs", "seed", "momentum"}
    assert all(nearest_topic(row.help_button) for row in found)
    by_name = {row.param.name: row for row in found}
    for name, entry in (
        ("batch_size", "batch"),
        ("momentum", "momentum"),
        ("learning_rate", "learning-rate"),
        ("class_weights", "class-weights"),
    ):
        button = by_name[name].help_button
        assert shown_topic(studio, button, qtbot) == f"glossary#{entry}"
    studio.shell.guide.shown.close()


@pytest.mark.parametrize(("key", "count"), [("train", 4), ("evaluate", 5)])
def test_every_metric_is_explained(studio, key: str, count: int) -> None:
    studio.shell.go(key)
    found = studio.shell.room().findChildren(MetricCard)
    cards = [card for card in found if card.help_button.isVisibleTo(card)]
    assert len(cards) == count
    for card in cards:
        assert nearest_topic(card).startswith("glossary#")
        card.help_button.click()
        assert studio.shell.guide.shown.topic() == nearest_topic(card)
    studio.shell.guide.shown.close()


@pytest.mark.qt_log_ignore("propagateSizeHints|not support raise|grabbing the")
def test_the_metrics_of_classes_are_explained(studio, qtbot: QtBot) -> None:
    studio.shell.go("evaluate")
    table = studio.shell.room().findChild(ClassMetricsTable)
    header = table.horizontalHeader()
    table.resize(640, 200)
    for column, entry in ((1, "precision"), (2, "recall"), (3, "f1"), (4, "roc-auc")):
        place = header.rect().center()
        place.setX(header.sectionViewportPosition(column) + 4)
        header.customContextMenuRequested.emit(place)
        (menu,) = table.findChildren(QMenu)
        (action,) = menu.actions()
        assert action.text() == "What is this?"
        action.trigger()
        menu.close()
        until(lambda: not table.findChildren(QMenu))
        assert studio.shell.guide.shown.topic() == f"glossary#{entry}"
    studio.shell.guide.shown.close()


def test_steering_controls_are_explained(studio) -> None:
    studio.shell.go("train")
    steer = studio.shell.room().run_tabs.steer
    for widget, entry in (
        (steer.rate, "learning-rate"),
        (steer.epochs, "epoch"),
        (steer.layers, "dropout"),
        (steer.weights, "class-weights"),
    ):
        assert nearest_topic(widget) == f"glossary#{entry}"
