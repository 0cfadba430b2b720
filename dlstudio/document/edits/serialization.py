"""Edits as JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.edits.base import Edit
from dlstudio.document.feature import Feature
from dlstudio.document.graph import Edge, Graph, Group, Node
from dlstudio.document.initial_weights import InitialWeights
from dlstudio.document.plan import EarlyStopping, HeadFirst
from dlstudio.document.values import Array, Json, Spec, json_key, thaw
from dlstudio.document.vectors_reference import VectorsReference
from dlstudio.json_values import JsonObject, JsonValue

# Names that `--json` writes; kept stable for the programs that read them.
_JSON_NAMES = {
    "CompositeEdit": "Several",
    "GroupNodes": "Gather",
    "InsertOnEdge": "InsertOnLink",
    "LayoutEdit": "Spaced",
    "SetGroup": "GroupNodes",
    "SetHead": "SetTask",
    "edge": "link",
    "head": "task",
}

_ONLY_IF_SET = ("output_ports",)
"""Fields that came later, and that hardly any node has."""

RECORDS = (
    *(Node, Edge, Group, Graph, Feature, InputBinding, OutputBinding),
    *(EarlyStopping, HeadFirst, VectorsReference, InitialWeights),
)
"""What becomes an object with a key for each field."""


def edit_to_json(edit: Edit) -> JsonObject:
    """`{"edit": its name in JSON, ...}` with the fields as plain JSON."""
    assert dataclasses.is_dataclass(edit)
    name = type(edit).__name__
    fields = {
        _JSON_NAMES.get(field.name, field.name): _plain(getattr(edit, field.name))
        for field in dataclasses.fields(edit)
    }
    return {"edit": _JSON_NAMES.get(name, name), **fields}


def _plain(value: Any) -> JsonValue:
    if isinstance(value, Edit):
        return edit_to_json(value)
    if isinstance(value, RECORDS):
        return {
            json_key(type(value), f.name): _plain(getattr(value, f.name))
            for f in dataclasses.fields(value)
            if f.name not in _ONLY_IF_SET or getattr(value, f.name)
        }
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, (Spec, Array, Json)):
        return thaw(value)
    plain: JsonValue = value
    return plain
