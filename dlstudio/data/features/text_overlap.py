"""Texts that are in the training split and in another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from dlstudio.data.columns import Indices, Texts
from dlstudio.data.features.hashes import are_among
from dlstudio.data.features.inferred_table import (
    InferredTable,
    exclude_fix,
    first_rows,
)
from dlstudio.data.features.stored_texts import text_digest
from dlstudio.data.findings import Finding
from dlstudio.i18n import ngettext


def texts_across_splits(
    table: InferredTable, splits: Mapping[str, Indices]
) -> Iterator[Finding]:
    """Rows of other splits whose text is in the training split, too.

    Of short values that is chance; a sentence that occurs twice was copied.

    Args:
        table: With its types.
        splits: Places of the rows of each split; without "train", nothing is found.
    """
    training = splits.get("train")
    if training is None:
        return
    for column in table.inputs():
        texts = table.values(column.name)
        if not isinstance(texts, Texts):
            continue
        digest = text_digest(texts)
        hashes, present = digest.hashes(), ~digest.missing()
        learned = hashes[training][present[training]]
        known = np.zeros(len(texts), bool)
        for rows in (rows for name, rows in splits.items() if name != "train"):
            known[rows] = present[rows] & are_among(hashes[rows], learned)
        count = int(known.sum())
        if count:
            message = ngettext(
                "{count} text of the validation and test splits is also in the "
                "training split.",
                "{count} texts of the validation and test splits are also in the "
                "training split.",
                count,
            ).format(count=f"{count:,}")
            yield Finding(
                "duplicate-across-splits",
                column.name,
                message,
                "",
                (exclude_fix(known),),
                first_rows(known),
            )
