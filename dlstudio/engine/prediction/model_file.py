"""Loads Keras models from dlstudio's files."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import keras

from dlstudio.engine.model.byte_pair import BytePair
from dlstudio.engine.model.hub_catalog import hub_library
from dlstudio.engine.model.random_tokens import RandomTokens
from dlstudio.engine.model.reparametrization import Sampling
from dlstudio.engine.model.saved_model_layer import SavedModelLayer
from dlstudio.engine.model.word_piece import WordPiece
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


def load_model(path: Path) -> KerasModel:
    """Load the Keras model of a run without executing code from the file.

    Raises:
        UserError: The file is missing, damaged, or would execute code, or it has layers
            of KerasHub, which is not installed.
    """
    if not path.is_file():
        raise UserError(
            _("There is no trained model at {path}.").format(path=path),
            _("Check the name, or train the project first."),
        )
    if _has_hub_layers(path):
        hub_library()  # registers them
    try:
        model: KerasModel = keras.saving.load_model(
            path, OWN_LAYERS, compile=False, safe_mode=True
        )
    except Exception as error:  # a damaged archive fails in many ways
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


def first_line(error: BaseException) -> str:
    """The first line of an error message, at most 200 characters."""
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:200]
