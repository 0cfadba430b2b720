"""What a file or folder dropped on the window means."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QMimeData

from dlstudio.document.storage import FILE
from dlstudio.i18n import _

Kind = Literal["project", "data", "model", "nothing"]
DATA = (".csv", ".tsv", ".npz", ".npy", ".gz", ".zip")
MODELS = (".keras", ".h5", ".hdf5", ".pb", ".tflite", ".onnx")


@dataclass(frozen=True, slots=True)
class Drop:
    """What will be done with it.

    Attributes:
        text: Said while it is dragged, and for what cannot be used, when dropped.
    """

    kind: Kind
    path: Path
    text: str


def meaning(mime: QMimeData) -> Drop | None:
    """What a drag means; None if it brings no file of this machine."""
    files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return classify(files[0]) if files else None


def classify(path: Path) -> Drop:
    """What one file or folder means."""
    suffix = path.suffix.lower()
    if path.name == FILE or (path / FILE).is_file():
        folder = path.parent if path.name == FILE else path
        text = _("Open the project “{name}”").format(name=folder.name)
        return Drop("project", folder, text)
    if path.is_dir():
        text = _("A new project from the pictures in “{name}”")
        return Drop("data", path, text.format(name=path.name))
    if suffix in DATA or "-idx" in path.name:
        text = _("A new project from the data in “{name}”")
        return Drop("data", path, text.format(name=path.name))
    if suffix in MODELS:
        return Drop(
            "model",
            path,
            _(
                "“{name}” is a trained model; this version opens projects and data. "
                "In Python: keras.saving.load_model(…)."
            ).format(name=path.name),
        )
    return Drop(
        "nothing",
        path,
        _(
            "“{name}” is neither a project nor data. Drop a project's folder, or a "
            "folder with one subfolder of pictures for each class."
        ).format(name=path.name),
    )
