"""Calls of layers and operations, as edges to ports and values of nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dlstudio.catalog.schema import Description, Ports
from dlstudio.engine.model.call_arguments import plain_ports
from dlstudio.engine.model.item_key import GET_ITEM
from dlstudio.engine.model_import.imported_graphs import UnopenedLayer
from dlstudio.engine.model_import.item_keys import key_text
from dlstudio.engine.model_import.serialized import (
    TensorReference,
    has_tensors,
    leaves,
    references,
)
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject, JsonValue

FALSE_BY_DEFAULT = frozenset(
    (
        *("AdditiveAttention", "AlphaDropout", "Attention", "ConvLSTM1D", "ConvLSTM2D"),
        *("ConvLSTM3D", "Dropout", "GRU", "GaussianDropout", "GaussianNoise", "LSTM"),
        *("RNN", "SimpleRNN", "SpatialDropout1D", "SpatialDropout2D"),
        *("SpatialDropout3D", "SpectralNormalization"),
    )
)
"""Layers whose call has `training=False`, which Keras writes down with every call."""
_FURTHER: Mapping[str, tuple[int, str]] = {
    "dot_product_attention": (5, "scale"),
    "full_like": (1, "fill_value"),
    "get_item": (1, "key"),
    "isclose": (2, "rtol"),
    "nanpercentile": (1, "q"),
    "nanquantile": (1, "q"),
    "pad": (1, "constant_values"),
    "percentile": (1, "q"),
    "quantile": (1, "q"),
    "rearrange": (1, "pattern"),
    "scale_and_translate": (1, "output_shape"),
    "slice": (1, "start_indices"),
    "slice_update": (1, "start_indices"),
}
"""The argument of an operation's call that is no tensor, and its place."""


@dataclass(frozen=True, slots=True)
class SerializedCall:
    """The arguments of one call of a layer, as Keras has serialized them."""

    args: Sequence[JsonValue]
    kwargs: Mapping[str, JsonValue]

    @classmethod
    def of(cls, item: JsonValue) -> SerializedCall:
        """The arguments in an entry of "inbound_nodes".

        Raises:
            UnopenedLayer: They are not in the form of Keras 3.
        """
        if isinstance(item, Mapping):
            args, kwargs = item.get("args", []), item.get("kwargs", {})
            if isinstance(args, Sequence) and isinstance(kwargs, Mapping):
                return cls(args, kwargs)
        raise UnopenedLayer(_("Its call cannot be read."))


@dataclass
class Connections:
    """What a call gives a node.

    Attributes:
        tensors: The tensor that enters each port.
        values: Arguments that are no tensors.
    """

    tensors: list[tuple[int, TensorReference]] = field(default_factory=list)
    values: JsonObject = field(default_factory=dict)

    def connect(self, ports: Sequence[int], given: JsonValue) -> None:
        """Let the tensors of an argument enter ports, one after the other.

        Raises:
            UnopenedLayer: There are more of them than ports.
        """
        found = list(leaves(given))
        if len(found) > len(ports):
            raise UnopenedLayer(_("It takes more tensors than can be connected here."))
        self.tensors += [
            (port, each)
            for port, each in zip(ports, found, strict=False)
            if each is not None
        ]


def layer_connections(
    call: SerializedCall, description: Description, ports: Ports
) -> Connections:
    """The tensors and values that a layer is called with.

    Args:
        call: The call.
        description: Of the layer.
        ports: Those of the layer, or of the nested graph.

    Raises:
        UnopenedLayer: An argument has no place here.
    """
    made = Connections()
    rest = [n for n in dict.fromkeys(ports.names[1:]) if n != ports.names[0]]
    further = [] if ports.as_list else rest
    names = ["", *further, *dict.fromkeys(ports.keywords)]
    if len(call.args) > len(names):
        raise UnopenedLayer(_("It takes more tensors than can be connected here."))
    given = dict(zip(names, call.args, strict=False))
    for name, value in call.kwargs.items():
        if name in names[1:]:
            given[name] = value
        elif has_tensors(value) and "" not in given:
            given[""] = value
        elif has_tensors(value):
            raise UnopenedLayer(
                _("Nothing can be connected to “{name}” here.").format(name=name[:60])
            )
        elif not _is_default(name, value, description):
            made.values[name] = value
    for name, value in given.items():
        made.connect(_ports_named(ports, name, len(list(leaves(value)))), value)
    made.tensors.sort(key=lambda each: each[0])
    return made


def _is_default(name: str, value: JsonValue, description: Description) -> bool:
    """Whether an argument says nothing: None, or what Keras adds by itself."""
    if name == "training" and value is False:
        return description.name in FALSE_BY_DEFAULT
    if isinstance(value, Mapping):
        return all(each is None for each in value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return all(each is None for each in value)
    return value is None


def _ports_named(ports: Ports, name: str, count: int) -> list[int]:
    most = plain_ports(ports)
    if not name:
        if not ports.names or ports.as_list:
            return list(range(count if most is None else most))
        return [0]
    if name in ports.names:
        return [port for port, each in enumerate(ports.names) if each == name]
    return [(most or 0) + i for i, n in enumerate(ports.keywords) if n == name]


def operation_connections(
    call: SerializedCall, description: Description
) -> Connections:
    """The tensors and values that an operation is called with.

    Args:
        call: The call.
        description: Of the function in `keras.ops`.

    Raises:
        UnopenedLayer: An argument has no place here.
    """
    made, ports = Connections(), description.inputs
    if ports.maximum is None and not ports.as_list:
        made.connect(range(len(call.args)), list(call.args))
        named: JsonObject = {}
    else:
        names = _call_names(description)
        first = call.args[0] if call.args else None
        if ports.as_list or (len(call.args) == 1 and isinstance(first, list)):
            count = len(references(first))
            made.connect(range(count), first)
            named = dict(zip(names[1:], call.args[1:], strict=False))
        elif len(call.args) > len(names):
            raise UnopenedLayer(_("It takes more tensors than can be connected here."))
        else:
            named = dict(zip(names, call.args, strict=False))
    _connect_named(made, {**named, **call.kwargs}, description)
    made.tensors.sort(key=lambda each: each[0])
    return made


def _call_names(description: Description) -> tuple[str, ...]:
    """The arguments of an operation's call, in their order."""
    names = list(description.inputs.names or ("x",))
    if description.name in _FURTHER:
        names.insert(*_FURTHER[description.name])
    if description.name == "isclose":
        names.append("atol")
    return tuple(names)


def _connect_named(
    made: Connections, named: Mapping[str, JsonValue], description: Description
) -> None:
    ports = description.inputs
    for name, value in named.items():
        if description.kind == GET_ITEM and name == "key":
            made.values[name] = key_text(value)
        elif has_tensors(value):
            known = name in ports.names
            if not known and (ports.names or made.tensors):
                raise UnopenedLayer(
                    _("Nothing can be connected to “{name}” here.").format(
                        name=name[:60]
                    )
                )
            made.connect([ports.names.index(name) if known else 0], value)
        elif value is not None:
            made.values[name] = value
