"""Classifies files and folders dropped on the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QMimeData

from dlstudio.catalog.image_files import IMAGE_SUFFIXES
from dlstudio.catalog.keras_files import (
    CONVERTED_SUFFIXES,
    MODEL_SUFFIXES,
    SCRIPT_SUFFIXES,
    saved_model_folder,
)
from dlstudio.catalog.source_queries import is_data_name
from dlstudio.catalog.store import Catalog
from dlstudio.document.storage import FILE
from dlstudio.i18n import _

DropKind = Literal[
    "project", "data", "images", "model", "viewed", "converted", "nothing"
]
GRAPH = ".pb"
"""TensorFlow's graphs, which Keras has no way back from."""


@dataclass(frozen=True, slots=True)
class Drop:
    """The recognized meaning of a drop.

    Attributes:
        text: Shown while dragging, and as an error if unusable.
        paths: All paths; the first one determines the kind.
    """

    kind: DropKind
    text: str
    paths: tuple[Path, ...]

    @property
    def path(self) -> Path:
        """The first path."""
        return self.paths[0]

    @property
    def good(self) -> bool:
        """Whether the drop can be used."""
        return self.kind in ("project", "data", "images", "model", "viewed")


def files_of(mime: QMimeData) -> tuple[Path, ...]:
    """The local files of a drag."""
    return tuple(Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile())


def recognize_drop(
    mime: QMimeData, catalog: Catalog, wants_data: bool = False
) -> Drop | None:
    """The meaning of a drag; None if it contains no local file.

    Args:
        mime: The dragged data.
        catalog: Describes the data sources.
        wants_data: Whether the open project has no data yet.
    """
    files = files_of(mime)
    return classify(files, catalog, wants_data) if files else None


def classify(paths: Sequence[Path], catalog: Catalog, wants_data: bool = False) -> Drop:
    """The meaning of files or folders, determined by the first; see `recognize_drop`.

    Args:
        paths: At least one.
        catalog: Describes the data sources.
        wants_data: Whether the open project has no data yet.
    """
    path = paths[0]
    suffix = path.suffix.lower()
    if path.name == FILE or (path / FILE).is_file():
        folder = path.parent if path.name == FILE else path
        text = _("Open project “{name}”").format(name=folder.name)
        return Drop("project", text, (folder,))
    saved = saved_model_folder(path)
    if suffix in MODEL_SUFFIXES or saved is not None:
        model = saved or path
        text = _("Import the Keras model “{name}”").format(name=model.name)
        return Drop("model", text, (model,))
    if suffix in SCRIPT_SUFFIXES:
        text = _("Create a project from the script “{name}”").format(name=path.name)
        return Drop("model", text, (path,))
    if path.is_dir() or is_data_name(path.name, catalog.family("sources")):
        text = _data_text(path.is_dir(), len(paths) > 1, wants_data)
        return Drop("data", text.format(name=path.name), tuple(paths))
    if suffix in IMAGE_SUFFIXES:
        text = _("Predict “{name}”").format(name=path.name)
        return Drop("images", text, tuple(paths))
    if suffix in CONVERTED_SUFFIXES:
        text = _("View the converted model “{name}”").format(name=path.name)
        return Drop("viewed", text, (path,))
    if suffix == GRAPH:
        text = _(
            "“{name}” is a converted model, which cannot be trained. Drop the Keras "
            "model that it was made from, a .keras or .h5 file, or the folder of a "
            "SavedModel."
        )
        return Drop("converted", text.format(name=path.name), tuple(paths))
    text = _(
        "“{name}” is neither a project nor data. Drop a project folder, a table, "
        "a text, or a folder with one subfolder of images or texts per class."
    )
    return Drop("nothing", text.format(name=path.name), tuple(paths))


def _data_text(folder: bool, many: bool, wants_data: bool) -> str:
    if wants_data:
        return _("Use “{name}” as this project's data")
    if many:
        return _("Create a project from “{name}” and the others")
    if folder:
        return _("Create a project from the folder “{name}”")
    return _("Create a project from the data in “{name}”")
