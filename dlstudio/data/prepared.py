"""Data that is ready for a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dlstudio.data.columns import Fitted, Indices, Rows
from dlstudio.data.samples import Labels
from dlstudio.document.plan import LABEL


@dataclass(frozen=True)
class Prepared:
    """Samples that are ready for a model.

    Attributes:
        rows: A row for each sample, by feature, (n, ...): of values that are stored as
            their type says, memory-mapped, read-only; classes int32 (n,), -1 for none;
            labels uint8 (n, classes), numbers float32 (n,).
        fitted: What each feature has learned from the data, such as the "names" of
            its classes; plain JSON.
        ids: Names of the samples, such as relative paths.
        splits: "train", "validation" and "test": ascending int64 indices.
        fingerprint: SHA-256 of content, labels, order, split and form.
        skipped: Ids of samples that are excluded because they cannot be used, each
            with the reason.
    """

    rows: Mapping[str, Rows]
    fitted: Mapping[str, Fitted]
    ids: Sequence[str]
    splits: dict[str, Indices]
    fingerprint: str
    skipped: tuple[tuple[str, str], ...]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def labels(self) -> Labels:
        """int32 (n,), or uint8 (n, classes) if `has_several_labels`."""
        return self.rows[LABEL]

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes by number."""
        return tuple(self.fitted[LABEL]["names"])

    @property
    def has_several_labels(self) -> bool:
        """A sample may have any number of labels."""
        return self.labels.ndim == 2
