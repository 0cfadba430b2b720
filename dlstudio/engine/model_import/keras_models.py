"""Keras models as graphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dlstudio.catalog.store import Catalog
from dlstudio.document.values import FrozenMap
from dlstudio.engine.model_import.compile_settings import compile_settings
from dlstudio.engine.model_import.config_values import dtype_of
from dlstudio.engine.model_import.imported_graphs import (
    ImportedGraphs,
    LayerPath,
    UnopenedLayer,
)
from dlstudio.engine.model_import.layer_nodes import LayerReader, LayerState
from dlstudio.engine.model_import.network_config import is_network, network_config
from dlstudio.engine.model_import.network_reader import NetworkReader
from dlstudio.engine.model_import.params import ParamReader
from dlstudio.engine.model_import.serialized import inner, is_object
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonValue

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel

PRECISIONS = ("float32", "mixed_float16", "mixed_bfloat16", "float16", "bfloat16")
_NO_STATES: Mapping[LayerPath, LayerState] = {}
_NO_IDENTITIES: Mapping[LayerPath, int] = {}


def imported_graphs(
    config: Mapping[str, JsonValue],
    catalog: Catalog,
    states: Mapping[LayerPath, LayerState] = _NO_STATES,
    identities: Mapping[LayerPath, int] = _NO_IDENTITIES,
) -> ImportedGraphs:
    """The graphs of a model, from its serialized configuration alone.

    Nothing is imported, built or run: the configuration is data.

    Args:
        config: As `keras.saving.serialize_keras_object` gives it, and as it is in
            "config.json" of a `.keras` file.
        catalog: Describes layers and operations.
        states: What layers have learned from data, such as a vocabulary, by the layer's
            path, as values of its parameters.
        identities: What is the same for layers that are one, by path, where the
            configuration does not say it.

    Raises:
        UserError: It is not the configuration of a functional or sequential model, or
            it is damaged.
    """
    if not is_object(config) or not is_network(config):
        raise UserError(
            _("This is not a functional or sequential model of Keras."),
            _("Models of another class can only be kept as an opaque block."),
        )
    precision = _usual_precision(config)
    layers = LayerReader(ParamReader(catalog, precision), states)
    reader = NetworkReader(layers, identities)
    try:
        reader.read(config)
    except RecursionError as error:
        raise UserError(_("The model is nested too deeply.")) from error
    outputs = [each.layer for each in network_config(config).outputs]
    return ImportedGraphs(
        FrozenMap(reversed(reader.graphs.items())),
        str(inner(config).get("name") or ""),
        precision,
        compile_settings(config.get("compile_config"), outputs, catalog),
        tuple(reader.opaque),
        tuple(reader.notes),
        FrozenMap(reader.paths),
    )


def imported_model(model: KerasModel, catalog: Catalog) -> ImportedGraphs:
    """The graphs of a live model, with what its layers have learned from data.

    Args:
        model: A functional or sequential model that is built.
        catalog: Describes layers and operations.

    Raises:
        UserError: As for `imported_graphs`.
    """
    import keras

    from dlstudio.engine.model_import.layer_states import layer_states, named_layers

    serialized = keras.saving.serialize_keras_object(model)
    config = _plain(serialized)
    assert isinstance(config, Mapping)
    identities = {path: id(layer) for path, layer in named_layers(model)}
    return imported_graphs(config, catalog, layer_states(model), identities)


def _plain(item: JsonValue) -> JsonValue:
    """Tuples as lists, as they are in a file."""
    if isinstance(item, Mapping):
        return {key: _plain(value) for key, value in item.items()}
    if isinstance(item, (list, tuple)):
        return [_plain(each) for each in item]
    return item


def _usual_precision(config: Mapping[str, JsonValue]) -> str:
    """The dtype policy that most layers have."""
    found: Counter[str] = Counter()
    waiting: list[JsonValue] = [config]
    while waiting:
        item = waiting.pop()
        layers = inner(item).get("layers") if is_object(item) else None
        if isinstance(layers, Sequence) and not isinstance(layers, str):
            waiting += layers
        elif is_object(item) and item["class_name"] != "InputLayer":
            try:
                found[dtype_of(inner(item).get("dtype")) or ""] += 1
            except UnopenedLayer:
                continue
    usual = [(count, name) for name, count in found.items() if name in PRECISIONS]
    return max(usual)[1] if usual else "float32"
