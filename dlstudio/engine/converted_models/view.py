"""Reads a converted model of either format."""

from __future__ import annotations

from pathlib import Path

from dlstudio.document.viewed_model import ViewedModel
from dlstudio.engine.converted_models.onnx_file import read_onnx
from dlstudio.engine.converted_models.tflite_file import read_tflite
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import read_regular
from dlstudio.paths import user_errors

LARGEST = 4 * 2**30


def view_model(path: Path) -> ViewedModel:
    """Read a converted model; nothing of it is run.

    Args:
        path: `.tflite` or `.onnx`.

    Raises:
        UserError: The file is missing, too large or damaged.
    """
    with user_errors(path, writing=False):
        data = read_regular(path, LARGEST)
    read = read_tflite if path.suffix.lower() == ".tflite" else read_onnx
    try:
        found = read(data)
    except Exception as error:  # offsets into the data that lead anywhere
        raise _damaged(path) from error
    if not found.layers:
        raise _damaged(path)
    return found


def _damaged(path: Path) -> UserError:
    return UserError(
        _("{path} is not a readable {kind} file.").format(
            path=path.name, kind=path.suffix
        ),
        _("Convert the model again."),
    )
