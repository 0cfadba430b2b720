"""A variational autoencoder in the real window: trained, evaluated and used."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from autoencoder_world import autoencoder, trained_autoencoder
from digits_world import World
from PIL import Image
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QToolButton
from pytestqt.qtbot import QtBot
from rooms import drop, files_of, open_room, until

from dlstudio.ui.heads.error_section import ErrorSection
from dlstudio.ui.heads.pairs_section import PairsSection
from dlstudio.ui.heads.samples_section import SamplesSection
from dlstudio.ui.heads.walk_section import WalkSection

pytestmark = pytest.mark.slow
__all__ = ("autoencoder", "trained_autoencoder")
LEFT = Qt.MouseButton.LeftButton


def section(room: Any, kind: type) -> Any:
    (found,) = (
        each
        for each in room.view.sections.widget().findChildren(kind)
        if type(each) is kind
    )
    return found


def choose(parent: Any, path: Path) -> None:
    """Answer the open dialog."""
    (dialog,) = parent.findChildren(QFileDialog)
    dialog.filesSelected.emit([str(path)])
    dialog.reject()
    QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)


def test_the_train_room_follows_the_newest_checkpoint(
    make_window, autoencoder: World
) -> None:
    window = open_room(make_window, autoencoder, "train", runs=False)
    room = window.shell.room()
    tabs = room.run_tabs
    assert "Reconstructions" in [
        tabs.tabs.tabText(place) for place in range(tabs.tabs.count())
    ]
    room.show()
    tabs.show_tab("live")
    until(lambda: tabs.live.panel is not None and bool(tabs.live.panel.rows.shown))
    assert tabs.live.panel.rows.captions() == (
        "Originals",
        "Reconstructions",
        "New images",
        "Walk between two images",
    )
    assert "after epoch 1" in tabs.live.panel.note.text()
    words = " ".join(each.text() for each in room.findChildren(QLabel)).lower()
    assert "accuracy" not in words and "labels" not in words


def test_the_evaluate_room_shows_images_and_makes_more(
    make_window, autoencoder: World, qtbot: QtBot
) -> None:
    window = open_room(make_window, autoencoder, "evaluate")
    room = window.shell.room()
    qtbot.mouseClick(room.evaluate, LEFT)
    until(room.evaluate.isEnabled)  # what was kept of the run is shown meanwhile
    until(lambda: bool(room.view.sections.widget().findChildren(WalkSection)))
    assert len(section(room, PairsSection).tiles) == 6
    until(lambda: "the mean image" in room.verdict.title.text())
    assert not room.verdict.isHidden()
    errors = section(room, ErrorSection)
    errors.field.selectAll()
    qtbot.keyClicks(errors.field, "0")
    assert errors.share.text().startswith("100")
    samples = section(room, SamplesSection)
    before = [each.constBits().tobytes() for each in samples.grid.images]
    qtbot.mouseClick(samples.again, LEFT)
    until(
        lambda: before != [each.constBits().tobytes() for each in samples.grid.images]
    )
    walk = section(room, WalkSection)
    walk.ends[1].menu().actions()[1].trigger()
    walk.steps.setValue(5)
    until(lambda: len(walk.grid.images) == 5)
    with qtbot.waitSignal(room.view.row_chosen) as chosen:
        qtbot.mouseClick(section(room, PairsSection).tiles[0], LEFT)
    assert chosen.args[0].endswith(".png")


@pytest.mark.usefixtures("verified_here")
def test_the_export_room_verifies_the_decoder_alone(
    make_window, autoencoder: World, qtbot: QtBot
) -> None:
    window = open_room(make_window, autoencoder, "export")
    room = window.shell.room()
    until(lambda: room.part.control is not None)
    decoder = next(
        each
        for each in room.part.control.findChildren(QToolButton)
        if each.text() == "Decoder"
    )
    qtbot.mouseClick(decoder, LEFT)
    assert room.place.text().endswith("run-1-decoder")
    qtbot.mouseClick(room.start, LEFT)
    job = room._export_job
    until(lambda: not job.running)
    assert job.found is not None, job.note
    assert job.found.certificate.passed and job.found.path.is_dir()
    words = " ".join(each.text() for each in room.findChildren(QLabel))
    assert "Label agreement" not in words and "latent" in words


def test_the_predict_room_reconstructs_and_generates(
    make_window, autoencoder: World, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_room(make_window, autoencoder, "predict")
    room = window.shell.room()
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"none")
    usual = autoencoder.folder.parent / "images" / "left" / "00.png"
    drop(room, files_of([usual, broken]))
    page = room.page
    until(lambda: len(page.rows) == 2)
    assert page is not room.images and page is not room.features
    first, second = page.rows
    assert "error" in first.accessibleName()
    assert first.prediction.reconstruction.shape == (8, 8, 1)
    assert second.prediction.answer.error and not second.verdict.text()
    assert page.threshold > 0 and first.verdict.text()
    page.field.selectAll()
    qtbot.keyClicks(page.field, "0.000001")
    assert first.verdict.text() == "Anomaly" and page.anomalies.text() == "1 anomaly"
    page.field.selectAll()
    qtbot.keyClicks(page.field, "0.9")
    assert first.verdict.text() == "No anomaly"
    until(lambda: page.save.isEnabled())
    qtbot.mouseClick(page.save, LEFT)
    saved = tmp_path / "found.csv"
    choose(page, saved)
    with saved.open(encoding="utf-8-sig", newline="") as stream:
        good, bad = csv.DictReader(stream)
    assert good["anomaly"] == "false" and float(good["threshold"]) == 0.9
    assert float(good["reconstruction_error"]) > 0 and not good["error"]
    assert bad["error"] and not bad["anomaly"]
    panel = page.generator
    panel.count.setValue(3)
    qtbot.mouseClick(panel.make, LEFT)
    until(lambda: len(panel.grid.images) == 3)
    qtbot.mouseClick(panel.save, LEFT)
    folder = tmp_path / "made"
    choose(page, folder)
    until(lambda: folder.is_dir() and len(list(folder.glob("*.png"))) == 3)
    with Image.open(folder / "image_1.png") as image:
        assert np.asarray(image).shape == (8, 8)
