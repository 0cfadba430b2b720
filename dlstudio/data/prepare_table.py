"""A table in the form that a model wants: rows chosen, split, learned from, encoded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Categories, CategorySets, Column, Indices, Texts
from dlstudio.data.data_form import DataForm
from dlstudio.data.features.base import Fitted, Rows, load_feature_type
from dlstudio.data.features.stored_values import (
    CachePlace,
    StoredRows,
    ValueForm,
    load_stored_values,
)
from dlstudio.data.mapped_rows import PIECE, MappedRows
from dlstudio.data.parallel import Progress, ShouldStop, in_parallel
from dlstudio.data.pipeline import forget_pages
from dlstudio.data.prepared import Prepared
from dlstudio.data.row_split import split_rows
from dlstudio.data.samples import Samples
from dlstudio.data.stored_columns import with_stored
from dlstudio.data.table_rows import UsableRows, feature_of, table_rows
from dlstudio.data.text_rows import TextRows
from dlstudio.data.text_windows import TextWindows, WindowRows
from dlstudio.document.feature import Feature
from dlstudio.document.plan import DataRecipe
from dlstudio.errors import UserError
from dlstudio.i18n import _

LARGEST = 500_000
"""Rows; those of a larger table are kept in a file and not in memory."""
AT_ONCE = 2**20
"""Rows of such a table that are encoded at the same time."""
THREADS = 2
"""Columns of a large table that are in memory at the same time."""
OF_ANY_LENGTH = (Texts, TextWindows)
"""Columns whose rows cannot be written one after the other into a file."""
FORMAT = 1
"""Raised when rows would be encoded in another way."""


def prepare_table(
    opened: Samples,
    recipe: DataRecipe,
    form: DataForm,
    catalog: Catalog,
    cache: Path,
    progress: Progress | None = None,
    should_stop: ShouldStop | None = None,
    known: Mapping[str, Fitted] | None = None,
) -> Prepared:
    """A table's rows in the form that a model wants.

    What features learn (the names of categories, means of numbers) they learn from the
    training split, those that are predicted from all rows.

    Args:
        opened: All rows of the table.
        recipe: Features, split, exclusions and corrections.
        form: Which features are used, and in which form.
        catalog: Describes the feature types.
        cache: Cache folder, for values that the table only names.
        progress: Called with the number of prepared and of all of them.
        should_stop: Checked often; True stops the work.
        known: What features have learned from other rows, for a model that was trained
            on those.

    Raises:
        UserError: A column is missing, no row can be used, or a class is not known.
        Stopped: `should_stop` returned True.
    """
    rows = table_rows(opened, recipe, form, catalog)
    place = CachePlace(cache, progress, should_stop)
    rows, stored = with_stored(rows, form.stored, recipe, catalog, place)
    target = rows.columns[form.targets[0]] if form.targets else None
    splits = split_rows(rows.ids, rows.splits, recipe.split, target, recipe.moved)
    fitted: dict[str, Fitted] = {
        name: _learned(recipe, catalog, name, each)
        for name, each in form.stored.items()
    }
    encoded: dict[str, Rows] = {name: each.rows for name, each in stored.items()}
    everything = np.arange(len(rows.ids), dtype=np.int64)
    mapped = MappedRows(cache) if len(everything) > LARGEST else None

    def rows_of(column: Column, found: Fitted, feature: Feature) -> Rows:
        encode = load_feature_type(catalog[feature.kind]).encode
        if mapped is None or isinstance(column, OF_ANY_LENGTH):
            return encode(column, found, feature)
        parts = (encode(part, found, feature) for part in _parts(column, everything))
        return mapped.put(len(column), parts)

    def encode(name: str) -> tuple[str, Fitted, Rows]:
        feature = feature_of(recipe, name)
        feature_type = load_feature_type(catalog[feature.kind])
        column = rows.columns[name]
        found = (known or {}).get(name)
        if found is None:
            learned = everything if name in form.targets else splits["train"]
            if column.missing()[learned].all():
                raise _nothing_readable(name, _(catalog[feature.kind].title).lower())
            found = feature_type.fit(column, learned, feature)
        elif name in form.targets:
            _check_known(column, found)
        return name, found, rows_of(column, found, feature)

    names = [name for name in rows.columns if name not in stored]
    for name, found, made in in_parallel(encode, names, should_stop, THREADS):
        fitted[name] = found
        encoded[name] = made
    return Prepared(
        rows=encoded,
        fitted=fitted,
        ids=rows.ids,
        splits=splits,
        fingerprint=_fingerprint(rows, encoded, fitted, splits, recipe, stored),
        skipped=rows.skipped,
    )


def _learned(
    recipe: DataRecipe, catalog: Catalog, name: str, form: ValueForm
) -> Fitted:
    values = load_stored_values(catalog[feature_of(recipe, name).kind])
    assert values is not None
    return values.learned(form)


def _parts(column: Column, places: Indices) -> Iterator[Column]:
    """A column in parts of `AT_ONCE` rows.

    Args:
        column: Parsed.
        places: Of all its rows, int64 (n,).
    """
    if len(column) <= AT_ONCE:
        yield column
        return
    for start in range(0, len(places), AT_ONCE):
        yield column.take(places[start : start + AT_ONCE])


def _check_known(column: Column, fitted: Fitted) -> None:
    """Check that a model knows the classes it is to predict.

    Raises:
        UserError: It was not trained on some.
    """
    if not isinstance(column, (Categories, CategorySets)):
        return
    there = [column.names[place] for place in np.flatnonzero(column.counts()).tolist()]
    unknown = [name for name in there if name not in fitted["names"]]
    if unknown:
        raise UserError(
            _(
                "The data has classes that the model was not trained on: {names}."
            ).format(names=", ".join(f"“{name}”" for name in unknown[:8])),
            _("Remove these rows, or train the model on data with these classes."),
        )


def _nothing_readable(name: str, title: str) -> UserError:
    """The error for a column that has become something else since it was chosen."""
    return UserError(
        _("“{name}” has no value for training that can be read as {type}.").format(
            name=name, type=title
        ),
        _("Choose another type in the Data room, or do not use the column."),
    )


def _fingerprint(
    rows: UsableRows,
    encoded: Mapping[str, Rows],
    fitted: Mapping[str, Fitted],
    splits: Mapping[str, Indices],
    recipe: DataRecipe,
    stored: Mapping[str, StoredRows],
) -> str:
    """SHA-256 of everything that a training sees of the data.

    Of values that are stored elsewhere these are their contents and their form.
    """
    settings = {
        "format": FORMAT,
        "features": {
            name: [
                recipe.features[name].kind,
                encoded[name].dtype.str,
                fitted.get(name),
            ]
            for name in rows.columns
        },
    }
    text = json.dumps(settings, sort_keys=True, ensure_ascii=True)
    total = hashlib.sha256(text.encode())
    others = {name: each for name, each in encoded.items() if name not in stored}
    for array in _arrays(rows, others, splits):
        total.update(str(array.shape).encode())
        step = max(1, PIECE * len(array) // max(1, array.nbytes))
        for start in range(0, len(array), step):
            total.update(np.ascontiguousarray(array[start : start + step]).data)
            forget_pages(array)
    for name in sorted(stored):
        total.update(b"".join(stored[name].contents))
    return total.hexdigest()


def _arrays(
    rows: UsableRows, encoded: Mapping[str, Rows], splits: Mapping[str, Indices]
) -> Iterator[Rows]:
    yield rows.ids.numbers
    for name in sorted(encoded):
        each = encoded[name]
        if isinstance(each, (TextRows, WindowRows)):
            yield from each.arrays()
        else:
            yield each
    for name in sorted(splits):
        yield splits[name]
