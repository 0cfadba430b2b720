"""Lambda layers made of trusted bytecode, one by one; Keras' safe mode stays on."""

from __future__ import annotations

import copy
import dis
import json
import platform
import types
from collections.abc import Callable, Mapping
from typing import Any

import keras

from dlstudio.engine.custom_code.lambda_code import LambdaCode, is_bytecode
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject

NAME = "dlstudio>RestoredLambda"
KEPT = ("name", "trainable", "dtype")


def restorable(code: LambdaCode, item: Mapping[str, Any]) -> JsonObject:
    """The serialized form of a Lambda that `RestoredLambda` makes.

    Args:
        code: Its functions.
        item: The serialized layer; what is not its class stays as it is.
    """
    config = item["config"]
    made = {key: config[key] for key in KEPT if key in config}
    made["arguments"] = config.get("arguments") or {}
    made["functions"] = json.dumps(code.fields)
    return {
        **item,
        "module": "dlstudio",
        "class_name": "RestoredLambda",
        "registered_name": NAME,
        "config": made,
    }


def restored_lambda(
    config: Mapping[str, Any],
    trusts: Callable[[LambdaCode], bool],
    objects: Mapping[str, object],
) -> keras.layers.Lambda:
    """A Lambda layer with the functions of its configuration.

    It is written into files as it was read, byte for byte, so that it is the same code.

    Args:
        config: That of `restorable`.
        trusts: Whether these functions may be run.
        objects: Classes and functions of trusted code files, by name.

    Raises:
        UserError: It is not trusted, or of another version of Python.
    """
    fields = json.loads(config["functions"])
    code = LambdaCode(str(config.get("name", "")), fields)
    if not trusts(code):
        raise UserError(_("The code of the Lambda layer is not trusted."))
    made = {key: _argument(value, objects) for key, value in fields.items()}
    kept = {key: config[key] for key in KEPT if key in config}
    arguments = keras.saving.deserialize_keras_object(
        copy.deepcopy(config["arguments"]), dict(objects), safe_mode=True
    )
    layer = keras.layers.Lambda(**made, **kept, arguments=arguments)
    written = layer.get_config

    def get_config() -> dict[str, Any]:
        return {**written(), **copy.deepcopy(fields)}

    layer.get_config = get_config
    return layer


def restoring_class(
    trusts: Callable[[LambdaCode], bool], objects: Mapping[str, object]
) -> type[keras.layers.Lambda]:
    """The class that Keras finds for `restorable` configurations.

    Args:
        trusts: Whether functions may be run.
        objects: Classes and functions of trusted code files, by name.
    """

    class RestoredLambda(keras.layers.Lambda):  # type: ignore[misc]
        """Makes Lambda layers, and is never made itself."""

        @classmethod
        def from_config(cls, config: dict[str, Any], **_more: object) -> Any:
            return restored_lambda(config, trusts, objects)

    return RestoredLambda


def _argument(value: Any, objects: Mapping[str, object]) -> Any:
    if is_bytecode(value):
        return _function(value["config"])
    if isinstance(value, list) and all(v is None or isinstance(v, int) for v in value):
        return tuple(value)
    return keras.saving.deserialize_keras_object(
        copy.deepcopy(value), dict(objects), safe_mode=True
    )


def _function(config: Mapping[str, Any]) -> types.FunctionType:
    """The function of a configuration; it is not called yet."""
    from keras.src.utils.python_utils import func_load

    defaults, closure = config.get("defaults"), config.get("closure")
    try:
        made: types.FunctionType = func_load(
            config["code"],
            defaults=tuple(defaults) if defaults is not None else None,
            closure=closure,
            globs=_global_names(),
        )
        known = _is_of_this_python(made.__code__)
    except (TypeError, ValueError, EOFError, LookupError) as error:
        raise _other_python() from error
    if not known:
        raise _other_python()
    return made


def _global_names() -> dict[str, object]:
    """What such functions call without importing it, by the usual names."""
    import numpy as np
    import tensorflow as tf

    return {
        "keras": keras,
        "ops": keras.ops,
        "K": keras.backend,
        "np": np,
        "tf": tf,
        "tensorflow": tf,
    }


def _is_of_this_python(code: types.CodeType) -> bool:
    """Whether bytecode has only instructions that this version of Python has.

    Those of another version could end the process.
    """
    found = list(dis.get_instructions(code))
    begins = "RESUME" not in dis.opmap or any(e.opname == "RESUME" for e in found[:4])
    inner = [each for each in code.co_consts if isinstance(each, types.CodeType)]
    return (
        begins
        and not any(each.opname.startswith("<") for each in found)
        and all(map(_is_of_this_python, inner))
    )


def _other_python() -> UserError:
    return UserError(
        _("The code of the Lambda layer is not bytecode of Python {version}.").format(
            version=".".join(platform.python_version_tuple()[:2])
        ),
        _(
            "Save the model again with this version of Python, or with a custom layer "
            "in place of the Lambda."
        ),
    )
