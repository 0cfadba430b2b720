"""The columns of a table whose values are not in its cells, prepared row by row."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.catalog.store import Catalog
from dlstudio.data.features.stored_values import (
    CachePlace,
    StoredRows,
    ValueForm,
    load_stored_values,
)
from dlstudio.data.table_rows import UsableRows, feature_of
from dlstudio.document.plan import DataRecipe


def with_stored(
    rows: UsableRows,
    forms: Mapping[str, ValueForm],
    recipe: DataRecipe,
    catalog: Catalog,
    place: CachePlace,
) -> tuple[UsableRows, dict[str, StoredRows]]:
    """The rows all of whose stored values can be used, and these values.

    Args:
        rows: Rows of a table.
        forms: The form of each feature whose values are stored elsewhere.
        recipe: Has the features.
        catalog: Describes their types.
        place: Where they are prepared.

    Raises:
        UserError: No value of a feature can be used, or the cache cannot be written.
        Stopped: `place.should_stop` returned True.
    """
    while True:
        found = {}
        for name, form in forms.items():
            stored = load_stored_values(catalog[feature_of(recipe, name).kind])
            assert stored is not None
            made = stored.prepare(name, rows.ids, rows.columns[name], form, place)
            rows, found[name] = rows.take(made.usable, made.skipped), made
        # What one feature leaves out is left out of those before it: their rows are
        # made anew, by copying.
        if all(len(each.rows) == len(rows.ids) for each in found.values()):
            return rows, found
