"""The window before, during and after loading TensorFlow, and when it is broken."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from rooms import until

from dlstudio.document.edits.project import SetName
from dlstudio.errors import UserError
from dlstudio.workers import engine


def test_before_and_while_loading_the_window_works(window, qtbot: QtBot) -> None:
    status = window.shell.content.status
    assert status.versions.text() == ""
    window.core.engine._enter("loading")
    assert status.versions.text() == "Loading TensorFlow…"
    window.core.session.do(SetName("built while loading"))
    window.core.engine.versions = {"tensorflow": "2.21.0", "keras": "3.15.1"}
    window.core.engine.state = "ready"
    status.refresh()
    assert status.versions.text() == "TensorFlow 2.21.0 · Keras 3.15.1"


def test_loading_begins_when_the_window_is_painted(make_window, qtbot: QtBot) -> None:
    window = make_window()
    assert window.core.engine.state == "idle"
    until(lambda: window._painted)
    assert window.core.engine.state == "idle", "the one who opens it decides"


def test_broken_tensorflow_is_explained_and_the_window_survives(
    window, qtbot: QtBot, monkeypatch
) -> None:
    def broken(_context: object, _catalog: object) -> None:
        raise UserError("TensorFlow could not be loaded: libcudart.so is missing")

    finding = ("The driver is older than TensorFlow.", '{"cores": 2}')
    monkeypatch.setattr(engine, "_load", broken)
    monkeypatch.setattr(
        "dlstudio.ui.shell.engine_status.examine", lambda _context: finding
    )
    window.shell.engine_status.begin()
    until(lambda: len(window.shell.notices.bars) == 1)
    (bar,) = window.shell.notices.bars
    assert "libcudart.so is missing" in bar.text
    assert "keep designing" in bar.text
    assert bar.text.count("could not be loaded") == 1
    assert "The driver is older" in bar.details
    status = window.shell.content.status
    assert status.versions.text() == "TensorFlow could not be loaded"
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert window.shell.room_key() == "model"


def test_a_failed_analysis_is_reported(window) -> None:
    engine = window.core.engine
    engine._loaded((None, {}))  # an engine without its analyser fails at once
    window.core.session.do(SetName("Birds"))
    bars = window.shell.notices.bars
    until(lambda: any("shapes" in bar.text for bar in bars))
    (bar,) = (bar for bar in bars if "shapes" in bar.text)
    assert "AttributeError" in bar.details


def test_device_chip(window) -> None:
    chip = window.shell.content.header.device
    assert not chip.isVisible()
    window.shell.engine_status._device("GPU:0 (NVIDIA H200)")
    assert chip.text().startswith("GPU 0 · H200 · ")
    assert chip.text().endswith(" GB")
    window.shell.set(theme="dark")
    assert window.shell.content.header.device.text().startswith("GPU 0")
