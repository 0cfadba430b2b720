"""What a user should know about the data, and what answers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlstudio.document.values import FrozenMap, Value, thaw_map

if TYPE_CHECKING:
    from dlstudio.data.scan_json import FindingJson, FixJson


@dataclass(frozen=True, slots=True)
class SourceFix:
    """Other parameters of the source that answer a finding.

    Attributes:
        label: What they mean, for a button.
        params: Names and values of the parameters that change.
        splits: Whether the source then tells splits; None if that stays as it is.
    """

    label: str
    params: FrozenMap[str, Value]
    splits: bool | None = None

    def to_json(self) -> FixJson:
        """The fix as a JSON object."""
        found: FixJson = {"label": self.label, "params": thaw_map(self.params)}
        if self.splits is not None:
            found["splits"] = self.splits
        return found


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the user should know about the data.

    Attributes:
        kind: Such as "truncated" or "duplicate"; see `scan`.
        path: Id of the sample, or name of a folder or class; "" for all.
        message: One sentence.
        original: Of a copy, the id of the first sample with this content; else "".
        fixes: Where the finding asks: the answers.
    """

    kind: str
    path: str
    message: str
    original: str = ""
    fixes: tuple[SourceFix, ...] = ()

    def to_json(self) -> FindingJson:
        """The finding as a JSON object; what it does not have is not in it."""
        found: FindingJson = {
            "kind": self.kind,
            "path": self.path,
            "message": self.message,
        }
        if self.original:
            found["original"] = self.original
        if self.fixes:
            found["fixes"] = [fix.to_json() for fix in self.fixes]
        return found
