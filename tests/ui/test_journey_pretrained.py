"""A teacher's journey: photos, one "yes", and a network that has learned before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drag_and_drop import drop
from PIL import Image
from published_stub import FILE, PublishedStub, published_stub, random_weights
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from rooms import TrainingEnds, until

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.catalog.store import Catalog
from dlstudio.engine.runs.store import RunStore
from dlstudio.ui.shell.pretrained_dialog import PretrainedDialog
from dlstudio.ui.shell.rooms import ROOMS

LEFT = Qt.MouseButton.LeftButton
COLORS = {"apple": (200, 40, 40), "pear": (90, 190, 50), "plum": (70, 50, 190)}
COLORS["lemon"] = (220, 210, 60)
EACH = 50


@pytest.fixture(scope="module")
def content() -> bytes:
    return random_weights()


@pytest.fixture
def stub(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PublishedStub]:
    with published_stub(content, tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    for name, color in COLORS.items():
        folder = tmp_path / "photos" / name
        folder.mkdir(parents=True)
        for number in range(EACH):
            noise = random.normal(0, 30, (40, 44, 3))
            image = np.clip(np.array(color) + noise, 0, 255).astype(np.uint8)
            Image.fromarray(image).save(folder / f"{number}.png")
    return tmp_path / "photos"


def asked(window: Any) -> PretrainedDialog:
    """The dialog, once it is there."""
    until(lambda: window.shell.pretrained.dialog is not None)
    dialog = window.shell.pretrained.dialog
    assert isinstance(dialog, PretrainedDialog) and dialog.isVisible()
    return dialog


def backbones(window: Any) -> list[str]:
    nodes = window.core.session.project.model.nodes.values()
    return [node.id for node in nodes if node.kind == BACKBONE]


@pytest.mark.slow
def test_photos_and_one_yes_give_a_good_model(
    make_window: Callable[..., Any],
    qtbot: QtBot,
    stub: PublishedStub,
    photos: Path,
    tmp_path: Path,
) -> None:
    window = make_window(ROOMS, with_catalog=Catalog.load())
    shell, session = window.shell, window.core.session
    shell.engine_status.begin()
    drop(shell.room(), photos)
    dialog = asked(window)
    assert shell.room_key() == "data" and not backbones(window)
    assert "200 images" in dialog.findChildren(type(dialog.amount))[1].text()
    source, size, place = (each.text() for each in dialog.facts)
    assert source.endswith(FILE) and size.startswith("about 3.")
    assert place == str(tmp_path / "keras" / "models")
    assert not stub.requests, "nothing is downloaded unasked"

    # The connection ends; what has come is kept, and the download goes on there.
    stub.stops_after = 100_000
    qtbot.mouseClick(dialog.accept_button, LEFT)
    until(dialog.error.isVisible)
    assert str(tmp_path / "keras") in dialog.hint.text()
    qtbot.mouseClick(dialog.accept_button, LEFT)
    until(lambda: bool(backbones(window)))
    assert stub.requests == ["", "bytes=100000-"]
    assert shell.pretrained.dialog is None and not session.unsaved

    ends = TrainingEnds(window.core.services.trainings)
    shown: list[str] = []
    activity = window.core.services.activity
    activity.changed.connect(lambda: shown.append(activity.text))
    qtbot.mouseClick(shell.content.header.train_button, LEFT)
    ends.wait()
    (run,) = RunStore(session.folder).all()
    assert run.outcome == "succeeded"
    assert any(text.startswith("Computing features: ") for text in shown)
    assert run.record.best["metrics"]["val_accuracy"] > 0.6
    assert len(stub.requests) == 2, "the weights are at hand"

    # The next project begins with them, and nobody is asked again.
    drop(shell.room(), photos.parent / "photos")
    until(lambda: session.folder is not None and session.folder.name != "photos")
    assert backbones(window) and shell.pretrained.dialog is None


@pytest.mark.slow
def test_without_a_connection_training_from_scratch_goes_on(
    make_window: Callable[..., Any], qtbot: QtBot, stub: PublishedStub, photos: Path
) -> None:
    stub.offline = True
    window = make_window(ROOMS, with_catalog=Catalog.load())
    drop(window.shell.room(), photos)
    dialog = asked(window)
    qtbot.mouseClick(dialog.accept_button, LEFT)
    until(dialog.error.isVisible)
    assert "by hand" in dialog.hint.text() and FILE in dialog.hint.text()
    dialog.never.setChecked(True)
    qtbot.mouseClick(dialog.decline_button, LEFT)
    assert not backbones(window) and window.core.session.project.model.nodes
    assert not window.core.settings.value.propose_pretrained
