"""Parameters of a node after its line of a script was edited."""

from __future__ import annotations

import json
from collections.abc import Mapping

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.catalog.store import Catalog
from dlstudio.document.backbone import BackboneConfig
from dlstudio.document.graph import OPAQUE
from dlstudio.document.preset_config import preset_config_of
from dlstudio.document.values import FrozenMap, Json, Params, Value, thaw
from dlstudio.engine.codegen.literals import LiteralWriter
from dlstudio.engine.codegen.written_params import is_default
from dlstudio.engine.model.item_key import GET_ITEM, item_key
from dlstudio.errors import UserError


class ParamMerger:
    """Keeps values that a script writes as they are, whatever form they have.

    Args:
        catalog: Has defaults.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._writer = LiteralWriter(catalog)

    def merge(
        self,
        kind: str,
        before: Mapping[str, Value],
        written: Mapping[str, Value],
        *,
        frozen: bool = False,
    ) -> Params:
        """The parameters of a node.

        Args:
            kind: Of the node.
            before: Its parameters; none for a new node.
            written: As the script has them, defaults among them.
            frozen: Whether the node is frozen.
        """
        if kind == BACKBONE:
            return _of_backbone(before, written, frozen)
        if kind == OPAQUE and before:
            return _of_opaque(before, written)
        found: dict[str, Value] = {}
        for name, value in before.items():
            if name in ("name", "trainable"):
                found[name] = value
            elif name not in written:
                if self._is_default(kind, name, value):
                    found[name] = value  # a script does not write it
            else:
                same = self.is_same(value, written[name], kind)
                found[name] = value if same else written[name]
        for name, value in written.items():
            if name not in found and not self._is_default(kind, name, value):
                found[name] = value
        return FrozenMap(found)

    def is_same(self, before: Value, after: Value, kind: str = "") -> bool:
        """Whether a script writes two values the same.

        Args:
            before, after: The values.
            kind: Of the node.
        """
        if before == after and isinstance(before, bool) == isinstance(after, bool):
            return True
        if isinstance(before, Json) or isinstance(after, Json):
            return _as_json(before) == _as_json(after)
        if kind == GET_ITEM and isinstance(before, str) and isinstance(after, str):
            try:
                return item_key(before) == item_key(after)
            except UserError:
                return False
        try:
            return self._writer.value(before) == self._writer.value(after)
        except UserError:
            return False

    def _is_default(self, kind: str, name: str, value: Value) -> bool:
        described = self._catalog.get(kind)
        param = None if described is None else described.param(name)
        return is_default(param, value)


def _as_json(value: Value) -> object:
    """JSON of a value, so that lists and tuples are alike."""
    return json.dumps(thaw(Json.of(thaw(value)) if isinstance(value, tuple) else value))


OF_PRESET = ("preset_config", "architecture")
"""What no script says of the network of a preset."""


def _of_backbone(
    before: Mapping[str, Value], written: Mapping[str, Value], frozen: bool
) -> Params:
    """A backbone's: what a script does not say stays."""
    old, new = BackboneConfig.of(before), BackboneConfig.of(written)
    default = BackboneConfig()
    same = old.preset == new.preset
    if new.preset and same and not _has_converter(old):
        written = {k: v for k, v in written.items() if k != "preprocess"}
    found: dict[str, Value] = {}
    for name, value in before.items():
        unsaid = value is None or value == getattr(default, name, None)
        unsaid |= name == "name" or (name == "trainable_from" and frozen)
        unsaid |= name == "weights_sha256" and old.weights == new.weights
        unsaid |= name == "preprocess" and not new.network.mode and not new.preset
        unsaid |= (
            name in ("preset_config", "architecture") and bool(new.preset) and same
        )
        if name in written or unsaid:
            found[name] = written.get(name, value)
    if not old.pretrained and not new.pretrained and "weights" in before:
        found["weights"] = before["weights"]
    for name, value in written.items():
        if name not in found and value != getattr(default, name, None):
            found[name] = value
    return FrozenMap(found)


def _of_opaque(before: Mapping[str, Value], written: Mapping[str, Value]) -> Params:
    """An opaque block's: all of it stays unless its configuration was edited."""
    found = dict(before)
    if before.get("class_name") != written.get("class_name"):
        found |= written
    elif "config" in written and _config(before) != _config(written):
        found["config"] = written["config"]
    return FrozenMap(found)


def _config(params: Mapping[str, Value]) -> object:
    config = params.get("config")
    value = config.value if isinstance(config, Json) else config
    if isinstance(value, dict):
        return {name: each for name, each in value.items() if name != "name"}
    return value


def _has_converter(config: BackboneConfig) -> bool:
    """Whether the preset that a backbone was chosen with scales its input."""
    text = config.preset_config
    return not text or bool(preset_config_of(text).converter)
