"""The JSON form of a scan, field by field."""

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


class _ScanJson(TypedDict):
    samples: int
    classes: dict[str, int]
    splits: dict[str, int]
    sizes: dict[str, dict[str, int]]
    modes: dict[str, int]
    formats: dict[str, int]
    multi_label: bool
    findings: list[FindingJson]


class ScanJson(_ScanJson, total=False):
    """See `Scan`.

    Attributes:
        excluded: Images that the command has just excluded.
        planned_splits: Number of images of each split by the project's settings.
    """

    excluded: list[str]
    planned_splits: dict[str, int]
