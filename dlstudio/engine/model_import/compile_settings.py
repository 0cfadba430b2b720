"""What a model was compiled with, as kinds of the catalog."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from dlstudio.catalog.store import Catalog
from dlstudio.document.values import FrozenMap, Spec, Value
from dlstudio.engine.model_import.imported_graphs import CompileSettings, UnopenedLayer
from dlstudio.engine.model_import.params import ParamReader
from dlstudio.json_values import JsonValue

_LARGEST = 1e30  # of numbers that fit into 32 bits


def compile_settings(
    item: JsonValue, outputs: Sequence[str], catalog: Catalog
) -> CompileSettings | None:
    """The settings in a "compile_config"; what the catalog does not know is left out.

    Args:
        item: The serialized arguments of `compile`.
        outputs: Names of the model's outputs.
        catalog: Describes optimizers, losses and metrics.
    """
    if not isinstance(item, Mapping):
        return None
    reader = _SettingsReader(ParamReader(catalog, ""))
    losses = {
        name: found
        for name, each in by_output(item.get("loss"), outputs)
        if (found := reader.spec(each, "losses")) is not None
    }
    weights = {
        name: float(each)
        for name, each in by_output(item.get("loss_weights"), outputs)
        if isinstance(each, (int, float))
    }
    metrics = {
        name: several
        for name, each in _metric_lists(item.get("metrics"), outputs)
        if (several := tuple(reader.metrics(each)))
    }
    return CompileSettings(
        reader.spec(item.get("optimizer"), "optimizers"),
        FrozenMap(losses),
        FrozenMap(weights),
        FrozenMap(metrics),
    )


class _SettingsReader:
    def __init__(self, params: ParamReader) -> None:
        self._params = params

    def spec(self, item: JsonValue, family: str) -> Spec | None:
        """An object of a family; None if the catalog does not know it."""
        if item is None:
            return None
        try:
            found = self._params.spec(item, family)
        except UnopenedLayer:
            return None
        if isinstance(found, Spec):
            return _rounded(found)
        described = self._params.catalog.search(family, found)
        return Spec(described.kind) if described else None

    def metrics(self, item: JsonValue) -> list[Spec]:
        """The metrics in a list, or a single one."""
        given = item if isinstance(item, list) else [item]
        found = (self.spec(each, "metrics") for each in given)
        return [each for each in found if each is not None]


def _rounded(spec: Spec) -> Spec:
    """Numbers as a person wrote them: Keras keeps a learning rate with 32 bits."""
    return Spec(spec.kind, FrozenMap((k, _short(v)) for k, v in spec.params.items()))


def _short(value: Value) -> Value:
    if not isinstance(value, float) or abs(value) > _LARGEST:
        return value
    (kept,) = struct.unpack("f", struct.pack("f", value))
    return float(f"{value:.7g}") if kept == value else value


def by_output(item: JsonValue, outputs: Sequence[str]) -> list[tuple[str, JsonValue]]:
    """A setting for each output; under "" where it is for all."""
    if item is None:
        return []
    if isinstance(item, Mapping) and "class_name" not in item:
        return [(str(name), each) for name, each in item.items()]
    if isinstance(item, list):
        if len(item) == 1:
            return [("", item[0])]
        return list(zip(outputs, item, strict=False))
    return [("", item)]


def _metric_lists(
    item: JsonValue, outputs: Sequence[str]
) -> list[tuple[str, JsonValue]]:
    """Like `by_output`; a flat list of metrics is for every output."""
    given = item if isinstance(item, list) else []
    flat = given and not any(isinstance(each, list) for each in given)
    if flat and (len(outputs) < 2 or len(given) != len(outputs)):
        return [("", given)]
    return by_output(item, outputs)
