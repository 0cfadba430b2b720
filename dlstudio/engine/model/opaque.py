"""Opaque layers: foreign layers or models given by their Keras configuration.

A configuration is data. Only classes of Keras itself are looked up, by their public
names and in Keras' safe mode, and those that a program has registered with Keras; a
configuration imports none. Classes that run other code are rejected. So untrusted
projects can be opened, and missing classes are reported in a message.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras

from dlstudio.document.values import Json, Value
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
    def weights(self) -> list[Variable]:
        """Its variables."""
        return list(getattr(self.layer, "weights", ()))

    @property
    def trainable_weights(self) -> list[Variable]:
        """Its trainable variables."""
        return list(getattr(self.layer, "trainable_weights", ()))

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
    try:
        layer = keras.saving.deserialize_keras_object(serialized, safe_mode=True)
    except Exception as error:
        raise UserError(
            _("Keras cannot create this block: {reason}").format(reason=plain(error))
        ) from error
    template = params.get("arguments")
    arguments = template.value if isinstance(template, Json) else None
    check_classes(arguments)
    return OpaqueLayer(layer, arguments, str(params.get("weights") or ""))


def configuration(params: Mapping[str, Value], name: str | None) -> dict[str, object]:
    """The checked configuration of an opaque layer.

    Raises:
        UserError: It needs a class that is not installed, runs code or is not a layer.
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
    check_classes(serialized)
    made = _known_class(serialized)
    if not (isinstance(made, type) and issubclass(made, keras.Operation)):
        raise UserError(_("This block is not a layer."))
    return serialized


def check_classes(serialized: object) -> None:
    """Check that a configuration names only classes and functions of Keras itself.

    Args:
        serialized: A configuration of a layer or model.

    Raises:
        UserError: It names others, or some that run code.
    """
    for item in _objects(serialized):
        name, module = str(item["class_name"]), item.get("module")
        if name in RUNS_CODE:
            raise UserError(
                _("This block contains custom code ({name}).").format(name=name),
                _("It is kept in the project, but never run."),
            )
        if name == "function":
            known = module in FUNCTIONS
        else:
            known = name in PLAIN or isinstance(_known_class(item), type)
        if not known:
            full = item.get("registered_name") or name
            raise UserError(
                _("This block needs the class {name}, which is not available.").format(
                    name=full
                ),
                _("It is kept in the project; everything else works."),
            )


def _known_class(item: Mapping[str, Any]) -> object:
    """The class that a program has registered, or the one of Keras; None if neither."""
    name = item.get("registered_name")
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
