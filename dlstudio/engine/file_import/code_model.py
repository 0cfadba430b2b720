"""Models that are defined by code, as a model with inputs around one block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import keras

from dlstudio.document.custom_code import CodeNeeded
from dlstudio.engine.custom_code.code_scope import current_code
from dlstudio.engine.model.code_errors import missing_class
from dlstudio.engine.model_files.model_file import ModelFile
from dlstudio.engine.model_files.saved_model import how_to_save
from dlstudio.engine.model_files.serialized_objects import config_of
from dlstudio.engine.model_import.params import class_title
from dlstudio.errors import UserError, joined
from dlstudio.i18n import _
from dlstudio.json_values import JsonValue

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel


def is_defined_by_code(file: ModelFile) -> bool:
    """Whether a file does not list the layers of its model."""
    return not isinstance(config_of(file.config).get("layers"), list)


def refuse_unknown_code(file: ModelFile) -> None:
    """Raise unless trusted code has the class of a model that is defined by code.

    Args:
        file: Of the model.

    Raises:
        CodeNeeded: It has not; says what to do.
    """
    code = current_code()
    title = class_title(file.config)
    known = code.prepared(dict(file.config)).get("registered_name")
    if known in code.objects:
        return
    if code.files:
        error = missing_class(title, code)
        raise CodeNeeded(error.message, error.hint)
    raise CodeNeeded(
        _("The model in {path} is defined by code ({name}).").format(
            path=file.path.name, name=title
        ),
        joined(
            _("Give the Python file that defines it, with --code FILE or “Add code…”."),
            how_to_save(),
        ),
    )


def around(model: KerasModel, file: ModelFile) -> KerasModel:
    """A functional model of a model that is defined by code.

    Args:
        model: With its weights.
        file: Says what shape its inputs had.

    Raises:
        UserError: The shape is not known, or the model cannot be called on it.
    """
    build = file.config.get("build_config")
    shape = build.get("input_shape") if isinstance(build, Mapping) else None
    inputs = _inputs(shape)
    if inputs is None:
        raise UserError(
            _("The input shape of the model in {path} is not known.").format(
                path=file.path.name
            ),
            _("Call it once on data, all of it in its first argument, and save it."),
        )
    made: KerasModel = keras.Model(inputs, model(inputs), name=f"{model.name}_model")
    return made


def _inputs(shape: JsonValue) -> object:
    """Inputs of these shapes, which begin with that of the batch; None if unknown."""
    if isinstance(shape, Mapping):
        found = {name: _input(each, name) for name, each in shape.items()}
        return found if found and None not in found.values() else None
    single = _input(shape, "input")
    if single is not None or not isinstance(shape, list) or not shape:
        return single
    several = [_input(each, f"input_{n + 1}") for n, each in enumerate(shape)]
    return several if all(each is not None for each in several) else None


def _input(shape: JsonValue, name: str) -> object:
    if not isinstance(shape, list) or len(shape) < 2:
        return None
    if not all(each is None or isinstance(each, int) for each in shape):
        return None
    return keras.Input(tuple(shape[1:]), name=name)
