"""`gui`: open the window, in a separate process."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from dlstudio.catalog.keras_files import (
    CONVERTED_SUFFIXES,
    MODEL_SUFFIXES,
    SCRIPT_SUFFIXES,
    saved_model_folder,
)
from dlstudio.cli.options import JsonOption
from dlstudio.cli.output import Output
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark

NEEDED = ("PySide6", "pyqtgraph", "qtawesome")
# On Linux, one of these variables names the display.
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def gui(
    context: typer.Context,
    project: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PROJECT]",
            help=mark(
                "The project to open, a Keras model to import, or a .tflite or .onnx "
                "file to view."
            ),
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Open the window and wait until it is closed."""
    from dlstudio.document.storage import load_project

    refuse_where_none_can_open(sys.platform, os.environ)
    # The option overrides the language in the settings.
    arguments = ["--lang", context.obj] if context.obj else []
    if project is not None:
        path = project.expanduser().absolute()
        if not _is_model(path):
            load_project(path)  # errors are reported here, not in an empty window
        arguments.append(str(path))
    status = subprocess.call([sys.executable, "-m", "dlstudio.app", *arguments])
    if as_json:
        Output(as_json).json({"status": status})
    raise typer.Exit(status if status >= 0 else 1)


def _is_model(path: Path) -> bool:
    """Whether it is what is imported or viewed; else it must be a project."""
    suffixes = MODEL_SUFFIXES + SCRIPT_SUFFIXES + CONVERTED_SUFFIXES
    is_file = path.suffix.lower() in suffixes and path.is_file()
    return is_file or saved_model_folder(path) is not None


def refuse_where_none_can_open(platform: str, environment: Mapping[str, str]) -> None:
    """Raise if no window can be opened on this machine.

    Args:
        platform: Value of `sys.platform`.
        environment: Environment variables.

    Raises:
        UserError: Qt is not installed, or there is no display.
    """
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise UserError(
            _("The window needs {packages}, which is not installed.").format(
                packages=", ".join(missing)
            ),
            _("Install it with: pip install dlstudio[gui]"),
        )
    if platform == "linux" and not any(environment.get(name) for name in SCREENS):
        raise UserError(
            _("No display is available to open a window on."),
            _("All other commands work without a display: dlstudio --help"),
        )
