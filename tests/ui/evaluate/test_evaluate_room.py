"""The Evaluate room: the engine's metrics, and the images of each cell."""

from __future__ import annotations

import json
import shutil

import numpy as np
from digits_world import World
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from rooms import class_page, open_room, settle, until

from dlstudio.document.evaluation import EvaluatedSample, Evaluation, EvaluationReport
from dlstudio.ui.evaluate.room import EvaluateRoom
from dlstudio.ui.heads.class_table import ClassMetricsTable
from dlstudio.ui.theme.tokens import LIGHT_THEME
from dlstudio.ui.widgets.confusion_matrix import (
    MAX_CELL_SIZE,
    MIN_CELL_SIZE,
    ConfusionMatrix,
)
from dlstudio.workers.evaluation import kept_evaluation
from dlstudio.workers.model_cache import RunReference

LEFT = Qt.MouseButton.LeftButton


def evaluated(window, qtbot: QtBot) -> EvaluateRoom:
    room = window.shell.room()
    qtbot.mouseClick(room.evaluate, LEFT)
    assert not room.evaluate.isEnabled()
    until(lambda: room.evaluate.isEnabled())
    return room


def test_metrics_match_the_engine_and_cells_show_their_images(
    make_window, world: World, qtbot: QtBot
) -> None:
    window = open_room(make_window, world, "evaluate")
    assert not class_page(window.shell.room().view).matrix.isVisible()
    room = evaluated(window, qtbot)
    kept = json.loads((world.folder / "runs" / world.run / "report.json").read_text())
    metrics = kept["metrics"]
    shown = [
        figure.text()
        for figure in (
            class_page(room.view).accuracy,
            class_page(room.view).f1,
            class_page(room.view).auc,
            class_page(room.view).ece,
        )
    ]
    names = ("accuracy", "macro_f1", "roc_auc", "ece")
    assert shown == [f"{100 * metrics[name]:.1f} %" for name in names]
    assert class_page(room.view).samples.text() == str(kept["samples"])
    assert room.about.full_text() == "Evaluated: run 1 · Test split"
    assert len(kept["mistakes"]) <= 25
    # Ten classes fit completely at the minimum window size.
    window.resize(1280, 720)
    settle()
    assert class_page(room.view).matrix.side() >= MIN_CELL_SIZE
    assert (
        class_page(room.view).matrix.visibleRegion().boundingRect()
        == class_page(room.view).matrix.rect()
    )
    assert not class_page(room.view).table.horizontalScrollBar().isVisible()
    assert class_page(room.view).table.columnViewportPosition(5) + class_page(
        room.view
    ).table.columnWidth(5) <= (class_page(room.view).table.viewport().width())

    matrix = np.array(kept["confusion_matrix"])
    qtbot.mouseClick(
        class_page(room.view).matrix,
        LEFT,
        pos=class_page(room.view).matrix.cell_center(3, 3),
    )
    assert class_page(room.view).thumbnails.title().startswith("3 predicted correctly")
    assert class_page(room.view).thumbnails.count() == f"{matrix[3, 3]} images"
    assert len(class_page(room.view).thumbnails.shown()) == matrix[3, 3]
    wrong = matrix - np.diag(np.diag(matrix))
    truth, answer = map(int, np.argwhere(wrong == wrong.max())[0])
    # Navigate from 3, 3 to that cell with the arrows.
    steps = ((truth - 3, Qt.Key.Key_Up, Qt.Key.Key_Down),)
    for by, back, on in (*steps, (answer - 3, Qt.Key.Key_Left, Qt.Key.Key_Right)):
        for _step in range(abs(by)):
            qtbot.keyClick(class_page(room.view).matrix, on if by > 0 else back)
    count = wrong.max()
    words = f"{count} × {truth} predicted as {answer}"
    assert class_page(room.view).matrix.accessibleDescription() == words
    qtbot.keyClick(class_page(room.view).matrix, Qt.Key.Key_Return)
    assert class_page(room.view).thumbnails.title() == f"{truth} predicted as {answer}"
    assert len(class_page(room.view).thumbnails.shown()) == count
    tiles = list(class_page(room.view).thumbnails.shown().values())
    until(lambda: all(not tile.pixmap().isNull() for tile in tiles))
    window.shell.set(theme="dark", language="zh_CN")
    room = window.shell.room()
    assert class_page(room.view).samples.text() == str(kept["samples"]), (
        "preserved across themes"
    )
    until(class_page(room.view).matrix.isVisible)
    # As when the project is opened again: of the images only mistakes are kept.
    catalog = window.core.session.catalog
    question = RunReference(catalog, world.folder, world.run)
    read: list[Evaluation] = []
    job = window.core.engine.text_job(kept_evaluation, question)
    job.on_success(read.append).start()
    until(lambda: bool(read))
    (found,) = read
    assert found.is_kept and found.report.metrics == metrics
    cells = found.cells.values()
    assert sum(map(len, cells)) == len(kept["mistakes"]) > 0
    room.view.show_evaluation(found)
    page = class_page(room.view)
    page.thumbnails.show_cell(3, 3)
    assert not page.thumbnails.shown()
    hints = [each.text() for each in page.thumbnails.findChildren(QLabel)]
    assert any("评估" in text for text in hints)


def test_the_tab_key_goes_from_the_run_to_the_results(
    make_window, world: World, qtbot: QtBot
) -> None:
    room = evaluated(open_room(make_window, world, "evaluate"), qtbot)
    view = room.view
    stops = [room.picker.combo, room.split, room.evaluate, room.stop]
    stops += [*room.verdict.buttons, view.output, *view.view.buttons]
    reached, each = [], room.picker.combo
    for _step in range(400):
        reached += [each] if each in stops else []
        each = each.nextInFocusChain()
    assert reached[: len(stops)] == stops


def test_stop_and_an_empty_split_keep_the_previous_metrics(
    make_window, world: World, qtbot: QtBot
) -> None:
    window = open_room(make_window, world, "evaluate")
    messages: list[str] = []
    window.core.notices.reported.connect(
        lambda text, _kind, _details: messages.append(text)
    )
    room = window.shell.room()
    qtbot.mouseClick(room.evaluate, LEFT)
    qtbot.mouseClick(room.stop, LEFT)
    until(lambda: room.evaluate.isEnabled())
    assert not class_page(room.view).matrix.isVisible()
    assert not (world.folder / "runs" / world.run / "report.json").exists()
    room.split.setFocus()
    qtbot.keyClick(room.split, Qt.Key.Key_Down)
    assert room.split.currentData() == "validation"
    evaluated(window, qtbot)
    assert "Validation split" in room.about.full_text()
    assert messages == []
    # The data is missing: reported, and the evaluation stays.
    shutil.rmtree(world.folder / "runs" / world.run)
    qtbot.mouseClick(room.evaluate, LEFT)
    until(lambda: bool(messages))
    assert "There is no run" in messages[0]
    until(lambda: room.evaluate.isEnabled())
    assert class_page(room.view).matrix.isVisible()


def tagging() -> Evaluation:
    per_class = {
        name: {"precision": p, "recall": 0.5, "f1": 0.5, "roc_auc": a, "support": s}
        for name, p, a, s in (("sky", 0.9, None, 9), ("sea", 0.1, 0.7, 100))
    }
    report = EvaluationReport(
        run="x-ab12",
        split="test",
        samples=1234,
        fingerprint="f",
        has_several_labels=True,
        classes=("sky", "sea"),
        metrics={"accuracy": 0.25, "macro_f1": 0.5, "roc_auc": None, "ece": 0.1},
        per_class=per_class,
        confusion_matrix=[[[1, 0], [0, 1]]] * 2,
        calibration={},
        mistakes=[],
    )
    return Evaluation(report, worst=(EvaluatedSample("a.png", "sky, sea", "", 0.1),))


def test_several_labels_have_no_matrix(make_window, world: World) -> None:
    window = open_room(make_window, world, "evaluate", runs=False)
    room = window.shell.room()
    evaluation_job = room._studio.services.evaluation_job
    evaluation_job._set_found(tagging())
    assert not class_page(room.view).matrix.isVisible()
    assert class_page(room.view).table.isVisible()
    assert class_page(room.view).auc.text() == "–"
    assert class_page(room.view).samples.text() == "1,234"
    assert list(class_page(room.view).thumbnails.shown()) == ["a.png"]


def test_table_sorts_by_number(qtbot: QtBot) -> None:
    table = ClassMetricsTable()
    qtbot.addWidget(table)
    table.resize(600, 300)
    table.show()
    table.show_classes(tagging().report.per_class)

    def names() -> list[str]:
        return [table.item(row, 0).text() for row in range(table.rowCount())]

    def click(column: int) -> None:
        header = table.horizontalHeader()
        place = header.sectionViewportPosition(column) + header.sectionSize(column) // 2
        middle = header.rect().center()
        middle.setX(place)
        qtbot.mouseClick(header.viewport(), LEFT, pos=middle)

    click(5)  # 9 before 100, although "100" sorts before "9"
    ascending = names()
    click(5)
    assert {tuple(ascending), tuple(names())} == {("sky", "sea"), ("sea", "sky")}
    assert table.item(0, 5).text() in ("9", "100")
    table.sortByColumn(5, Qt.SortOrder.AscendingOrder)
    assert names() == ["sky", "sea"]
    table.sortByColumn(4, Qt.SortOrder.AscendingOrder)
    assert table.item(0, 4).text() == "–", "undefined values come first"
    right = Qt.AlignmentFlag.AlignRight
    assert table.horizontalHeaderItem(1).textAlignment() & right


def test_cells_fill_the_available_space(qtbot: QtBot) -> None:
    matrix = ConfusionMatrix(LIGHT_THEME)
    qtbot.addWidget(matrix)
    matrix.show()
    counts = np.eye(20, dtype=int).tolist()
    matrix.show_counts([f"c{n}" for n in range(20)], counts)
    for width, height in ((2000, 700), (700, 2000)):
        matrix.resize(width, height)
        assert 30 <= matrix.side() <= 34, "the smaller of the two decides"
    matrix.resize(3000, 3000)
    assert matrix.side() == MAX_CELL_SIZE
    matrix.resize(100, 100)
    assert matrix.side() == MIN_CELL_SIZE
    assert matrix.minimumSizeHint().width() >= 20 * MIN_CELL_SIZE
    matrix.show_counts([f"a rather long name {n}" for n in range(20)], counts)
    matrix.resize(matrix.minimumSizeHint())
    assert matrix.side() == MIN_CELL_SIZE
    chosen: list[tuple[int, int]] = []
    matrix.chosen.connect(lambda *cell: chosen.append(cell))
    for cell in ((0, 0), (19, 19), (3, 17)):
        qtbot.mouseClick(matrix, LEFT, pos=matrix.cell_center(*cell))
        assert chosen[-1] == cell
    qtbot.mouseClick(matrix, LEFT, pos=QPoint(1, 1))
    assert len(chosen) == 3
