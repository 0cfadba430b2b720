"""Loads Keras models from dlstudio's files."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import keras

from dlstudio.engine.custom_code.code_scope import current_code, project_code
from dlstudio.engine.custom_code.prepared_archive import (
    archived_config,
    prepared_archive,
)
from dlstudio.engine.model.byte_pair import BytePair
from dlstudio.engine.model.hub_catalog import hub_library
from dlstudio.engine.model.opaque import check_classes
from dlstudio.engine.model.random_tokens import RandomTokens
from dlstudio.engine.model.reparametrization import Sampling
from dlstudio.engine.model.saved_model_layer import SavedModelLayer
from dlstudio.engine.model.word_piece import WordPiece
from dlstudio.engine.runs.run import MODEL, Run
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel

OWN_LAYERS = {
    "BytePair": BytePair,
    "RandomTokens": RandomTokens,
    "Sampling": Sampling,
    "SavedModelLayer": SavedModelLayer,
    "WordPiece": WordPiece,
}
"""Layers that Keras does not have, by the name in files."""
CONFIG, HUB = "config.json", b'"keras_hub>'
LARGEST = 64 * 2**20
"""Most bytes of a configuration that are looked at."""


def own_objects() -> dict[str, object]:
    """What Keras may find in files beside its own: our layers, and trusted code."""
    return {**OWN_LAYERS, **current_code().custom_objects}


def load_run_model(run: Run) -> KerasModel:
    """Load the model of a run, whose code is run only if it is trusted.

    Raises:
        UserError: There is none, or as for `load_model`.
    """
    path = run.folder / MODEL
    with project_code(run.project(), run.project_folder):
        return load_model(path)


def load_model(path: Path) -> KerasModel:
    """Load a Keras model without executing code that is not trusted.

    Raises:
        UserError: The file is missing, damaged, or would execute such code, or it
            has layers of KerasHub, which is not installed.
    """
    if not path.is_file():
        raise UserError(
            _("There is no trained model at {path}.").format(path=path),
            _("Check the name, or train the project first."),
        )
    if _has_hub_layers(path):
        hub_library()  # registers them
    try:
        with prepared_archive(path) as place:
            model: KerasModel = keras.saving.load_model(
                place, own_objects(), compile=False, safe_mode=True
            )
    except Exception as error:  # a damaged archive fails in many ways
        _refuse_code(path)
        raise UserError(
            _("The model {path} cannot be read: {reason}").format(
                path=path, reason=first_line(error)
            ),
            _(
                "The file is damaged or was not created by dlstudio. Train or "
                "resume the run again."
            ),
        ) from error
    return model


def _has_hub_layers(path: Path) -> bool:
    """Whether a file's model has layers of KerasHub, which has to be imported then."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(CONFIG) as config:
            return HUB in config.read(LARGEST)
    except (KeyError, OSError, ValueError, zipfile.BadZipFile):
        return False  # loading it says why


def _refuse_code(path: Path) -> None:
    """Say what a model that could not be loaded needs, if that is code."""
    try:
        config = archived_config(path)
    except Exception:  # damaged, as is reported then
        return
    config.pop("compile_config", None)
    check_classes(current_code().prepared(config))


def first_line(error: BaseException) -> str:
    """The first line of an error message, at most 200 characters."""
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:200]
