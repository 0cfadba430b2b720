"""The scan of a table: what its columns are, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Categories, CategorySets, Cells
from dlstudio.data.features.column_findings import column_findings
from dlstudio.data.features.column_json import column_json
from dlstudio.data.features.inference import InferredColumn, infer_columns
from dlstudio.data.features.inferred_table import InferredTable
from dlstudio.data.features.target import choose_target
from dlstudio.data.findings import Finding
from dlstudio.data.parallel import ShouldStop
from dlstudio.data.row_ids import RowIds
from dlstudio.data.samples import SPLITS, Samples
from dlstudio.data.used_table import table_as_used
from dlstudio.document.project import Project
from dlstudio.document.several_labels import SEVERAL_LABELS
from dlstudio.json_values import JsonObject


@dataclass(frozen=True, eq=False)
class TableScan:
    """Results of the scan of a table.

    Attributes:
        table: The columns with their types, and the target.
        splits: Number of rows per split, as far as the table says it.
        findings: What the user should know.
    """

    table: InferredTable
    splits: Mapping[str, int]
    findings: tuple[Finding, ...]

    @property
    def classes(self) -> dict[str, int]:
        """Number of rows per class of the target; empty if it has no classes."""
        column = self.table.values(self.table.target)
        if not isinstance(column, (Categories, CategorySets)):
            return {}
        return dict(zip(column.names, column.counts().tolist(), strict=True))

    def to_json(self) -> JsonObject:
        """The scan as a JSON object, with the keys that all scans have."""
        table = self.table
        return {
            "samples": len(table),
            "classes": self.classes,
            "splits": dict(self.splits),
            "sizes": {},
            "modes": {},
            "formats": {},
            SEVERAL_LABELS: isinstance(table.values(table.target), CategorySets),
            "target": table.target,
            "columns": [
                column_json(each, table.cells[name], table.catalog)
                for name, each in table.columns.items()
            ],
            "findings": [cast("JsonObject", each.to_json()) for each in self.findings],
        }


def scan_table(
    samples: Samples,
    catalog: Catalog,
    target: str = "",
    should_stop: ShouldStop | None = None,
) -> TableScan:
    """Find out what a table's columns are, and what is wrong with them.

    Args:
        samples: Of a table.
        catalog: With the feature types.
        target: The column to predict; "" to find it.
        should_stop: Checked before each column.

    Raises:
        Stopped: `should_stop` returned True.
    """
    assert isinstance(samples.ids, RowIds)
    cells = {n: each for n, each in samples.columns.items() if isinstance(each, Cells)}
    inferred = infer_columns(cells, catalog, should_stop)
    table = InferredTable(
        cells,
        inferred,
        target or _target(inferred, catalog),
        catalog,
        samples.ids.numbers,
    )
    found = (*samples.notes, *column_findings(table))
    return TableScan(table, _splits(samples), found)


def scan_used_table(samples: Samples, project: Project, catalog: Catalog) -> TableScan:
    """What is wrong with a table as a project uses it.

    Args:
        samples: Of the table.
        project: Its types, corrections and exclusions.
        catalog: With the feature types.
    """
    cells = {n: each for n, each in samples.columns.items() if isinstance(each, Cells)}
    inferred = infer_columns(cells, catalog)
    used = table_as_used(samples, inferred, project, catalog)
    return TableScan(used.table, _splits(samples), used.findings())


def _splits(samples: Samples) -> dict[str, int]:
    names, counts = np.unique(samples.splits, return_counts=True)
    found = dict(zip(names.tolist(), counts.tolist(), strict=True))
    return {name: found[name] for name in SPLITS if name in found}


def _target(inferred: Mapping[str, InferredColumn], catalog: Catalog) -> str:
    choice = choose_target(inferred, catalog)
    return choice.column if choice is not None else ""
