"""A table as it was read: columns of cells whose types nobody has decided yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dlstudio.data.columns import Cells, Indices
from dlstudio.data.findings import Finding

HeaderOption = Literal["auto", "yes", "no"]


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How a file is to be read; what is "" or "auto" is found.

    Attributes:
        encoding: Of a text file; a name that Python knows.
        delimiter: Between two cells of a text file: one character, or "tab".
        header: Whether the first row names the columns.
        sheet: The name of a spreadsheet's sheet.
    """

    encoding: str = ""
    delimiter: str = ""
    header: HeaderOption = "auto"
    sheet: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """The columns of a file, all of the same length.

    Attributes:
        columns: By name, in the file's order: strings of a text file; of a file with
            types of its own, those. Blank cells are null.
        row_numbers: Each row's number in the file, int64 (n,), rising: the first row
            below the header is 1. Blank rows are not counted; other rows that are left
            out are, so that numbers stay the same.
        notes: Findings about how it was read.
    """

    columns: Mapping[str, Cells]
    row_numbers: Indices
    notes: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.row_numbers)
