"""What JSON is made of, as types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

JsonValue: TypeAlias = (
    "Mapping[str, JsonValue] | Sequence[JsonValue] | str | float | int | bool | None"
)
"""Anything that can be written as JSON; to be read, not to be changed."""
JsonObject: TypeAlias = dict[str, JsonValue]
"""A JSON object: what a `to_json` gives."""
