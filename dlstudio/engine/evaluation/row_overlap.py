"""Finds rows of other data that a run was trained on, whatever their place and id."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from dlstudio.catalog.store import Catalog
from dlstudio.data.features.base import Rows
from dlstudio.data.overlap import Overlap
from dlstudio.data.parallel import Progress
from dlstudio.data.samples import TRAIN
from dlstudio.document.values import Spec
from dlstudio.engine.project.run_data import prepare_other, prepare_run
from dlstudio.engine.runs.store import Run

Hashes = npt.NDArray[np.uint64]


def training_row_overlap(
    run: Run,
    folder: Path,
    catalog: Catalog,
    source: Spec,
    progress: Progress | None = None,
) -> Overlap:
    """Rows of a source whose inputs and targets are all as in a training row of a run.

    Columns that the model does not use do not count: to the model such rows are equal.

    Args:
        run: The run of the model.
        folder: The project's folder.
        catalog: Describes the data sources.
        source: The other data.
        progress: Called with the number of rows prepared and the total.

    Raises:
        UserError: Either data set cannot be read, such as a run's data that is missing.
    """
    own = prepare_run(run, folder, catalog, progress)
    other = prepare_other(run, folder, catalog, source, progress)
    names = sorted(own.rows.keys() & other.rows.keys())
    training = own.splits[TRAIN]
    if not len(training):
        return Overlap(compared=len(other))
    known = row_hashes(own.rows, names, training)
    given = row_hashes(other.rows, names, np.arange(len(other)))
    order = np.argsort(known, kind="stable")
    at = np.searchsorted(known, given, sorter=order)
    nearest = training[order[np.minimum(at, len(order) - 1)]]
    equal = np.flatnonzero(np.isin(given, known)).tolist()
    return Overlap(
        tuple((str(other.ids[row]), str(own.ids[nearest[row]])) for row in equal),
        compared=len(other),
    )


def row_hashes(
    rows: Mapping[str, Rows], names: Iterable[str], places: npt.NDArray[np.integer]
) -> Hashes:
    """A number for each of some rows, uint64 (n,): equal rows have equal numbers.

    Args:
        rows: By feature, each (samples, ...).
        names: The features that count.
        places: Which samples.
    """
    columns = [_comparable(rows[name], places) for name in names]
    table = pl.DataFrame(columns, [str(place) for place in range(len(columns))])
    return table.hash_rows().to_numpy()


def _comparable(column: Rows, places: npt.NDArray[np.integer]) -> pl.Series:
    """One value for each row, whatever its shape is."""
    if column.ndim > 1:  # large rows are read one by one from their file
        digests = (_digest(column[place]) for place in places.tolist())
        return pl.Series(digests, dtype=pl.UInt64)
    taken = np.asarray(column[places])
    return pl.Series(taken.astype(str) if taken.dtype == object else taken)


def _digest(row: Rows) -> int:
    content = np.ascontiguousarray(row).tobytes()
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big")
