"""Blocks that a script creates from their Keras configuration."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.document.graph import OPAQUE
from dlstudio.document.saved_model_block import CLASS, REGISTERED
from dlstudio.document.values import Json, Value
from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.literals import is_plain
from dlstudio.engine.script_reader.script_callables import Arguments
from dlstudio.engine.script_reader.script_values import ScriptLayer, Unknown
from dlstudio.errors import UserError
from dlstudio.i18n import _


def deserialize(arguments: Arguments, context: ReadingContext) -> object:
    """`keras.saving.deserialize_keras_object`: an opaque block."""
    whole = arguments.get(0, "config")
    if isinstance(whole, Unknown):
        return context.use_unknown(whole, _("The configuration"), arguments.line)
    if not isinstance(whole, Mapping) or not is_plain(whole):
        return context.report(arguments.line, _("This configuration is not supported."))
    config = whole.get("config")
    params: dict[str, Value] = {"class_name": str(whole.get("class_name", ""))}
    try:
        if whole.get("module"):
            params["module"] = str(whole["module"])
        if whole.get("registered_name"):
            params["registered_name"] = str(whole["registered_name"])
        params["config"] = Json.of(dict(config) if isinstance(config, Mapping) else {})
        if whole.get("build_config"):
            params["build_config"] = Json.of(whole["build_config"])
    except UserError as error:
        return context.report(arguments.line, error.message)
    name = config.get("name") if isinstance(config, Mapping) else ""
    return ScriptLayer(OPAQUE, params, str(name or ""), arguments.line)


def load_saved_model(arguments: Arguments, context: ReadingContext) -> object:
    """`keras.layers.TFSMLayer`: a block of the project that calls a SavedModel."""
    path = arguments.get(0, "filepath")
    if not isinstance(path, str):
        return context.report(
            arguments.line, _("The folder of this SavedModel is not known.")
        )
    name = arguments.named.get("name")
    params: dict[str, Value] = {
        "class_name": CLASS,
        "registered_name": REGISTERED,
        "weights": path,
    }
    own = name if isinstance(name, str) else ""
    return ScriptLayer(OPAQUE, params, own, arguments.line, frozen=True)
