"""Opaque layers: foreign layers or models given by their Keras configuration.

A configuration is data. Only classes of Keras itself are looked up, by their public
names and in Keras' safe mode, those that a program has registered with Keras, and those
of code that the user trusts; a configuration imports none. Classes that run other code
are rejected. So untrusted projects can be opened, and missing classes are reported in a
message.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras

from dlstudio.document.values import Json, Value
from dlstudio.engine.custom_code.code_scope import current_code
from dlstudio.engine.custom_code.lambda_code import NAMED
from dlstudio.engine.custom_code.restored_lambda import NAME as RESTORED
from dlstudio.engine.model.code_errors import missing_class, untrusted_code
from dlstudio.engine.model.opaque_weights import file_beside, read_weights
from dlstudio.engine.model.saved_model_layer import SavedModelLayer
from dlstudio.engine.runtime.error_text import plain
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonValue

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor
    from dlstudio.engine.typing import KerasLayer, Variable

# They call Python functions, other libraries, or a SavedModel on this machine.
RUNS_CODE = frozenset(
    ("Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "__lambda__")
)
# Classes of the serialization format, which have no module.
PLAIN = frozenset(
    ("__keras_tensor__", "__tensor__", "__numpy__", "__bytes__", "__ellipsis__",
     "__slice__", "__typespec__", "__tuple__")
)  # fmt: skip
# Modules of functions that a configuration may name: activations, losses, ...
FUNCTIONS = (None, "builtins", "keras.activations", "keras.losses", "keras.metrics")


class OpaqueLayer:
    """A layer created from its configuration, called like a layer of the catalog.

    Args:
        layer: The Keras layer, model or operation.
        template: The call's arguments, with `{"port": number}` for tensors; see
            `filled`.
        weights: Path of its weights file, or of its SavedModel, in the project's
            folder; "" for none.

    Attributes:
        layer: The Keras layer or model.
    """

    def __init__(self, layer: KerasLayer, template: JsonValue, weights: str) -> None:
        self.layer = layer
        self._template = template
        self._weights = weights

    @property
    def name(self) -> str:
        """Its name in the model."""
        return str(getattr(self.layer, "name", ""))

    @property
    def weights(self) -> list[Variable]:
        """Its variables."""
        return list(getattr(self.layer, "weights", ()))

    @property
    def trainable_weights(self) -> list[Variable]:
        """Its trainable variables."""
        return list(getattr(self.layer, "trainable_weights", ()))

    @property
    def kept_parameters(self) -> int:
        """Number of its weights that are no variables of Keras."""
        layer: object = self.layer
        return layer.parameters if isinstance(layer, SavedModelLayer) else 0

    @property
    def trainable(self) -> bool:
        """Whether training changes its weights."""
        return bool(getattr(self.layer, "trainable", True))

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self.layer.trainable = value

    def __call__(self, *tensors: Tensor, **values: object) -> Tensor:
        """The layer's output for the tensors at its ports."""
        args, named = filled(self._template, tensors)
        return self.layer(*args, **named, **values)

    def load(self, folder: Path) -> None:
        """Load the weights from the file beside the project, if it has one.

        Raises:
            UserError: It cannot be read, or does not fit.
        """
        if not self._weights:
            return
        if isinstance(self.layer, SavedModelLayer):
            self.layer.open(file_beside(folder, self._weights))
            return
        arrays = read_weights(folder, self._weights)
        try:
            self.layer.set_weights(arrays)
        except ValueError as error:
            raise UserError(
                _("The weights in {path} do not belong to this block.").format(
                    path=self._weights
                )
            ) from error


def open_opaque(params: Mapping[str, Value], name: str | None = None) -> OpaqueLayer:
    """Create the opaque layer that a node's parameters describe.

    Args:
        params: Checked parameters of a `dlstudio.Opaque`.
        name: The layer's name; that of the configuration if None.

    Raises:
        UserError: It needs a class that is not installed or that runs code, or Keras
            cannot create it.
    """
    serialized = configuration(params, name)
    objects = current_code().custom_objects
    try:
        layer = keras.saving.deserialize_keras_object(
            serialized, objects, safe_mode=True
        )
    except Exception as error:
        raise UserError(
            _("Keras cannot create this block: {reason}").format(reason=plain(error))
        ) from error
    template = params.get("arguments")
    arguments = template.value if isinstance(template, Json) else None
    check_classes(arguments)
    return OpaqueLayer(layer, arguments, str(params.get("weights") or ""))


def configuration(params: Mapping[str, Value], name: str | None) -> dict[str, object]:
    """The checked configuration of an opaque layer, as Keras is given it.

    Raises:
        UserError: It needs a class that is not installed, runs code that is not
            trusted, or is not a layer.
    """
    serialized = current_code().prepared(serialized_block(params, name))
    check_classes(serialized)
    made = _known_class(serialized)
    if not (isinstance(made, type) and issubclass(made, keras.Operation)):
        raise UserError(_("This block is not a layer."))
    return dict(serialized)


def serialized_block(params: Mapping[str, Value], name: str | None) -> dict[str, Any]:
    """The configuration of an opaque layer, unchecked, as its file had it.

    Raises:
        UserError: It is damaged.
    """
    config = params.get("config")
    inner = config.value if isinstance(config, Json) else {}
    if not isinstance(inner, dict):
        raise UserError(_("The configuration of this block is damaged."))
    if name is not None:
        inner = {**inner, "name": name}
    serialized: dict[str, Any] = {
        "module": str(params.get("module") or ""),
        "class_name": str(params.get("class_name") or ""),
        "config": inner,
        "registered_name": params.get("registered_name") or None,
    }
    build = params.get("build_config")
    if isinstance(build, Json):
        serialized["build_config"] = build.value
    return serialized


def check_classes(serialized: object) -> None:
    """Check that a configuration names only what may be run.

    These are classes and functions of Keras itself, and those of trusted code.

    Args:
        serialized: A configuration of a layer or model, `CodeScope.prepared`.

    Raises:
        UserError: It names others, or some that run code.
    """
    for item in _objects(serialized):
        name = str(item["class_name"])
        if name in RUNS_CODE:
            raise untrusted_code(name)
        if not _is_known(item):
            full = item.get("registered_name") or name
            raise missing_class(str(full), current_code())


def unknown_names(serialized: object) -> tuple[str, ...]:
    """The classes and functions in a configuration that nothing has, each once.

    Args:
        serialized: A configuration of a layer or model, as JSON.
    """
    prepared = current_code().prepared(serialized)
    found = (
        str(item["config"] if name == NAMED else item.get("registered_name") or name)
        for item in _objects(prepared)
        for name in (str(item["class_name"]),)
        if name not in RUNS_CODE and not _is_known(item)
    )
    return tuple(dict.fromkeys(found))


def _is_known(item: Mapping[str, Any]) -> bool:
    """Whether Keras, a program or trusted code has the class or function."""
    name = str(item["class_name"])
    if name == NAMED:
        known = item.get("config") in current_code().objects
        return known or item.get("module") in FUNCTIONS
    return name in PLAIN or isinstance(_known_class(item), type)


def _known_class(item: Mapping[str, Any]) -> object:
    """The class of trusted code, of a program, or of Keras; None if it is none."""
    name = item.get("registered_name")
    if name == RESTORED:  # refuses what is not trusted by itself
        return keras.layers.Lambda
    trusted = current_code().objects
    if isinstance(name, str) and name in trusted:
        return trusted[name]
    registered = (
        keras.saving.get_registered_object(name) if isinstance(name, str) else None
    )
    if registered is not None:
        return registered
    return _class(item.get("module"), str(item["class_name"]))


def _class(module: object, name: str) -> object:
    """The Keras class of this name; importing Keras imports all its modules."""
    first, *inner = module.split(".") if isinstance(module, str) else [""]
    if first != "keras":
        return None
    if inner[:1] == ["src"]:
        return getattr(sys.modules.get(str(module)), name, None)
    found: Any = keras
    for part in (*inner, name):
        found = getattr(found, part, None)
    return found


def _objects(item: object) -> Iterator[dict[str, Any]]:
    """All objects in a configuration that name a class."""
    waiting = [item]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if "class_name" in each:
                yield each
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each


def filled(
    template: Any,
    tensors: Sequence[object],
    revived: Callable[[dict[str, Any]], object] = keras.saving.deserialize_keras_object,
) -> tuple[list[object], dict[str, object]]:
    """The arguments of a call: the template with tensors for `{"port": number}`.

    Without a template, a single tensor is passed alone, several as a list.

    Args:
        template: Lists and dicts, as JSON.
        tensors: One for each port.
        revived: Makes a slice, an array, … of its serialized form.

    Raises:
        UserError: The template is invalid.
    """
    if template is None:
        return [tensors[0] if len(tensors) == 1 else list(tensors)], {}

    def fill(item: object) -> Any:
        if isinstance(item, dict):
            if set(item) == {"port"}:
                return tensors[item["port"]]
            if item.get("class_name") in PLAIN:
                return revived(item)
            return {key: fill(value) for key, value in item.items()}
        return [fill(each) for each in item] if isinstance(item, list) else item

    try:
        return list(fill(template.get("args", []))), dict(fill(template["kwargs"]))
    except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
        raise UserError(
            _("The call configuration of this block is damaged.")
        ) from error


def describe_opaque(layer: KerasLayer) -> dict[str, Value]:
    """The parameters of an opaque node for a Keras layer or model.

    Raises:
        UserError: Its configuration is not plain data.
    """
    whole = keras.saving.serialize_keras_object(layer)
    found: dict[str, Value] = {
        "class_name": whole["class_name"],
        "module": whole.get("module") or "",
        "config": Json.of(whole["config"]),
    }
    if whole.get("registered_name"):
        found["registered_name"] = whole["registered_name"]
    if whole.get("build_config"):
        found["build_config"] = Json.of(whole["build_config"])
    return found
