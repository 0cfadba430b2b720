"""All scenes, act by act."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QWidget

from dlstudio.document.edits.base import CompositeEdit
from dlstudio.document.edits.groups import GroupNodes
from dlstudio.document.edits.nodes import RemoveNodes
from dlstudio.document.edits.project import SetName, SetPlan
from dlstudio.ui.widgets.dropped_files import classify
from dlstudio.workers.training import IDLE
from shots.stage import Act, Scene, Stage

EPOCHS, MANY_EPOCHS = 8, 300


def room(key: str, name: str = "") -> Scene:
    """A room as it is."""

    def prepare(stage: Stage) -> None:
        stage.go(key)
        if key == "model" and stage.core.session.project.model.nodes:
            first = list(stage.core.session.project.model.nodes)[2]
            stage.room.workspace.canvas.select((first,))
            stage.settle(0.3)
            stage.call("zoom_fit")
        elif key != "start":
            stage.settle(0.6)

    return Scene(name or key, prepare)


def dialog(name: str) -> Scene:
    """A dialog, by itself."""

    def prepare(stage: Stage) -> QWidget:
        stage.shell.show_dialog(name)
        stage.settle(0.3)
        stage.until(lambda: not stage.core.files.busy)
        return stage.shell.dialogs()[-1]

    return Scene(name, prepare)


def guide(topic: str, name: str) -> Scene:
    """The guide's window at a topic."""

    def prepare(stage: Stage) -> QWidget:
        stage.shell.show_guide(topic)
        stage.settle(0.3)
        shown = stage.shell.guide.shown
        assert shown is not None
        return shown

    return Scene(name, prepare)


def data_tab(name: str, index: int) -> Scene:
    """The Data room with another tab on its right."""

    def prepare(stage: Stage) -> None:
        data = stage.go("data")
        data.panels.tabs.setCurrentIndex(index)
        stage.settle(1.2)

    return Scene(name, prepare)


def train_tab(name: str, key: str) -> Scene:
    """The Train room with another tab below."""

    def prepare(stage: Stage) -> None:
        stage.go("train").run_tabs.show_tab(key)
        stage.settle(1.2)

    return Scene(name, prepare)


# Nothing on the table yet.


def begin_empty(stage: Stage) -> None:
    """An empty project that was saved nowhere."""
    stage.shell.controller.empty()


# The sample.


def begin_sample(stage: Stage) -> None:
    """The digits, trained."""
    stage.shell.controller.from_template("dlstudio.templates.digits-cnn")
    stage.until(lambda: stage.core.session.folder is not None)
    stage.until(stage.checked)
    train(stage)


def train(stage: Stage) -> None:
    """Train what is on the table, for its curves."""
    kept = stage.go("train")
    before = stage.core.activity.text
    stage.shell.content.header.train_requested.emit()
    stage.until(lambda: kept.trainings.state != IDLE)
    stage.until(lambda: kept.trainings.state == IDLE)
    stage.until(lambda: stage.core.activity.text != before)


def with_problem(stage: Stage) -> None:
    """The Model room with a problem to fix."""
    stage.go("model")
    stage.core.session.do(RemoveNodes(("flatten",), join=True), "Remove flatten")
    stage.until(stage.checked)
    stage.call("zoom_fit")
    stage.call("show_problems")
    stage.room.workspace.canvas.show_node("head")


def with_groups(stage: Stage) -> None:
    """The Model room with a group in a group."""
    stage.go("model")
    edits = (
        GroupNodes("body", "Body", ("conv_1", "conv_2", "pool")),
        GroupNodes("twice", "Convolutions", ("conv_1", "conv_2")),
    )
    stage.core.session.do(CompositeEdit(edits), "Group")
    canvas = stage.room.workspace.canvas
    canvas.run("canvas.arrange")
    stage.until(stage.checked)
    canvas.select(("conv_1", "conv_2"))


def with_nested(stage: Stage) -> None:
    """The Model room with a model of its own in it, opened."""
    stage.go("model")
    canvas = stage.room.workspace.canvas
    canvas.select(("flatten", "dense", "dropout"))
    canvas.run("canvas.nest")
    stage.until(stage.checked)
    canvas.run("canvas.open")
    stage.until(stage.checked)


def with_palette(stage: Stage) -> None:
    """The command palette with something typed."""
    stage.go("model")
    stage.shell.show_palette()
    stage.shell.palette.field.setText("conv")


def with_notices(stage: Stage) -> None:
    """Notices of each kind, one with its details."""
    stage.go("start")
    notices = stage.core.notices
    notices.info("Copied.")
    notices.good("Saved to /home/ada/Documents/dlstudio/Birds.")
    notices.reported.emit("The disk is nearly full.", "warning", "")
    try:
        raise ValueError("operands could not be broadcast together")
    except ValueError as error:
        notices.error(error, "The layer could not be shown.")
    stage.shell.notices.bars[-1].show_details()


def with_drop(stage: Stage) -> None:
    """A folder dragged over the window."""
    stage.go("start")
    stage.window.show_hint(classify([stage.images], stage.window.core.session.catalog))


def with_question(stage: Stage) -> QWidget:
    """Closed with something unsaved."""
    stage.go("model")
    stage.core.session.do(SetName("Digits of my own"), "Rename")
    return question(stage)


def question(stage: Stage) -> QWidget:
    """What is asked when the window is closed."""
    stage.window.close()
    stage.settle(0.1)
    return stage.window.findChildren(QMessageBox)[-1]


# The user's own images.


def begin_images(stage: Stage) -> None:
    """A folder made into a project, trained, measured, asked and exported."""
    stage.shell.controller.from_images([stage.images])
    name = stage.images.name
    stage.until(lambda: stage.core.session.project.name == name)
    stage.core.session.do(SetPlan("epochs", EPOCHS))
    stage.core.session.save()
    data = stage.go("data")
    stage.until(lambda: data.controller.state == "ready" and not data.controller.busy)
    train(stage)
    evaluate = stage.go("evaluate")
    stage.until(lambda: bool(evaluate.picker.run))
    evaluate.start()
    stage.until(evaluate.matrix.isVisible)
    predict = stage.go("predict")
    stage.until(lambda: bool(predict.picker.run))
    found = sorted(each for each in stage.images.rglob("*") if each.is_file())
    wanted = found[:: max(1, len(found) // 12)]
    unreadable = stage.home / "no image.jpg"
    unreadable.write_text("no image")
    predict.predict([*wanted[:2], unreadable, *wanted[2:]])
    stage.until(lambda: not predict.images.stop.isVisible())
    export = stage.go("export")
    stage.until(lambda: bool(export.picker.run))
    export.export()
    stage.until(lambda: not export.stop.isVisible())
    saved = stage.core.session.project
    stage.core.session.replace(saved, stage.core.session.folder, saved=True)


def with_filter(stage: Stage) -> None:
    """Only what one finding is about, selected."""
    data = stage.go("data")
    data.panels.tabs.setCurrentIndex(0)
    kinds = data.panels.findings.groups
    if kinds:
        kind, group = next(iter(kinds.items()))
        group.more.setChecked(True)
        data.panels.findings.show_requested.emit(kind)
    stage.settle(0.5)
    data.gallery.grid.select_all()


def with_large(stage: Stage) -> None:
    """One image in full."""
    data = stage.go("data")
    data.panels.tabs.setCurrentIndex(0)
    data.gallery.bar.show_all()
    data.gallery.opened.emit(3)
    stage.settle(0.5)


def with_cell(stage: Stage) -> None:
    """The images of one cell of the confusion matrix."""
    evaluate = stage.go("evaluate")
    evaluate.matrix.chosen.emit(0, 0)
    stage.settle(0.6)


def scrolled_export(stage: Stage) -> None:
    """What to type, below the certificate."""
    page = stage.go("export")._pages.currentWidget()
    stage.settle(0.2)
    page.verticalScrollBar().setValue(10_000)


# While it trains.


def begin_live(stage: Stage) -> None:
    """A training that goes on while images are taken."""
    stage.core.session.do(SetPlan("epochs", MANY_EPOCHS))
    stage.core.session.do(SetPlan("early_stopping", None))
    stage.core.session.save()
    stage.core.session.replace(
        stage.core.session.project, stage.core.session.folder, saved=True
    )
    room = stage.go("train")
    stage.shell.content.header.train_requested.emit()
    stage.until(lambda: room.main().epoch >= 3)


ACTS = (
    Act(
        begin_empty,
        tuple(
            room(key, f"{key}-empty")
            for key in ("data", "model", "train", "evaluate", "predict", "export")
        ),
    ),
    Act(
        begin_sample,
        (
            *map(room, ("start", "model")),
            room("data", "data-digits"),
            room("train", "train-digits"),
            Scene("model-problem", with_problem),
            Scene("model-groups", with_groups),
            Scene("model-nested", with_nested),
            Scene("palette", with_palette),
            Scene("notices", with_notices),
            Scene("drop", with_drop),
            Scene("question", with_question),
            *map(dialog, ("preferences", "shortcuts", "about", "doctor")),
            guide("first-model", "guide"),
            guide("glossary#learning-rate", "guide-glossary"),
            guide("export#python", "guide-code"),
            guide("description/keras.layers.Conv2D/groups", "guide-description"),
        ),
    ),
    Act(
        begin_images,
        (
            data_tab("data", 0),
            data_tab("data-split", 1),
            data_tab("data-augmentation", 2),
            data_tab("data-source", 3),
            room("train"),
            room("evaluate"),
            Scene("evaluate-cell", with_cell),
            room("predict"),
            room("export"),
            Scene("export-recipes", scrolled_export),
            Scene("data-filter", with_filter),
            Scene("data-large", with_large),
        ),
    ),
    Act(
        begin_live,
        (
            train_tab("live", "runs"),
            train_tab("live-log", "log"),
            train_tab("live-steer", "steer"),
            train_tab("live-gradients", "layers"),
            train_tab("live-confusion", "confusion"),
            Scene("live-question", question),
        ),
    ),
)
