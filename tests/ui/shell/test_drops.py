"""Drops on the window, by kind of file."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from drag_and_drop import drop, enter, mime_of
from PIL import Image
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDragLeaveEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from rooms import until
from small_images import CATALOG

from dlstudio.data.parallel import Stopped
from dlstudio.document.edits.nodes import AddNode
from dlstudio.document.graph import node
from dlstudio.document.project import Project
from dlstudio.document.storage import save_project
from dlstudio.ui.widgets.drop_hint import DropHint
from dlstudio.ui.widgets.dropped_files import classify


def images(folder: Path) -> Path:
    rng = np.random.default_rng(0)
    for name in ("cats", "dogs"):
        (folder / name).mkdir(parents=True)
        for number in range(4):
            pixels = rng.integers(0, 255, (24, 32, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number}.png")
    return folder


@pytest.mark.parametrize("name", ["IMG_1.HEIC", "a.heif", "b.avif", "c.jfif"])
def test_images_of_phones_are_recognized(name: str) -> None:
    assert classify([Path(name)], CATALOG).kind == "images"


def test_project_is_opened(window, tmp_path: Path) -> None:
    save_project(Project(name="Birds"), tmp_path / "birds")
    drop(window, tmp_path / "birds")
    assert window.core.session.project.name == "Birds"
    assert window.shell.room_key() == "model"
    recent = window.core.settings.value.recent_projects
    assert recent == (str(tmp_path / "birds"),)


def test_project_file_is_opened(window, tmp_path: Path) -> None:
    save_project(Project(name="Birds"), tmp_path / "birds")
    drop(window, tmp_path / "birds" / "project.json")
    assert window.core.session.folder == tmp_path / "birds"


def test_images_become_a_project_sized_to_them(
    window, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = images(tmp_path / "pets")
    with qtbot.waitSignal(window.shell.controller.opened, timeout=200_000):
        drop(window, folder)
    project = window.core.session.project
    assert project.name == "pets"
    assert project.data.source.kind == "dlstudio.sources.folder"
    assert window.core.session.folder == window.shell.controller.projects / "pets"
    heads = [n.params.get("units") for n in project.model.nodes.values()]
    assert 2 in heads


def test_an_archive_of_images_is_unpacked_into_the_project(
    window, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = images(tmp_path / "in" / "pets")
    packed = shutil.make_archive(str(tmp_path / "pets"), "zip", folder.parent)
    with qtbot.waitSignal(window.shell.controller.opened, timeout=200_000):
        drop(window, Path(packed))
    project = window.core.session.project
    assert project.data.source.params["path"] == "data/pets"
    unpacked = window.core.session.folder / "data" / "pets"
    assert (unpacked / "pets" / "cats").is_dir()
    heads = [n.params.get("units") for n in project.model.nodes.values()]
    assert 2 in heads  # the folder in the archive is not a class
    assert not window.core.activity.text and not window.core.activity.controls


def test_folders_of_classes_dropped_together_are_one_project(
    window, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = images(tmp_path / "宠物")
    (folder / "cats").rename(folder / "猫")
    with qtbot.waitSignal(window.shell.controller.opened, timeout=200_000):
        drop(window, folder / "猫", folder / "dogs")
    project = window.core.session.project
    assert project.name == "宠物"
    assert project.data.source.params["classes"] == ("dogs", "猫")


def test_a_project_without_data_takes_what_is_dropped(window, tmp_path: Path) -> None:
    folder = images(tmp_path / "pets")
    dense = node("dense", "keras.layers.Dense", units=3)
    window.core.session.do(AddNode(dense))
    enter(window, mime_of(folder))
    (hint,) = window.findChildren(DropHint)
    assert "this project's data" in hint.text
    drop(window, folder)
    assert window.shell.room_key() == "data"
    assert window.shell.room().requests == [[folder]]


def test_an_image_is_predicted(window, tmp_path: Path) -> None:
    (image,) = sorted((images(tmp_path / "pets") / "cats").iterdir())[:1]
    drop(window, image)
    assert window.shell.room_key() == "predict"
    assert window.shell.room().requests == [[image]]


def test_an_archive_that_is_unpacked_can_be_stopped(
    window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, resume = threading.Event(), threading.Event()

    def slow(path: Path, target: Path, report, should_stop) -> Path:
        report(1, 4)
        begun.set()
        assert resume.wait(30)
        assert should_stop()
        raise Stopped

    monkeypatch.setattr("dlstudio.data.archive.unpack", slow)
    packed = shutil.make_archive(str(tmp_path / "pets"), "zip", images(tmp_path / "p"))
    drop(window, Path(packed))
    assert begun.wait(30)
    header = window.shell.content.header
    until(lambda: header.job.text() == "Unpacking · 25 %")
    drop(window, Path(packed))
    assert "already" in window.shell.notices.bars[-1].text
    qtbot.mouseClick(header.controls["Cancel"], Qt.MouseButton.LeftButton)
    resume.set()
    until(lambda: not window.core.activity.text)
    assert not header.controls and header.train_button.isVisible()
    assert window.core.session.folder is None
    assert not list((tmp_path / "projects").glob("*"))


def test_folder_without_images_is_rejected_with_a_message(
    window, qtbot: QtBot, tmp_path: Path
) -> None:
    empty = tmp_path / "nothing"
    empty.mkdir()
    drop(window, empty)
    until(lambda: len(window.shell.notices.bars) == 1)
    assert "one subfolder per class" in window.shell.notices.bars[0].text
    assert window.core.session.folder is None


def test_unusable_files_are_reported(window, tmp_path: Path) -> None:
    model = tmp_path / "frozen.pb"
    model.write_bytes(b"x")
    drop(window, model)
    assert "converted model" in window.shell.notices.bars[-1].text


def test_damaged_project_keeps_the_open_one(window, tmp_path: Path) -> None:
    window.shell.controller.empty()
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "project.json").write_text("{")
    before = window.core.session.project
    drop(window, folder)
    assert window.core.session.project is before
    assert "damaged" in window.shell.notices.bars[-1].text


def test_hint_is_shown_while_dragging(window, tmp_path: Path) -> None:
    enter(window, mime_of(tmp_path))
    (hint,) = window.findChildren(DropHint)
    assert tmp_path.name in hint.text
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not hint.isVisible()


def test_drag_of_text_is_not_taken(window) -> None:
    mime = QMimeData()
    mime.setText("hello")
    assert not enter(window, mime).isAccepted()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("labels.csv", "data"),
        ("digits.npz", "data"),
        ("train-images-idx3-ubyte.gz", "data"),
        ("net.keras", "model"),
        ("pictures.zip", "data"),
        ("letter.docx", "nothing"),
        ("project.json", "project"),
        ("猫.JPG", "images"),
    ],
)
def test_files_by_name(tmp_path: Path, name: str, kind: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"")
    assert classify([path], CATALOG).kind == kind
