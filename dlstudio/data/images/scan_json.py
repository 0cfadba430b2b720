"""The JSON form of a scan, field by field."""

from __future__ import annotations

from typing import TypedDict

from dlstudio.data.findings_json import FindingJson


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
