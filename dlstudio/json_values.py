"""Types of JSON values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

JsonValue: TypeAlias = (
    "Mapping[str, JsonValue] | Sequence[JsonValue] | str | float | int | bool | None"
)
"""Any JSON value, read-only."""
JsonObject: TypeAlias = dict[str, JsonValue]
"""A JSON object, as returned by `to_json` methods."""
