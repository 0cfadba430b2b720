"""Weights of one file for the model of another, or of a project."""

from __future__ import annotations

import shutil
import tempfile
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.catalog.store import Catalog
from dlstudio.document.project_file import read_project, replace_project
from dlstudio.engine.model.build import build
from dlstudio.engine.model.hdf5_file import opened_hdf5
from dlstudio.engine.model.initial_weights import node_arrays, write_arrays
from dlstudio.engine.model.weights_file import MatchedWeights, load_matching
from dlstudio.engine.model_files.legacy_weights import assign_legacy, legacy_arrays
from dlstudio.errors import UserError

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel

LAYERS = "layers"


def give_weights(model: KerasModel, path: Path) -> MatchedWeights:
    """Give a model the weights of a file: all of them, or those that fit.

    Args:
        model: Functional or sequential, built.
        path: `.h5`, `.weights.h5` or `.keras`.

    Raises:
        UserError: The file cannot be read, or nothing in it fits.
    """
    if not zipfile.is_zipfile(path) and _is_whole(model, path):
        names = [layer.name for layer in model.layers if layer.weights]
        return MatchedWeights(tuple(names), (), ())
    return load_matching(model, path)


def give_to_project(path: Path, folder: Path, catalog: Catalog) -> MatchedWeights:
    """Let a project's model begin with the weights of a file.

    Args:
        path: Of the file.
        folder: Of the project.
        catalog: Describes layers.

    Raises:
        UserError: The file cannot be read or fits nothing, or the model cannot be
            built, or the project cannot be written.
    """
    project, digest = read_project(folder)
    model = build(project, catalog, folder=folder)
    found = give_weights(model, path)
    # In a file of its own: a failure, or an undo, finds what was there before.
    weights = write_arrays(folder, node_arrays(project.graphs, model))
    replace_project(replace(project, initial_weights=weights), folder, digest)
    return found


def _is_whole(model: KerasModel, path: Path) -> bool:
    """Give a model the weights of a file made for exactly this one; False if not."""
    with opened_hdf5(path, path.name) as file:
        arrays = legacy_arrays(file)
        current = LAYERS in file
    try:
        if arrays is not None:
            assign_legacy(model, arrays)
            return all(layer.name in arrays for layer in model.layers if layer.weights)
        if not current:
            return False
        with (
            tempfile.TemporaryDirectory(prefix="dlstudio-") as place,
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("error")  # what Keras leaves as it was
            copy = Path(place) / "model.weights.h5"
            shutil.copyfile(path, copy)
            model.load_weights(copy)
    except (UserError, ValueError, KeyError, Warning):  # made for another model
        return False
    return True
