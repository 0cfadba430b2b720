"""Groups of samples by the values of a column, which no model needs to use."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Categories, CategorySets, Cells, Column, Numbers
from dlstudio.data.features.cell_text import named_texts, sampled
from dlstudio.data.features.inference import infer_column
from dlstudio.data.row_ids import RowIds
from dlstudio.data.samples import Samples
from dlstudio.data.table_rows import feature_cells, read_feature
from dlstudio.document.plan import DataRecipe
from dlstudio.errors import UserError
from dlstudio.i18n import _

FEW_VALUES, BANDS = 6, 4
"""Numbers with more different values are grouped into so many bands."""


def column_names(samples: Samples, recipe: DataRecipe) -> tuple[str, ...]:
    """Features and columns by which samples can be grouped at all.

    Args:
        samples: Of a source.
        recipe: Its features have the place of the columns they are in.

    Returns:
        In the order of the table.
    """
    used = {each.column or name: name for name, each in recipe.features.items()}
    return tuple(
        used.get(name, name)
        for name, column in samples.columns.items()
        if isinstance(column, Cells)
    )


def grouping_columns(
    samples: Samples, recipe: DataRecipe, catalog: Catalog
) -> tuple[str, ...]:
    """Those of them whose values repeat, or lie in bands.

    Args:
        samples: Of a source.
        recipe: Features of the columns.
        catalog: Says which types of features have groups.

    Returns:
        In the order of the table; none whose values are all alike or all different.
    """
    found = []
    for name in column_names(samples, recipe):
        feature = recipe.features.get(name)
        cells = samples.columns[name if feature is None else feature.column or name]
        assert isinstance(cells, Cells), "column_names gives no others"
        kind = (
            infer_column(name, sampled(cells), catalog).kind
            if feature is None
            else feature.kind
        )
        described = catalog.get(kind)
        if described is not None and described.extra.get("groups", True):
            found.append(name)
    return tuple(found)


def sample_groups(
    samples: Samples, recipe: DataRecipe, catalog: Catalog, name: str
) -> list[str]:
    """The group of each sample; "" where it has no value.

    A category is a group, and so is a number if there are few; other numbers and dates
    are grouped into bands that are about as large.

    Args:
        samples: Of a source.
        recipe: Features and corrections.
        catalog: Describes the feature types.
        name: Of a feature or of a column.

    Raises:
        UserError: There is no such column.
    """
    known = column_names(samples, recipe)
    if name not in known:
        raise UserError(
            _("The data has no column “{name}” to group by.").format(name=name),
            _("The columns are: {names}.").format(names=", ".join(known[:20]))
            if known
            else _("Only tables have columns."),
        )
    if name in recipe.features:
        column: Column = read_feature(samples, recipe, name, catalog).column
        return _groups(column, feature_cells(samples, recipe, name))
    cells = samples.columns[name]
    assert isinstance(cells, Cells)
    parsed = infer_column(name, cells, catalog).parsed
    return _groups(cells if parsed is None else parsed.column, cells)


def groups_of(samples: Samples, groups: Sequence[str], ids: Sequence[str]) -> list[str]:
    """The groups of some samples.

    Args:
        samples: All samples.
        groups: The group of each of them.
        ids: Names of some of them.
    """
    if isinstance(samples.ids, RowIds):
        numbers = samples.ids.numbers
        order = np.argsort(numbers, kind="stable")
        wanted = np.array(list(map(int, ids)), np.int64)
        places = order[np.searchsorted(numbers, wanted, sorter=order)]
        return [groups[place] for place in places.tolist()]
    place = {name: number for number, name in enumerate(samples.ids)}
    return [groups[place[name]] for name in ids]


def _groups(column: Column, cells: Cells) -> list[str]:
    if isinstance(column, Categories):
        names = (*column.names, "")
        return [names[code] for code in column.codes.tolist()]
    if isinstance(column, CategorySets):
        return [
            ", ".join(column.names[place] for place in np.flatnonzero(row).tolist())
            for row in column.values
        ]
    texts = [str(each or "") for each in named_texts(cells).to_list()]
    return _bands(column.values, texts) if isinstance(column, Numbers) else texts


def _bands(numbers: npt.NDArray[np.float64], texts: Sequence[str]) -> list[str]:
    """Each number's band, named by numbers as they are written."""
    present = np.flatnonzero(~np.isnan(numbers))
    different, first = np.unique(numbers[present], return_index=True)
    written = [texts[place] for place in present[first].tolist()]
    if len(different) <= FEW_VALUES:
        places = np.searchsorted(different, np.nan_to_num(numbers))
        names = written
    else:
        inner = np.linspace(0, 1, BANDS + 1)[1:-1]
        ends = np.unique(np.quantile(numbers[present], inner, method="lower"))
        ends = ends[ends < different[-1]]
        edges = [written[place] for place in np.searchsorted(different, ends).tolist()]
        places = np.searchsorted(ends, numbers)
        names = _band_names(edges, written[0], written[-1])
    missing = np.isnan(numbers)
    return [
        "" if blank else names[min(place, len(names) - 1)]
        for place, blank in zip(places.tolist(), missing.tolist(), strict=True)
    ]


def _band_names(edges: Sequence[str], first: str, last: str) -> list[str]:
    """ "0 – 7", "> 7 – 14", "> 14 – 31"."""
    if not edges:
        return [f"{first} – {last}"]
    starts = [first, *(f"> {each}" for each in edges)]
    return [f"{low} – {high}" for low, high in zip(starts, (*edges, last), strict=True)]
