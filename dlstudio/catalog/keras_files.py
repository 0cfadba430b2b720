"""Which files hold a Keras model, or what one was converted to, by their names."""

from __future__ import annotations

from pathlib import Path

MODEL_SUFFIXES = (".keras", ".h5", ".hdf5")
SCRIPT_SUFFIXES = (".py", ".ipynb")
"""Programs that build a model."""
CONVERTED_SUFFIXES = (".tflite", ".onnx")
"""Models that were converted: they can be viewed, but not trained."""
SAVED_MODEL = "saved_model.pb"
"""The file that makes a folder a SavedModel."""


def saved_model_folder(path: Path) -> Path | None:
    """The folder of a SavedModel, given by itself or by its file; None if it is none.

    Args:
        path: What was chosen or dropped.
    """
    folder = path.parent if path.name == SAVED_MODEL else path
    return folder if (folder / SAVED_MODEL).is_file() else None
