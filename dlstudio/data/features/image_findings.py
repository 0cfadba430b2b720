"""Images that a table names and that cannot be used, by the first bytes of files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from dlstudio.data.features.inferred_table import (
    InferredTable,
    exclude_fix,
    first_rows,
)
from dlstudio.data.findings import Finding
from dlstudio.data.images.columns import Files
from dlstudio.data.images.decoders.pillow_decoder import head_of
from dlstudio.data.parallel import in_parallel
from dlstudio.errors import UserError
from dlstudio.i18n import ngettext

LOOKED_AT = 20_000
"""Files of a column that are opened; of more, every so many."""


def unreadable_images(table: InferredTable, name: str) -> Iterator[Finding]:
    """Files that exist, but are no images that can be used.

    Args:
        table: With its types.
        name: Of a column of images.
    """
    files = table.values(name)
    if not isinstance(files, Files):
        return
    rows = np.flatnonzero(~files.missing())
    rows = rows[:: max(1, -(-len(rows) // LOOKED_AT))]
    paths = [files.paths[row] for row in rows.tolist()]
    reasons = dict(zip(rows.tolist(), in_parallel(_problem, paths), strict=True))
    bad = np.zeros(len(table), bool)
    bad[[row for row, reason in reasons.items() if reason]] = True
    count = int(bad.sum())
    if not count:
        return
    row = int(np.argmax(bad))
    text = ngettext(
        "{count} image cannot be used, in row {row}: {reason}",
        "{count} images cannot be used; the first one, in row {row}: {reason}",
        count,
    ).format(count=f"{count:,}", row=f"{table.row_number(row):,}", reason=reasons[row])
    fixes = (exclude_fix(bad),)
    yield Finding("unreadable-images", name, text, "", fixes, first_rows(bad))


def _problem(path: str) -> str:
    """Why an image cannot be used; "" if it can."""
    try:
        head_of(Path(path))
    except UserError as error:
        return error.message
    return ""
