"""A small table of flats: its columns, and its rows as a source of pages."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from dlstudio.data.columns import Cells
from dlstudio.document.column_statistics import ColumnStatistics
from dlstudio.document.values import FrozenMap
from dlstudio.workers.cell_rows import CellRows
from dlstudio.workers.dataset import EXCLUDED
from dlstudio.workers.table import TableColumn

NUMBER, CATEGORY, CATEGORIES, DATE, IMAGE, TEXT, TOKENS, TAGS, LONG_TEXT = KINDS = (
    tuple(
        f"dlstudio.features.{name}"
        for name in (
            *("number", "category", "categories", "date", "image", "text"),
            *("tokens", "tags", "continuous_text"),
        )
    )
)
BELL = (1, 3, 8, 14, 20, 16, 9, 5, 3, 2, 1, 1)
DISTRICTS = ("West", "Centre", "North", "Harbour")


def number_column(name: str = "rooms", **changes: object) -> TableColumn:
    """A column of numbers from 1 to 12."""
    statistics = ColumnStatistics(
        count=1204, missing=2, distinct=9, least=1.0, mean=3.4, median=3.0, most=12.0,
        deviation=1.2, histogram=BELL,
    )  # fmt: skip
    alternatives = ((CATEGORY, 0.4),)
    given = {"statistics": statistics, "role": "input", **changes}
    return TableColumn(name, NUMBER, 0.98, alternatives=alternatives, **given)


def category_column(name: str = "district", **changes: object) -> TableColumn:
    """A column of four names."""
    counts = (500, 300, 204, 200)
    statistics = ColumnStatistics(
        count=1204, missing=0, distinct=4,
        frequent=tuple(zip(DISTRICTS, counts, strict=True)),
    )  # fmt: skip
    given = {
        "statistics": statistics, "role": "input", "names": DISTRICTS, **changes
    }  # fmt: skip
    return TableColumn(name, CATEGORY, 0.83, **given)


def date_column(name: str = "built", **changes: object) -> TableColumn:
    """A column of dates of the twentieth century."""
    statistics = ColumnStatistics(
        count=1204, missing=14, distinct=1100, least=-25_000.0, most=19_000.0,
        histogram=BELL[::-1], earliest="1901-07-21", latest="2022-01-08",
    )  # fmt: skip
    given = {"statistics": statistics, "role": "input", **changes}
    return TableColumn(name, DATE, 0.98, **given)


def text_column(name: str = "notes", **changes: object) -> TableColumn:
    """A column of sentences."""
    statistics = ColumnStatistics(
        1204, 20, 1184, 12.0, 84.0, 80.0, 410.0, 40.0, BELL
    )  # fmt: skip
    given = {"statistics": statistics, "role": "input", **changes}
    return TableColumn(name, TEXT, 0.94, **given)


def long_text_column() -> TableColumn:
    """A column of parts of a long text."""
    return TableColumn("text", LONG_TEXT, 1.0, statistics=text_column().statistics)


def tagged_columns() -> tuple[TableColumn, ...]:
    """A column of tokens, and one of their tags."""
    lengths = ColumnStatistics(1204, 0, 1184, 1.0, 14.0, 12.0, 41.0, 8.0, BELL)
    types = ColumnStatistics(1204, 0, 5, frequent=(("person", 300), ("place", 90)))
    return (
        TableColumn("tokens", TOKENS, 0.97, statistics=lengths, role="input"),
        TableColumn("tags", TAGS, 0.99, statistics=types, role="target"),
    )


def flat_columns() -> tuple[TableColumn, ...]:
    """All columns of the table."""
    return (
        TableColumn(
            "photo", IMAGE, 0.98, role="input",
            statistics=ColumnStatistics(1204, 0, 1204),
        ),
        number_column(),
        number_column(
            "area",
            statistics=ColumnStatistics(
                1204, 3, 640, 18.0, 80.5, 77.0, 14000.0, 31.0, BELL
            ),
            unreadable=3,
        ),
        category_column(),
        TableColumn(
            "tags", CATEGORIES, 0.9, role="input", names=("lift", "garden", "cellar"),
            statistics=ColumnStatistics(
                1204, 0, 3, frequent=(("lift", 700), ("garden", 300), ("cellar", 90))
            ),
        ),
        date_column(),
        TableColumn(
            "id", "", 0.99, "identifier", ((CATEGORY, 0.2),),
            ColumnStatistics(1204, 0, 1204),
        ),
        number_column(
            "price",
            role="target",
            statistics=ColumnStatistics(
                1204, 0, 1100, 98000.0, 350000.0, 312000.0, 1_250_000.0, 9e4, BELL
            ),
        ),
    )  # fmt: skip


def flat_rows(
    count: int = 60, changed: Mapping[str, Mapping[str, object]] | None = None
) -> CellRows:
    """Rows of the table; every seventh has no number of rooms, and 3 is excluded."""
    numbers = range(count)
    rooms = [None if row % 7 == 3 else str(1 + row % 6) for row in numbers]
    area = ["about 60" if row == 5 else f"{40 + row * 3.5:.1f}" for row in numbers]
    cells = {
        "photo": [f"photos/{row:04}.jpg" for row in numbers],
        "rooms": rooms,
        "area": area,
        "district": [DISTRICTS[row * 7 % 4] for row in numbers],
        "tags": ["lift|garden" if row % 3 else "cellar" for row in numbers],
        "built": [f"19{10 + row % 80}-0{1 + row % 9}-14" for row in numbers],
        "id": [f"H-{10_230 + row}" for row in numbers],
        "price": [str(200_000 + row * 8_700) for row in numbers],
    }
    unreadable = np.array([text == "about 60" for text in area])
    splits = np.array([row % 3 for row in numbers], np.uint8)
    splits[3:4] = EXCLUDED
    return CellRows(
        tuple(f"flats.csv:{row + 1}" for row in numbers),
        {
            name: Cells(pl.Series(texts, dtype=pl.String))
            for name, texts in cells.items()
        },
        splits,
        changed or {},
        unreadable={"area": unreadable},
    )


def with_params(column: TableColumn, **params: object) -> TableColumn:
    """A column whose feature has other settings."""
    from dataclasses import replace

    return replace(column, params=FrozenMap(params))
