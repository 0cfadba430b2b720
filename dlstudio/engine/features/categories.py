"""Several names in one cell: an input takes a 0 or 1 for each known name."""

from __future__ import annotations

from dlstudio.catalog.features.categories import CATEGORIES as DESCRIPTION
from dlstudio.engine.features.encoded_rows import encoded_rows

CATEGORIES = encoded_rows(DESCRIPTION)
