"""The JSON form of findings, field by field."""

from __future__ import annotations

from typing import TypedDict

from dlstudio.json_values import JsonObject


class _FixJson(TypedDict):
    label: str
    params: JsonObject


class FixJson(_FixJson, total=False):
    """See `SourceFix` and `RecipeFix`.

    Attributes:
        id: What `scan --fix` calls it; of tables.
    """

    id: str
    splits: bool
    column: str
    kind: str
    exclude: list[int]


class _FindingJson(TypedDict):
    kind: str
    path: str
    message: str


class FindingJson(_FindingJson, total=False):
    """See `Finding`."""

    original: str
    fixes: list[FixJson]
    rows: list[int]
