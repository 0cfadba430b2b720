"""The table with a million rows: opening, scrolling, filtering.

python tests/benchmarks/bench_table_view.py [--rows N] [--json] [--quick]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np
import polars as pl

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]

from machine import describe
from PySide6.QtWidgets import QApplication

from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Cells
from dlstudio.document.column_statistics import ColumnStatistics
from dlstudio.ui.data.table.panel import TablePanel
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.theme.style import apply_theme
from dlstudio.ui.theme.tokens import LIGHT_THEME
from dlstudio.workers.cell_rows import CellRows
from dlstudio.workers.table import TableColumn, TableFilter

ROWS, QUICK = 1_000_000, 5_000
COLUMNS = 12
FRAMES = 240
FASTEST_FRAMES, SLOWEST_FILTER, FIRST = 55.0, 1.0, 0.5


class Ids(Sequence[str]):
    """Ids of rows that are made when they are asked for."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[str]: ...
    def __getitem__(self, row: int | slice) -> str | Sequence[str]:
        return [f"row-{each}" for each in range(self._count)[row]] if isinstance(
            row, slice
        ) else f"row-{row}"  # fmt: skip


class NoStop:
    """A job that nobody cancels."""

    def should_stop(self) -> bool:
        return False


def make_rows(count: int) -> CellRows:
    """Numbers and names in turn, some of them missing."""
    random = np.random.default_rng(0)
    cells: dict[str, Cells] = {}
    for column in range(COLUMNS):
        if column % 3 == 2:
            names = pl.Series([f"district {number}" for number in range(12)])
            series = names.gather(random.integers(0, 12, count))
        else:
            series = pl.Series(random.normal(300, 90, count).round(2)).cast(pl.String)
        blank = pl.Series(random.random(count) < 0.02)
        cells[f"column {column}"] = Cells(series.set(blank, None))
    return CellRows(Ids(count), cells, random.integers(0, 3, count).astype(np.uint8))


def make_columns(count: int) -> tuple[TableColumn, ...]:
    """What the columns of `make_rows` are."""
    numbers = ColumnStatistics(
        count, count // 50, count, 1.0, 300.0, 301.0, 800.0, 90.0, tuple(range(1, 21))
    )
    names = ColumnStatistics(
        count, 0, 12, frequent=tuple((f"district {n}", count // 12) for n in range(10))
    )
    return tuple(
        TableColumn(
            f"column {column}",
            f"dlstudio.features.{'category' if column % 3 == 2 else 'number'}",
            0.98,
            statistics=names if column % 3 == 2 else numbers,
            role="target" if column == COLUMNS - 1 else "input",
        )
        for column in range(COLUMNS)
    )


def scroll(app: QApplication, panel: TablePanel, step: int, frames: int) -> list[float]:
    """Milliseconds of each frame while scrolling by `step` pixels each."""
    bar = panel.view.verticalScrollBar()
    taken = []
    for number in range(frames):
        began = time.perf_counter()
        bar.setValue((number + 1) * step % max(1, bar.maximum()))
        panel.view.viewport().repaint()
        app.processEvents()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def measure(count: int, frames: int) -> dict[str, Any]:
    """Measure everything in a real widget."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    apply_theme(app, LIGHT_THEME)
    panel = TablePanel(LIGHT_THEME, FeatureViews(Catalog.load()))
    panel.resize(1360, 840)
    panel.show()
    app.processEvents()
    rows, columns = make_rows(count), make_columns(count)
    began = time.perf_counter()
    panel.show_table(columns, rows)
    panel.view.viewport().repaint()
    app.processEvents()
    found: dict[str, Any] = {
        "rows": count,
        "columns": COLUMNS,
        "first_seconds": time.perf_counter() - began,
        "scrolling": {},
        "filters": {},
    }
    for name, step in (("slow", 20), ("fast", 400), ("jumping", 97_003)):
        times = scroll(app, panel, step, frames)
        found["scrolling"][name] = {
            "frames_per_second": 1000 / statistics.fmean(times),
            "median_ms": statistics.median(times),
            "p95_ms": float(np.percentile(times, 95)),
        }
    for name, wanted in (
        ("text", TableFilter("district 7")),
        ("split", TableFilter(split=1)),
    ):
        began = time.perf_counter()
        panel.show_rows(rows.matching(NoStop(), wanted))  # type: ignore[arg-type]
        panel.view.viewport().repaint()
        found["filters"][name] = time.perf_counter() - began
    panel.hide()
    panel.deleteLater()
    app.processEvents()
    return found


def table(found: dict[str, Any]) -> str:
    """The results as text."""
    lines = [
        f"{found['rows']:,} rows, {found['columns']} columns",
        f"  first rows shown     {found['first_seconds']:8.2f} s   (< {FIRST} s)",
    ]
    for name, row in found["scrolling"].items():
        lines.append(
            f"  scrolling, {name:8}  {row['frames_per_second']:8.0f} frames/s   "
            f"median {row['median_ms']:.1f} ms, 95 % {row['p95_ms']:.1f} ms   "
            f"(≥ {FASTEST_FRAMES:.0f})"
        )
    for name, seconds in found["filters"].items():
        lines.append(f"  filter, {name:11}  {seconds * 1000:8.1f} ms   (< 1,000 ms)")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns 1 if a limit is missed (0 with --quick)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args(arguments)
    count, frames = (QUICK, 12) if options.quick else (options.rows, FRAMES)
    found = measure(count, frames)
    text = f"{describe()}\n\n{table(found)}"
    print(json.dumps(found) if options.json else text)
    slow = min(row["frames_per_second"] for row in found["scrolling"].values())
    missed = (
        slow < FASTEST_FRAMES
        or max(found["filters"].values()) > SLOWEST_FILTER
        or found["first_seconds"] > FIRST
    )
    return int(missed and not options.quick)


if __name__ == "__main__":
    sys.exit(main())
