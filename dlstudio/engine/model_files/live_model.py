"""The Keras model of a file, of Keras' own layers and trusted code, with weights."""

from __future__ import annotations

import copy
import io
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import keras

from dlstudio.engine.custom_code.code_scope import current_code
from dlstudio.engine.model.opaque import check_classes
from dlstudio.engine.model_files.keras_archive import KerasArchive, write_keras_archive
from dlstudio.engine.model_files.legacy_weights import assign_in_order, assign_legacy
from dlstudio.engine.model_files.model_file import ModelFile
from dlstudio.engine.model_files.serialized_objects import config_of
from dlstudio.engine.prediction.model_file import own_objects
from dlstudio.engine.runtime.error_text import plain
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel

LEFT_AS_IT_WAS = ".*freshly-initialized"
"""What Keras warns of when it leaves weights as they were."""


def live_model(file: ModelFile) -> KerasModel:
    """The model of a file, with the weights that the file has.

    Args:
        file: Read by `read_model_file`.

    Raises:
        UserError: It has layers that Keras does not have or whose code is not trusted,
            or Keras cannot make it, or its weights do not fit.
    """
    code = current_code()
    config = {key: file.config[key] for key in file.config if key != "compile_config"}
    config = code.prepared(config)
    check_classes(config)
    try:
        if file.archive is not None and file.archive.weights is not None:
            return _from_archive(file.archive, config)
        model = keras.saving.deserialize_keras_object(
            copy.deepcopy(config), own_objects(), safe_mode=True
        )
    except UserError:
        raise
    except Exception as error:  # of many kinds, from any layer
        raise UserError(
            _("Keras cannot build the model in {path}: {reason}").format(
                path=file.path.name, reason=plain(error)
            ),
            _("It may need a newer Keras, or have layers that are defined by code."),
        ) from error
    by_code = "layers" not in config_of(config)
    if not isinstance(model, keras.Model) or not (by_code or model.inputs):
        raise UserError(
            _("The model in {path} has no inputs.").format(path=file.path.name),
            _("Call it on data once before you save it."),
        )
    if file.layers is not None:
        assign_legacy(model, file.layers)
    if file.ordered is not None:
        assign_in_order(model, file.ordered)
    found: KerasModel = model
    return found


def _from_archive(archive: KerasArchive, config: JsonObject) -> KerasModel:
    """As Keras loads it, from a copy that has only what was checked."""
    from dlstudio.engine.model.hdf5_file import opened_hdf5

    with opened_hdf5(io.BytesIO(archive.weights or b""), "model.weights.h5"):
        pass  # checked
    stream = io.BytesIO()
    checked = KerasArchive(config, archive.version, archive.weights, archive.assets)
    write_keras_archive(checked, stream)
    with (
        tempfile.TemporaryDirectory(prefix="dlstudio-") as folder,
        warnings.catch_warnings(),
    ):
        warnings.filterwarnings("error", LEFT_AS_IT_WAS)
        place = Path(folder) / "model.keras"
        place.write_bytes(stream.getvalue())
        model: KerasModel = keras.saving.load_model(
            place, own_objects(), compile=False, safe_mode=True
        )
    return model
