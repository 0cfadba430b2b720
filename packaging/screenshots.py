"""Render every room and dialog of the window into PNGs, to be looked at.

    python packaging/screenshots.py FOLDER
    python packaging/screenshots.py FOLDER --only model --theme dark --language en

Both themes, both languages, 1280×720, 1440×900, and once at 200 %. It trains the
digits sample for the pictures of the Train room. No display is needed.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from dlstudio.ui.shell.window import Window

SIZES = ("1280x720", "1440x900")
THEMES = ("light", "dark")
LANGUAGES = ("en", "zh_CN")
SECONDS = 90


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: what is done before, and which widget is shown."""

    name: str
    prepare: Callable[[Window], QWidget | None]


def main() -> int:
    """Take the pictures; one process for each scale."""
    options = parse()
    if options.child:
        return take_pictures(options)
    options.folder.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    for scale in options.scale:
        sizes = options.size if scale == "1" else ["1280x720"]
        command = [sys.executable, __file__, str(options.folder), "--child"]
        command += ["--size", *sizes, "--scale", scale]
        command += ["--theme", *options.theme, "--language", *options.language]
        command += ["--only", *options.only] if options.only else []
        status = subprocess.call(command, env={**environment, "QT_SCALE_FACTOR": scale})
        if status != 0:
            return status
    return 0


def parse() -> argparse.Namespace:
    """The command line's options."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", nargs="+", default=list(SIZES), metavar="WxH")
    parser.add_argument("--theme", nargs="+", default=list(THEMES), choices=THEMES)
    parser.add_argument(
        "--language", nargs="+", default=list(LANGUAGES), choices=LANGUAGES
    )
    parser.add_argument("--scale", nargs="+", default=["1", "2"])
    parser.add_argument("--only", nargs="+", default=[], help="names of scenes")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def take_pictures(options: argparse.Namespace) -> int:
    """All pictures at this process's scale."""
    wanted = [each for each in SCENES if not options.only or each.name in options.only]
    with tempfile.TemporaryDirectory(prefix="dlstudio-pictures-") as home:
        window = open_studio(Path(home))
        if any(each.name.startswith("train") for each in wanted):
            train(window)
        suffix = "" if options.scale == ["1"] else f"@{options.scale[0]}x"
        for theme, language, size in itertools.product(
            options.theme, options.language, options.size
        ):
            dress(window, theme, language, size)
            for scene in wanted:
                name = f"{scene.name}-{theme}-{language}-{size}{suffix}.png"
                take(window, scene, options.folder / name)
        window.close_unsaved()
    return 0


def take(window: Window, scene: Scene, path: Path) -> None:
    """One picture."""
    widget = scene.prepare(window) or window
    settle(0.35)
    widget.grab().save(str(path))
    print(path, flush=True)
    tidy(window)


def open_studio(home: Path) -> Window:
    """A window with the sample, settings of its own and nothing of the user's."""
    from PySide6.QtWidgets import QApplication

    import dlstudio.workers.qt  # noqa: F401
    from dlstudio.catalog.store import Catalog
    from dlstudio.settings import SettingsStore
    from dlstudio.ui.shell.core import Core
    from dlstudio.ui.shell.window import Window

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    settings = SettingsStore(home / "settings")
    core = Core.make(app, Catalog.load(), settings, home / "recovery")
    leave_unsaved_work(home / "recovery")
    window = Window(core)
    window.shell.desk.projects = home / "Documents" / "dlstudio"
    window.show()
    window.shell.loading.begin()
    until(lambda: core.engine.state in ("ready", "failed"))
    window.shell.desk.from_template("dlstudio.templates.digits-cnn")
    until(lambda: core.session.folder is not None)
    until(lambda: checked(window))
    return window


def checked(window: Window) -> bool:
    """Whether shapes and problems of the project as it is now are there."""
    found = window.shell.loading.analysis
    return found is not None and found.revision == window.core.session.revision


def leave_unsaved_work(folder: Path) -> None:
    """As a window that crashed."""
    from dlstudio.document.project import Project
    from dlstudio.ui.shell.recovery import fresh_path, keep

    keep(None, fresh_path(folder), Project(name="Fashion items"), None)


def train(window: Window) -> None:
    """Train the sample, for its curves."""
    window.shell.content.header.train.emit()
    activity = window.core.activity
    until(lambda: activity.tone in ("good", "bad"))


def dress(window: Window, theme: str, language: str, size: str) -> None:
    """Theme, language and size of the window."""
    window.shell.set(theme=theme, language=language)
    width, height = map(int, size.split("x"))
    window.setMinimumSize(1, 1)
    window.resize(width, height)
    settle(0.2)


def until(true: Callable[[], bool]) -> None:
    """Wait, with the window alive.

    Raises:
        TimeoutError: It takes too long.
    """
    end = time.monotonic() + SECONDS
    while not true():
        settle(0.05)
        if time.monotonic() > end:
            raise TimeoutError("the window did not become what was waited for")


def settle(seconds: float) -> None:
    """Let the window do what it has to do."""
    from PySide6.QtCore import QCoreApplication, QEvent

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QCoreApplication.processEvents()
        # Outside of a running loop nobody else does this.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        time.sleep(0.005)


def tidy(window: Window) -> None:
    """Close what a scene has opened."""
    window.shell.palette.dismiss()
    window.show_hint(None)
    for dialog in tuple(window.shell.dialogs()):
        dialog.close()
    for bar in tuple(window.shell.notices.bars):
        bar.closed.emit()
    while window.core.session.history.past:
        window.core.session.undo()
    until(lambda: checked(window))


def room(key: str) -> Scene:
    """A room as it is."""

    def prepare(window: Window) -> None:
        window.shell.go(key)
        if key == "model":
            select(window, "conv_1")
            settle(0.3)
            call(window, "zoom_fit")

    return Scene(key, prepare)


def call(window: Window, method: str) -> None:
    """One of the room's own methods, if it has it."""
    found = getattr(window.shell.room(), method, None)
    if callable(found):
        found()


def select(window: Window, *ids: str) -> None:
    """Select nodes on the canvas."""
    window.shell.room().bench.canvas.select(ids)  # type: ignore[attr-defined]


def with_problem(window: Window) -> None:
    """The Model room with a problem to cure."""
    from dlstudio.document.edits import RemoveNodes

    window.shell.go("model")
    window.core.session.do(RemoveNodes(("flatten",), join=True), "Remove flatten")
    until(lambda: checked(window))
    select(window, "dense")
    call(window, "zoom_fit")
    call(window, "show_problems")


def with_palette(window: Window) -> None:
    """The command palette with something typed."""
    window.shell.go("model")
    window.shell.show_palette()
    window.shell.palette.field.setText("conv")


def with_notices(window: Window) -> None:
    """Notices of each kind."""
    window.shell.go("start")
    notices = window.core.notices
    notices.info("Copied.")
    notices.good("Saved in /home/ada/Documents/dlstudio/Birds.")
    try:
        raise ValueError("operands could not be broadcast together")
    except ValueError as error:
        notices.error(error, "The layer could not be shown.")
    window.shell.notices.bars[-1].show_details()


def with_drop(window: Window) -> None:
    """A folder dragged over the window."""
    from dlstudio.ui.shell.drops import classify

    window.shell.go("start")
    window.show_hint(classify([ROOT / "resources"]))


def dialog(name: str) -> Scene:
    """A dialog, by itself."""

    def prepare(window: Window) -> QWidget:
        window.shell.show_dialog(name)
        settle(0.3)
        until(lambda: not window.core.files.busy)
        return window.shell.dialogs()[-1]

    return Scene(name, prepare)


SCENES = (
    *map(room, ("start", "data", "model", "train", "evaluate", "predict", "export")),
    Scene("model-problem", with_problem),
    Scene("palette", with_palette),
    Scene("notices", with_notices),
    Scene("drop", with_drop),
    *map(dialog, ("preferences", "shortcuts", "about", "doctor")),
)

if __name__ == "__main__":
    sys.exit(main())
