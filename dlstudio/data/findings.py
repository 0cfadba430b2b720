"""Findings about the data, and the fixes for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dlstudio.document.values import FrozenMap, Value, thaw_map

if TYPE_CHECKING:
    from dlstudio.data.findings_json import FindingJson, FixJson


@dataclass(frozen=True, slots=True)
class SourceFix:
    """Parameters of the source that resolve a finding.

    Attributes:
        label: Button text.
        params: Names and values of the parameters that change.
        splits: Whether the source then defines splits; None if unchanged.
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
class RecipeFix:
    """A fix that uses the data in another way: another feature, or fewer rows.

    Attributes:
        label: Text of its button.
        column: Whose feature changes; "" for none.
        kind: The type that the feature gets, "" to ignore the column; None to keep it.
        params: Settings of the feature that change.
        exclude: Rows to exclude, counted from 0.
    """

    label: str
    column: str = ""
    kind: str | None = None
    params: FrozenMap[str, Value] = field(default_factory=FrozenMap)
    exclude: tuple[int, ...] = ()

    def to_json(self) -> FixJson:
        """The fix as a JSON object without what does not change."""
        found: FixJson = {"label": self.label, "params": thaw_map(self.params)}
        if self.column:
            found["column"] = self.column
        if self.kind is not None:
            found["kind"] = self.kind
        if self.exclude:
            found["exclude"] = list(self.exclude)
        return found


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the user should know about the data.

    Attributes:
        kind: Kind of finding, such as "truncated" or "duplicate"; see `scan`.
        path: Id of the sample, or name of a folder, class or column; "" for all.
        message: One sentence.
        original: For a copy, the id of the first sample with this content; else "".
        fixes: For a finding that needs a decision: the options.
        rows: Rows of a table that it is about, counted from 0; at most the first 1,000.
    """

    kind: str
    path: str
    message: str
    original: str = ""
    fixes: tuple[SourceFix | RecipeFix, ...] = ()
    rows: tuple[int, ...] = ()

    def to_json(self) -> FindingJson:
        """The finding as a JSON object without empty fields."""
        found: FindingJson = {
            "kind": self.kind,
            "path": self.path,
            "message": self.message,
        }
        if self.original:
            found["original"] = self.original
        if self.fixes:
            found["fixes"] = [fix.to_json() for fix in self.fixes]
        if self.rows:
            found["rows"] = list(self.rows)
        return found
