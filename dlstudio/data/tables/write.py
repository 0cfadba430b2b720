"""Write columns as a table: CSV in UTF-8, as RFC 4180 has it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from dlstudio.data.columns import Cells
from dlstudio.data.tables.typed_columns import is_flat, plain_values
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import atomic_file

FORMULA = r"^[=+\-@\t\r]"
"""How a text begins that a spreadsheet would take for a formula, and run."""
NUMBER = r"^[-+]?[\d.,]*\d[\d.,]*([eE][-+]?\d+)?%?$"


def write_table(
    path: Path, columns: Mapping[str, Cells], *, byte_order_mark: bool = False
) -> None:
    """Write columns into a CSV file, whole or not at all.

    Texts and names of columns that a spreadsheet would run as formulas, because they
    begin with = + - @, a tab or a carriage return, get an apostrophe before them,
    which spreadsheets do not show; numbers such as "-1.5" do not.
    Missing values are blank, as blank texts are.

    Args:
        path: Replaced if it is there.
        columns: By name; all of the same length.
        byte_order_mark: Whether the file begins with one, by which spreadsheets know
            that it is UTF-8.

    Raises:
        UserError: It cannot be written, or a column has lists or bytes in it.
        ValueError: There is no column, or they are not equally long.
    """
    lengths = {len(cells) for cells in columns.values()}
    if len(lengths) != 1:
        raise ValueError(f"Columns of unequal lengths: {sorted(lengths)}")
    names = pl.Series(list(columns), dtype=pl.String)
    values = [
        _written(name, cells.values).alias(f"c{number}")
        for number, (name, cells) in enumerate(columns.items())
    ]
    frame = pl.DataFrame(values)
    header = pl.DataFrame([guarded(names)]).transpose()
    with atomic_file(path) as stream:
        header.write_csv(stream, include_header=False, include_bom=byte_order_mark)
        _with_blank_rows(frame).write_csv(stream, include_header=False)


def guarded(texts: pl.Series) -> pl.Series:
    """Texts with an apostrophe before those that would be run as formulas."""
    formula = texts.str.contains(FORMULA) & ~texts.str.contains(NUMBER)
    plain = ~formula.fill_null(False)
    if plain.all():
        return texts
    marked: pl.Series = texts.zip_with(
        plain, pl.select(pl.lit("'") + texts).to_series()
    )
    return marked


def _written(name: str, values: pl.Series) -> pl.Series:
    if not is_flat(values.dtype):
        raise UserError(
            _("The column “{name}” cannot be written as text.").format(name=name),
            _("Write only columns of single values."),
        )
    plain = plain_values(values)
    if plain.dtype.is_temporal():
        return plain.dt.to_string("iso:strict")
    if plain.dtype != pl.String:
        return plain
    return guarded(plain.set(plain == "", None))


def _with_blank_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame whose rows without any value are not taken for blank lines."""
    first, *_others = frame.columns
    blank = pl.all_horizontal(pl.all().is_null())
    if not frame.select(blank.any()).item():
        return frame
    filled = pl.when(blank).then(pl.lit("")).otherwise(pl.col(first).cast(pl.String))
    return frame.with_columns(filled.alias(first))
