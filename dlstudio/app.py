"""Starting the window: show it first, load TensorFlow in the background.

Imports before the first paint delay the window: see tests/benchmarks/bench_startup.py.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.data.standard_error import keep_python_stderr
from dlstudio.engine.export.unfinished_exports import recover
from dlstudio.engine.subprocess_training import SWITCH
from dlstudio.i18n import (
    _,
    named_language,
    preferred_language,
    requested_language,
    translator,
)

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from dlstudio.ui.shell.window import Window


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window.

    Args:
        arguments: Command-line arguments without the program's name; None for
            `sys.argv`.

    Returns:
        The process's exit status.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == [SWITCH]:
        from dlstudio.engine.subprocess_training.main import main as train

        train()
    translator.use(preferred_language())
    options = parse(given)
    recover()
    try:
        from dlstudio.workers import qt  # before any other import of Qt
    except ImportError as error:
        sys.stderr.write(
            _("The window needs Qt, but Qt could not be loaded: {reason}").format(
                reason=error
            )
            + "\n"
            + _("Install it with: pip install dlstudio[gui]")
            + "\n"
        )
        return 1
    assert qt.QT_VERSION
    keep_python_stderr()
    from dlstudio.ui.shell.application import StudioApplication

    # Ctrl-C in the terminal exits at once, as Qt's loop would not notice it. Unsaved
    # changes are in the recovery folder.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    app = StudioApplication([sys.argv[0]])
    name_application(app)
    project = Path(options.project).absolute() if options.project else None
    window = open_window(app, project, options.lang or requested_language())
    in_time: list[bool] = []
    window.closed.connect(in_time.append)
    window.closed.connect(app.quit)
    status = app.exec()
    if in_time == [False]:  # a thread hangs in a library: nothing is left to do
        os._exit(status)
    return status


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse the command-line arguments into `project` and `lang`.

    Raises:
        SystemExit: Help was requested, or an option is unknown.
    """
    parser = argparse.ArgumentParser(
        "dlstudio-studio", description=_("Open the window.")
    )
    parser.add_argument(
        "project", nargs="?", help=_("The project to open, or a Keras model to import.")
    )
    parser.add_argument(
        "--lang",
        metavar="CODE",
        type=named_language,
        help=_("Language, such as en or zh_CN. Also the variable DLSTUDIO_LANG."),
    )
    return parser.parse_args(arguments)


def name_application(app: QApplication) -> None:
    """Set the names and icon that the system shows."""
    app.setApplicationName("dlstudio")
    app.setApplicationDisplayName("dlstudio")
    app.setDesktopFileName("dlstudio")


def open_window(
    app: QApplication, project: Path | None = None, language: str = ""
) -> Window:
    """Show the window; TensorFlow is loaded after it is painted.

    Args:
        language: Language that overrides the settings for this session; "" for none.
    """
    # Searching all installed packages for plugins of pydantic is slow, and there are
    # none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from dlstudio.ui.garbage_collector import GarbageCollector

    collector = GarbageCollector()
    collector.install()  # first: what is imported below is never garbage
    from PySide6.QtCore import QTimer

    from dlstudio.catalog.store import Catalog
    from dlstudio.settings import SettingsStore
    from dlstudio.ui.shell.application import StudioApplication
    from dlstudio.ui.shell.core import Core
    from dlstudio.ui.shell.uncaught_errors import UncaughtErrorReporter
    from dlstudio.ui.shell.window import Window

    core = Core.make(app, Catalog.load(), SettingsStore(), language=language)
    reporter = UncaughtErrorReporter(core.notices, core.notices)
    reporter.install()
    window = Window(core)
    window.closed.connect(reporter.remove)
    collector.setParent(window)
    window.closed.connect(collector.remove)
    core.engine.state_changed.connect(lambda state: collector.pause(state == "loading"))
    if isinstance(app, StudioApplication):
        app.file_opened.connect(window.open_path)
    if project is not None:
        window.open_path(project)
    window.painted.connect(
        lambda: QTimer.singleShot(0, window.shell.engine_status.begin)
    )
    window.show()
    return window


if __name__ == "__main__":
    sys.exit(main())
