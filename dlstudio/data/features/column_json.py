"""A column as `scan --json` reports it."""

from __future__ import annotations

import numpy as np

from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Cells, Indices, Texts
from dlstudio.data.features.base import ColumnStatistics, load_feature_type
from dlstudio.data.features.cell_text import cell_texts
from dlstudio.data.features.inference import InferredColumn
from dlstudio.data.features.text_languages import language_sample, text_languages
from dlstudio.json_values import JsonObject

EXAMPLES, LONGEST = 3, 80
LOOKED_AT = 1000
"""Cells of which the examples are."""


def column_json(column: InferredColumn, cells: Cells, catalog: Catalog) -> JsonObject:
    """A column with its type and statistics as a JSON object without empty fields.

    Args:
        column: What it is.
        cells: All of its cells.
        catalog: With the feature types.
    """
    found: JsonObject = {
        "name": column.name,
        "kind": column.kind,
        "certainty": round(column.certainty, 4),
    }
    if column.reason:
        found["reason"] = column.reason
    found |= column_statistics(column, cells, catalog).to_json()
    if column.parsed is not None and isinstance(column.parsed.column, Texts):
        found |= _languages(column.parsed.column)
    if column.parsed is not None:
        unreadable = column.parsed.unreadable
        found["unreadable"] = int(unreadable.sum())
        if unreadable.any():
            found["unreadable_examples"] = _examples(cells, np.flatnonzero(unreadable))
    found["examples"] = _examples(cells, _first_written(cells))
    found["alternatives"] = [
        {"kind": kind, "certainty": round(certainty, 4)}
        for kind, certainty in column.alternatives
    ]
    return found


def _languages(column: Texts) -> JsonObject:
    """In what texts are written, as shares."""
    found = text_languages(language_sample(column))
    return {
        "scripts": {name: round(share, 4) for name, share in found.scripts},
        "languages": {code: round(share, 4) for code, share in found.languages},
    }


def column_statistics(
    column: InferredColumn, cells: Cells, catalog: Catalog
) -> ColumnStatistics:
    """Statistics by the column's type; of an ignored column, its counts.

    Args:
        column: What it is.
        cells: All of its cells.
        catalog: With the feature types.
    """
    if column.parsed is not None:
        feature_type = load_feature_type(catalog[column.kind])
        return feature_type.statistics(column.parsed.column)
    texts = cell_texts(cells)
    missing = texts.null_count()
    distinct = texts.n_unique() - (missing > 0)
    return ColumnStatistics(len(cells), missing, distinct)


def _first_written(cells: Cells) -> Indices:
    """Places of the first cells that are not blank."""
    found, start = np.zeros(0, np.int64), 0
    for piece in cells.pieces():
        found = np.append(found, start + np.flatnonzero(~piece.missing()))
        start += len(piece)
        if len(found) >= LOOKED_AT:
            break
    return found


def _examples(cells: Cells, rows: Indices) -> list[str]:
    """The first different cells among rows."""
    texts = cell_texts(cells.take(rows[:LOOKED_AT])).drop_nulls()
    different = texts.unique(maintain_order=True).head(EXAMPLES)
    return [str(text)[:LONGEST] for text in different]
