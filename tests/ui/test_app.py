"""The window from its first paint to its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from pytestqt.qtbot import QtBot

from dlstudio.app import parse
from dlstudio.document.edits.nodes import AddNode
from dlstudio.document.edits.project import SetName
from dlstudio.document.graph import node
from dlstudio.document.storage import load_project
from dlstudio.i18n import requested_language
from dlstudio.settings import SettingsStore
from dlstudio.ui.shell.core import Core
from dlstudio.ui.shell.recovery import recoverable_projects
from dlstudio.ui.shell.window import Window

PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
import dlstudio.workers.qt
from PySide6.QtWidgets import QApplication
from dlstudio.app import open_window
from dlstudio.document.edits.nodes import AddNode
from dlstudio.document.edits.project import SetName
from dlstudio.document.graph import node
app = QApplication([])
window = open_window(app)
window.shell.autosave.set_seconds(0)
loaded = [name for name in sys.modules if name.split(".")[0] in ("tensorflow", "keras")]
assert not loaded, loaded
window.core.session.do(SetName("birds"))
window.core.session.do(AddNode(node("dense", "keras.layers.Dense", units=3)))
folder = window.core.recovery
def look():
    if list(folder.glob("*.json")):
        print(folder, flush=True)
QTimer(app, interval=20, timeout=look).start()
app.exec()
"""


def answer(window, text: str, qtbot: QtBot) -> None:
    (button,) = (each for each in window._close_dialog.buttons() if each.text() == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no SIGKILL")
def test_killed_window_leaves_its_unsaved_work(
    make_window, qtbot: QtBot, tmp_path: Path
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, env=dict(os.environ)
    )
    assert process.stdout is not None
    folder = Path(process.stdout.readline().decode().strip())
    assert recoverable_projects(None, folder) == (), "the window is still running"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()

    (found,) = recoverable_projects(None, folder)
    assert found.project.name == "birds"
    assert "dense" in found.project.model.nodes
    assert time.time() - found.time < 60
    found.path.unlink()


def test_main_reports_missing_qt(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['PySide6'] = None\n"
        "from dlstudio.app import main\n"
        "sys.exit(main([]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert done.returncode == 1
    assert b"dlstudio[gui]" in done.stderr
    assert b"Traceback" not in done.stderr


def test_three_clicks_from_start_to_training(window, qtbot: QtBot) -> None:
    start = window.shell.room()
    with qtbot.waitSignal(window.shell.controller.opened, timeout=200_000):
        qtbot.mouseClick(start.cards["digits-cnn"], Qt.MouseButton.LeftButton)
    assert window.shell.room_key() == "model"
    folder = window.core.session.folder
    assert folder is not None
    assert load_project(folder) == window.core.session.project
    header = window.shell.content.header
    assert header.title.button.text().startswith("Handwritten digits")

    qtbot.mouseClick(header.train_button, Qt.MouseButton.LeftButton)
    assert window.shell.room_key() == "train"
    assert window.shell.room().requests == ["train"]


def test_close_offers_to_save_unsaved_work(window, qtbot: QtBot) -> None:
    session = window.core.session
    session.do(AddNode(node("dense", "keras.layers.Dense", units=3)))
    window.close()
    assert window.isVisible()
    with qtbot.waitSignal(window.closed) as reported:
        answer(window, "Save", qtbot)
    assert reported.args == [True]
    assert "dense" in load_project(session.folder).model.nodes
    assert not list(window.core.recovery.glob("*"))


class Working(QObject):
    """A service that is busy, like a training."""

    state = "running"

    @property
    def needs_quit_confirmation(self) -> bool:
        return self.state == "running"

    @property
    def quit_warning(self) -> str:
        return "A training is running." if self.needs_quit_confirmation else ""

    def close(self) -> bool:
        self.state = "idle"
        return True


def test_close_confirms_before_it_stops_a_training(window, qtbot: QtBot) -> None:
    work = window.core.services.keep(Working())
    assert window.core.services.busy
    window.close()
    answer(window, "Cancel", qtbot)
    assert window.isVisible()
    assert work.state == "running"
    window.core.session.do(SetName("Birds"))
    window.close()
    answer(window, "Save", qtbot)  # one dialog after the other
    assert "training is running" in window._close_dialog.text()
    answer(window, "Stop and quit", qtbot)
    assert window.is_closed
    assert work.state == "idle"


def test_unsaved_work_can_be_discarded(window, qtbot: QtBot) -> None:
    window.core.session.do(SetName("Birds"))
    window.close()
    answer(window, "Don't save", qtbot)
    assert window.is_closed
    assert not window.shell.controller.projects.exists()


def test_window_remembers_its_size(make_window, tmp_path: Path) -> None:
    first = make_window()
    width, height = first.minimumWidth(), first.minimumHeight() + 40
    first.resize(width, height)
    first.close()
    core = Core.make(
        first.core.app,
        first.core.session.catalog,
        SettingsStore(tmp_path / "settings"),
        tmp_path / "recovery",
    )
    second = Window(core)
    assert (second.width(), second.height()) == (width, height)
    second.close()
    second.deleteLater()


@pytest.mark.parametrize(
    ("arguments", "variable", "expected"),
    [
        (["--lang", "zh_CN"], "en", "zh_CN"),
        (["--lang=en", "folder"], "zh_CN", "en"),
        ([], "zh", "zh_CN"),
        ([], "", ""),
    ],
)
def test_language_option_on_the_command_line(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], variable: str, expected: str
) -> None:
    monkeypatch.setenv("DLSTUDIO_LANG", variable)
    assert (parse(arguments).lang or requested_language()) == expected


def test_unknown_options_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--colour", "red"])
    assert "--colour" in capsys.readouterr().err


def test_the_window_waits_for_nothing_that_draws_or_arranges() -> None:
    late = ("numpy", "pyqtgraph", "dlstudio.document.canvas.layered_layout")
    check = f"print([name for name in {late} if name in sys.modules])"
    program = f"import sys, dlstudio.ui.shell.window; {check}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True)
    assert done.stdout.split() == [b"[]"], done.stderr
