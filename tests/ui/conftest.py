"""Window tests: skipped without Qt; each test must clean up all Qt objects."""

from __future__ import annotations

import gc
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
THREAD_WAIT_MS = 200_000

if importlib.util.find_spec("PySide6") is None:
    collect_ignore_glob = ["*"]
else:
    if sys.platform == "linux" and "DLSTUDIO_TEST_DISPLAY" not in os.environ:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import QEvent, Qt, QThread, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QWidget
    from shiboken6 import Shiboken

    from dlstudio.catalog.schema import Description, Param
    from dlstudio.catalog.store import Catalog
    from dlstudio.i18n import translator
    from dlstudio.settings import SettingsStore
    from dlstudio.ui.shell.core import Core
    from dlstudio.ui.shell.rooms import RoomDescription
    from dlstudio.ui.shell.window import Window


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Turn Qt warnings into test failures."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            # Emitted by the offscreen platform, where it has no meaning.
            item.add_marker(
                pytest.mark.qt_log_ignore(r"propagateSizeHints|not support raise")
            )


@pytest.fixture(autouse=True)
def _no_qt_leftovers(qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves a window, a running thread or a running timer behind."""
    before = {id(each) for each in qapp.topLevelWidgets()} | set(_running())
    yield
    translator.use("en")
    windows = _windows(qapp, before)
    if windows:  # pyqtgraph's are in cycles that only the collector breaks
        gc.collect()
        windows = _windows(qapp, before)
    assert not windows, f"windows left open: {windows}"
    left = [text for key, text in _running().items() if key not in before]
    assert not left, f"still running: {left}"


def _windows(app: QApplication, before: set[int]) -> list[str]:
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    app.processEvents()
    new = (each for each in app.topLevelWidgets() if id(each) not in before)
    return [f"{type(each).__name__} of {type(each.parent()).__name__}" for each in new]


def _running() -> dict[int, str]:
    """Running threads and timers by identity, each with its owner."""
    found = {}
    for each in Shiboken.getAllValidWrappers():
        threads = isinstance(each, QThread) and each.isRunning()
        timers = isinstance(each, QTimer) and each.isActive()
        main = threads and each is QThread.currentThread()
        if (threads or timers) and not main:
            owner = type(each.parent()).__name__
            found[id(each)] = f"{type(each).__name__} {each.objectName()} of {owner}"
    return found


SMALL_CATALOG = (
    ("InputLayer", "core", (Param("shape", "shape", required=True),)),
    ("Dense", "core", (Param("units", "int", required=True, minimum=1),)),
    ("Conv2D", "convolution", (Param("filters", "int", required=True, minimum=1),)),
    ("Flatten", "reshaping", ()),
)


@pytest.fixture
def catalog() -> Catalog:
    """A catalog with a few layers and everything specific to dlstudio."""
    from dlstudio.catalog.builtin import BUILTIN

    layers = [
        Description(
            f"keras.layers.{name}",
            "layers",
            f"keras.layers:{name}",
            category=category,
            summary=f"What {name} does.",
            params=params,
            example={param.name: 8 for param in params},
        )
        for name, category, params in SMALL_CATALOG
    ]
    return Catalog([*layers, *BUILTIN])


class PlainRoom(QWidget if importlib.util.find_spec("PySide6") else object):
    """A room that records the shell's requests."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.setFocusPolicy(self.focusPolicy().StrongFocus)
        self.key = key
        self.requests: list[object] = []

    # HasCommands; pasting is not supported.

    def commands(self) -> dict[str, object]:
        from dlstudio.ui.actions import CommandHandler

        names = ("edit.cut", "edit.copy", "edit.duplicate", "view.zoom_in")
        return {
            id: CommandHandler(lambda id=id: self.requests.append(id))
            for id in (*names, "view.zoom_out")
        }

    # CanTrain.

    def train(self) -> None:
        self.requests.append("train")

    def queue_training(self) -> None:
        self.requests.append("queue_training")

    def train_longer(self, run: str, more: int) -> None:
        self.requests.append((run, more))

    # EditsModel.

    def show_problems(self) -> None:
        self.requests.append("show_problems")

    def save_script(self) -> None:
        self.requests.append("save_script")

    def save_drawing(self) -> None:
        self.requests.append("save_drawing")

    def add_layer(self, kind: str) -> None:
        self.requests.append(kind)

    # TakesFiles and Predicts.

    def take_files(self, paths: list[Path]) -> None:
        self.requests.append(paths)

    def predict(self, paths: list[Path]) -> None:
        self.requests.append(paths)


@pytest.fixture
def plain_rooms() -> tuple[RoomDescription, ...]:
    """The Start room as it is, and plain rooms in place of all others."""
    from dlstudio.ui.shell.rooms import ROOMS

    start, *others = ROOMS
    plain = [
        RoomDescription(
            each.key, each.title, each.icon, lambda _studio, k=each.key: PlainRoom(k)
        )
        for each in others
    ]
    return (start, *plain)


MakeWindow = Callable[..., "Window"]


@pytest.fixture
def make_window(
    qapp: QApplication,
    tmp_path: Path,
    catalog: Catalog,
    plain_rooms: tuple[RoomDescription, ...],
) -> Iterator[MakeWindow]:
    """Open windows; each is closed at the end, after its threads have ended."""
    opened: list[Window] = []

    def make(
        rooms: tuple[RoomDescription, ...] | None = None,
        settings: Path | None = None,
        with_catalog: Catalog | None = None,
        language: str = "",
    ) -> Window:
        core = Core.make(
            qapp,
            with_catalog or catalog,
            SettingsStore(settings or tmp_path / "settings"),
            tmp_path / "recovery",
            language,
        )
        window = Window(core, rooms or plain_rooms)
        window.shell.controller.projects = tmp_path / "projects"
        window.setWindowState(Qt.WindowState.WindowNoState)
        window.resize(1280, 800)
        window.show()
        window.activateWindow()
        QTest.qWaitForWindowActive(window)  # shortcuts go to the active window
        opened.append(window)
        return window

    yield make
    for window in opened:
        close_window(window)
    wait_for_threads()
    for window in opened:
        window.deleteLater()


@pytest.fixture
def window(make_window: MakeWindow) -> Window:
    """A window with plain rooms and its own settings."""
    return make_window()


def close_window(window: Window) -> None:
    """Close a window without a confirmation for unsaved work."""
    if not window.is_closed:
        window.close_unsaved()


def wait_for_threads() -> None:
    """Wait until no Qt thread is running.

    On a busy machine a thread that is loading TensorFlow takes longer than a window
    waits for it. The application then exits the process; a test has to wait, as Qt
    aborts when a running thread is destroyed.
    """
    for each in Shiboken.getAllValidWrappers():
        if isinstance(each, QThread) and each is not QThread.currentThread():
            each.wait(THREAD_WAIT_MS)
