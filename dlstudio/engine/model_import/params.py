"""Parameters of the catalog's kinds, from the configuration of Keras objects."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from dlstudio.catalog.schema import Description, Param
from dlstudio.catalog.store import Catalog
from dlstudio.catalog.validation import check_params, check_value
from dlstudio.document.graph import INPUT, NESTED
from dlstudio.document.values import (
    FrozenMap,
    Json,
    Params,
    Spec,
    Value,
    freeze,
)
from dlstudio.engine.model_import.config_values import (
    array_value,
    collapsed,
    dtype_of,
)
from dlstudio.engine.model_import.imported_graphs import UnopenedLayer
from dlstudio.engine.model_import.minimal_config import minimal_config
from dlstudio.engine.model_import.network_config import is_network
from dlstudio.engine.model_import.serialized import (
    inner,
    is_object,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonValue

OWN = "dlstudio"
"""Package under which dlstudio's own layers are registered."""
UNUSED = frozenset(("vocabulary_size", "oov_method", "name", "shared_object_id"))
"""What Keras writes into configurations, though it follows from the rest."""
_LIKE_NONE = (("data_format", "channels_last"), ("activation", "linear"))
"""Values that Keras writes down where nothing was chosen."""
_NEVER_SHORT = ("Constant", "L1L2")
"""Objects that Keras cannot make from their names."""
_NO_EFFECT = (None, False, "channels_last")
_AUTOMATIC = re.compile(r"(forward_|backward_)?[a-z0-9]+(_[a-z0-9]+)*$")


class ParamReader:
    """Reads configurations of layers, initializers, optimizers, ... .

    Args:
        catalog: Describes the kinds.
        precision: The dtype policy that needs no parameter.

    Attributes:
        nested: Adds the graph of a model inside a layer, and gives its name; None where
            there are no models.
    """

    def __init__(self, catalog: Catalog, precision: str) -> None:
        self.catalog = catalog
        self.precision = precision
        self.nested: Callable[[Mapping[str, JsonValue]], str] | None = None

    def params(
        self, description: Description, config: Mapping[str, JsonValue]
    ) -> Params:
        """The parameters that differ from their defaults.

        Args:
            description: Of the kind.
            config: As Keras' `get_config` gives it.

        Raises:
            UnopenedLayer: Something in it cannot be expressed.
        """
        found: dict[str, Value] = {}
        for name, given in config.items():
            param = description.param(name)
            if param is None:
                self._check_unknown(name, given)
                continue
            if name == "dtype" and self._is_usual(given, description):
                continue
            value = self._value(param, given)
            if description.family == "layers":
                value = collapsed(param, value)
            if param.required or not self._is_default(param, value):
                found[name] = value
        problems = check_params(description, found, self.catalog)
        if problems:
            raise UnopenedLayer(problems[0][1])
        return FrozenMap(found)

    def spec(self, item: JsonValue, family: str) -> Spec | str:
        """An object of a family; its name where it has no parameters.

        Raises:
            UnopenedLayer: The catalog does not know it.
        """
        if isinstance(item, str):
            self._find(family, item)
            return item
        if not is_object(item):
            raise UnopenedLayer(_("Its configuration cannot be read."))
        name = str(item["class_name"])
        if name == "function":  # a function of Keras, named by its "config"
            return self.spec(_function(item), family)
        _check_package(item)
        layer = family == "activations" and ".layers" in str(item.get("module"))
        description = self._find("layers" if layer else family, name)
        config = {k: v for k, v in inner(item).items() if not _is_default_name(k, v)}
        params = self.params(description, config)
        if params or description.family != family:
            return Spec(description.kind, params)
        return self._short(description)

    def layer_spec(self, item: JsonValue) -> Spec:
        """A layer inside another one, such as that of TimeDistributed.

        Raises:
            UnopenedLayer: The catalog does not know it.
        """
        if not is_object(item):
            raise UnopenedLayer(_("Its configuration cannot be read."))
        if is_network(item) and self.nested is not None:
            return Spec(NESTED, FrozenMap({"graph": self.nested(item)}))
        description = layer_description(item, self.catalog)
        params = self.params(description, minimal_config(item)).without(["name"])
        name = inner(item).get("name")
        if isinstance(name, str) and not _is_automatic(name, description.name):
            params = params.set("name", name)
        return Spec(description.kind, params)

    def _is_usual(self, dtype: JsonValue, description: Description) -> bool:
        """Whether a layer's dtype is the one that all have."""
        layer = description.family == "layers" and description.kind != INPUT
        return layer and dtype_of(dtype) == self.precision

    def _find(self, family: str, name: str) -> Description:
        found = self.catalog.search(family, name)
        if found is None:
            raise UnopenedLayer(_("“{name}” is not known here.").format(name=name[:60]))
        return found

    def _short(self, description: Description) -> Spec | str:
        """The name in the form of Keras' identifiers: "he_normal"."""
        short = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", description.name).lower()
        if description.name in _NEVER_SHORT:
            return Spec(description.kind)
        if self.catalog.search(description.family, short) is description:
            return short
        return Spec(description.kind)

    def _value(self, param: Param, given: JsonValue) -> Value:
        try:
            value = self._converted(param, given)
        except UnopenedLayer:
            raise
        except UserError as error:  # of a value that no project file can hold
            raise UnopenedLayer(error.message) from error
        problem = check_value(param, value, self.catalog)
        if problem and param.type == "range" and isinstance(value, tuple):
            # Keras makes (-0.2, 0.2) of 0.2, and does not take it back.
            value = value[-1]
            problem = check_value(param, value, self.catalog)
        if problem:
            raise UnopenedLayer(problem)
        return value

    def _converted(self, param: Param, given: JsonValue) -> Value:
        if given is None:
            return None
        if param.name == "dtype":
            return dtype_of(given)
        if param.type == "layer":
            return self.layer_spec(given)
        if param.type in ("layers", "objects") and isinstance(given, Sequence):
            family = param.family
            several = param.type == "layers"
            return tuple(
                self.layer_spec(each) if several else self.spec(each, family)
                for each in given
            )
        if param.type == "object" or (param.family and is_object(given)):
            return self.spec(given, param.family)
        if param.type == "array":
            return array_value(given)
        if param.type == "json":
            return Json.of(given)
        if is_object(given):
            raise UnopenedLayer(
                _("{name} has a value that is not known here.").format(name=param.name)
            )
        return freeze(given)

    def _is_default(self, param: Param, value: Value) -> bool:
        default = param.default
        if default is None and (param.name, value) in _LIKE_NONE:
            return True
        if isinstance(value, str) and isinstance(default, str) and param.family:
            search = self.catalog.search
            return search(param.family, value) is search(param.family, default)
        if isinstance(value, Spec) and isinstance(default, str) and param.family:
            described = self.catalog.search(param.family, default)
            return (
                described is not None
                and described.kind == value.kind
                and not value.params
            )
        if isinstance(default, tuple):
            default = collapsed(param, freeze(default))
        return bool(
            value == default and isinstance(value, bool) is isinstance(default, bool)
        )

    def _check_unknown(self, name: str, given: JsonValue) -> None:
        """Raise if a part of the configuration would be lost."""
        if name in UNUSED or given in _NO_EFFECT or given == {} or given == []:
            return
        raise UnopenedLayer(
            _("{name} = {value} cannot be set here.").format(
                name=name[:60], value=str(given)[:60]
            )
        )


def layer_description(item: Mapping[str, JsonValue], catalog: Catalog) -> Description:
    """The description of a serialized layer's class.

    Raises:
        UnopenedLayer: It is not in the catalog.
    """
    name = str(item["class_name"])
    registered = str(item.get("registered_name") or "")
    if registered.startswith(f"{OWN}>"):
        found = catalog.get(f"{OWN}.layers.{registered.removeprefix(f'{OWN}>')}")
    else:
        _check_package(item)
        found = catalog.search("layers", name)
    if found is None:
        raise UnopenedLayer(
            _("The layer {name} cannot be edited here.").format(name=name[:60])
        )
    return found


def class_title(item: Mapping[str, JsonValue]) -> str:
    """The class of a serialized object, with its package if it is not Keras' own."""
    registered = item.get("registered_name")
    return str(registered if registered else item.get("class_name", ""))


def is_keras(item: Mapping[str, JsonValue]) -> bool:
    """Whether the class of a serialized object is one of Keras."""
    module = item.get("module")
    if module is None:
        return not item.get("registered_name")
    return str(module).split(".")[0] == "keras"


def _check_package(item: Mapping[str, JsonValue]) -> None:
    if not is_keras(item):
        raise UnopenedLayer(
            _("{name} is a custom class, not one of Keras.").format(
                name=class_title(item)[:60]
            )
        )


def _function(item: Mapping[str, JsonValue]) -> str:
    if not is_keras(item) and item.get("module") not in (None, "builtins"):
        raise UnopenedLayer(
            _("{name} is a custom function, not one of Keras.").format(
                name=class_title(item)[:60]
            )
        )
    return str(item.get("config"))


def _is_default_name(key: str, value: JsonValue) -> bool:
    return key == "name" or (key == "trainable" and value is True)


def _is_automatic(name: str, class_name: str) -> bool:
    """Whether Keras has given a layer its name: "lstm_2", "forward_lstm_2"."""
    plain = re.sub(r"^(forward_|backward_)+", "", name)
    plain = re.sub(r"_\d+$", "", plain)
    return plain.replace("_", "") == class_name.lower()
