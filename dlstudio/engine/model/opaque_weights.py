"""The weights of opaque layers: arrays in a file beside the project."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio import paths
from dlstudio.engine.model.saved_model_check import check_saved_model
from dlstudio.engine.model.saved_model_files import GRAPH
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.safe_files import make_folder, refuse_links

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasLayer

LARGEST_WEIGHTS = 4 * 2**30


def write_weights(folder: Path, name: str, layer: KerasLayer) -> None:
    """Write a layer's weights into a file beside the project.

    Args:
        folder: The project's folder.
        name: Path relative to it, with "/", ending in ".npz".
        layer: A built Keras layer or model.

    Raises:
        UserError: The path is outside the folder, or the file cannot be written.
    """
    place = file_beside(folder, name)
    arrays = {str(i): np.asarray(w) for i, w in enumerate(layer.get_weights())}
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, **arrays)
    with paths.user_errors(place, writing=True):
        refuse_links(place, folder)
        make_folder(place.parent, folder)
    paths.write_bytes(place, stream.getvalue(), below=folder)


def read_weights(folder: Path, name: str) -> list[npt.NDArray[np.generic]]:
    """The arrays of a file that `write_weights` wrote.

    Raises:
        UserError: The path is outside the folder, or the file cannot be read.
    """
    place = file_beside(folder, name)
    with paths.user_errors(place, writing=False):
        if not place.is_file():
            raise UserError(
                _("The weights of this block are missing: {path}.").format(path=name),
                _("Put the file back in its place next to the project."),
            )
        if place.stat().st_size > LARGEST_WEIGHTS:
            raise UserError(_("{path} is too large.").format(path=name))
        try:
            with np.load(place, allow_pickle=False) as kept:
                return [kept[str(number)] for number in range(len(kept.files))]
        except (ValueError, KeyError, OSError, EOFError) as error:
            raise UserError(
                _("The weights in {path} are damaged.").format(path=name)
            ) from error


class WeightsFiles:
    """Checks weight files beside a project; each file is read once.

    Args:
        folder: The project's folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, tuple[tuple[int, int] | None, str]] = {}

    def mistake(self, name: str) -> str:
        """Why a file cannot be read, with what to do; "" if it can."""
        stamp = self._stamp(name)
        known = self._known.get(name)
        if known is None or known[0] != stamp:
            known = self._known[name] = stamp, self._read(name)
        return known[1]

    def _read(self, name: str) -> str:
        try:
            if file_beside(self.folder, name).is_dir():
                check_saved_model(self.folder / name)
            else:
                read_weights(self.folder, name)
        except UserError as error:
            return str(error)
        return ""

    def _stamp(self, name: str) -> tuple[int, int] | None:
        try:
            place = self.folder / name
            found = (place / GRAPH if place.is_dir() else place).stat()
        except (OSError, ValueError):
            return None
        return found.st_size, found.st_mtime_ns


def file_beside(folder: Path, name: str) -> Path:
    """Where a file of a block is.

    Args:
        folder: The project's folder.
        name: Path relative to it, with "/".

    Raises:
        UserError: It leads outside the folder.
    """
    place = (folder / name).resolve()
    inside = place.is_relative_to(folder.resolve())
    if Path(name).is_absolute() or ".." in Path(name).parts or not inside:
        raise UserError(
            _("{path} is outside the project folder.").format(path=name),
            _("The weights of a block must be next to the project."),
        )
    return folder / name
