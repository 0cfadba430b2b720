"""Sentences whose tokens and tags are not equally many."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dlstudio.catalog.features.tokens import TOKENS
from dlstudio.data.columns import Texts
from dlstudio.data.features.inferred_table import (
    InferredTable,
    exclude_fix,
    first_rows,
)
from dlstudio.data.features.token_texts import token_counts
from dlstudio.data.findings import Finding
from dlstudio.i18n import ngettext


def unlike_lengths(table: InferredTable, name: str) -> Iterator[Finding]:
    """Rows that have more or fewer tags than tokens.

    Args:
        table: With its types.
        name: Of a column of tags.
    """
    tokens = [each.name for each in table.columns.values() if each.kind == TOKENS.kind]
    tags = table.values(name)
    if not tokens or not isinstance(tags, Texts):
        return
    sentences = table.values(tokens[0])
    assert isinstance(sentences, Texts)
    counts = [token_counts(each.values).to_numpy() for each in (sentences, tags)]
    bad = (counts[0] != counts[1]) & ~tags.missing()
    count = int(bad.sum())
    if not count:
        return
    row = int(np.argmax(bad))
    text = ngettext(
        "{count} sentence has more or fewer tags than tokens, in row {row}: {tags} "
        "instead of {tokens}.",
        "{count} sentences have more or fewer tags than tokens; the first one, in row "
        "{row}: {tags} instead of {tokens}.",
        count,
    ).format(
        count=f"{count:,}",
        row=f"{table.row_number(row):,}",
        tags=int(counts[1][row]),
        tokens=int(counts[0][row]),
    )
    fixes = (exclude_fix(bad),)
    yield Finding("unlike-lengths", name, text, "", fixes, first_rows(bad))
