"""The tables of the benchmarks, and trainings on them."""

from __future__ import annotations

import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from comparison import Spent, import_path, process, reported

TARGET = "color 0"


def write_table(path: Path, rows: int) -> int:
    """Write a table of all kinds of columns, with the same cells each time.

    Returns:
        The size of the file in bytes.
    """
    import polars as pl

    draw = np.random.default_rng(0)
    colors = np.array(["red", "green", "blue", "yellow"])
    columns: dict[str, Any] = {}
    for number in range(8):
        columns[f"measurement {number}"] = draw.normal(size=rows).round(6)
    for number in range(4):
        columns[f"count {number}"] = draw.integers(0, 100_000, rows)
    for number in range(3):
        columns[f"color {number}"] = colors[draw.integers(0, len(colors), rows)]
    for number in range(3):
        house = pl.Series(draw.integers(0, 10**6, rows)).cast(pl.String)
        columns[f"address {number}"] = house + " Station Street"
    for number in range(2):
        day = pl.Series(draw.integers(0, 20_000, rows))
        columns[f"day {number}"] = day.cast(pl.Int32).cast(pl.Date)
    pl.DataFrame(columns).write_csv(path)
    return path.stat().st_size


@dataclass(frozen=True, slots=True)
class TableCase:
    """A training on a table.

    Attributes:
        rows: Of the table.
        epochs: Of the training.
        warm: The first of them, which are not counted.
    """

    rows: int
    epochs: int = 5
    warm: int = 2


TRAINED = (TableCase(4_000, 12), TableCase(50_000), TableCase(100_000, 3, 1))
QUICK_TRAINED = TableCase(400, 2, 1)


class TableTraining:
    """One project of a table, trained by each side.

    Args:
        case: How many rows.
        folder: For the table, the project and its rows as arrays.
        sides: Folder of the programs.
        root: Of the repository.
    """

    def __init__(self, case: TableCase, folder: Path, sides: Path, root: Path) -> None:
        self._case, self._sides = case, sides
        self._path = import_path(root)
        self._project, self._data = folder / "project", folder / "rows.npz"
        table = folder / "table.csv"
        write_table(table, case.rows)
        new = ("new", self._project, "--data", table, "--target", TARGET)
        self._studio(*new, "--template", "table-mlp")
        epochs = f"plan.epochs={case.epochs}"
        self._studio("set", self._project, epochs, "plan.device=cpu")
        self._batch, self._units = write_rows(self._project, self._data)
        self.title = f"{case.rows:,} rows, batch {self._batch}, later epochs"

    def ours(self) -> Spent:
        """An epoch of dlstudio."""
        return self._run("studio.py", self._project)

    def fit(self, way: str) -> Spent:
        """An epoch of `model.fit`.

        Args:
            way: "columns" or "matrix".
        """
        units = ",".join(map(str, self._units))
        given = (self._data, self._batch, self._case.epochs, units, way)
        return self._run("tables_fit.py", *given)

    def _run(self, name: str, *arguments: object) -> Spent:
        command = [str(self._sides / name), *map(str, arguments)]
        laps = reported(process(command, self._path)[1])["laps"]
        epochs = [lap for lap in laps if lap[0] == "epoch"][self._case.warm :]
        return Spent(*(statistics.median(lap[i] for lap in epochs) for i in (1, 2)))

    def _studio(self, *arguments: object) -> None:
        command = [sys.executable, "-m", "dlstudio", *map(str, arguments)]
        done = subprocess.run(
            command, env=self._path, capture_output=True, encoding="utf-8"
        )
        if done.returncode:
            raise SystemExit(f"dlstudio {arguments[0]} has failed:\n{done.stderr}")


def write_rows(project: Path, path: Path) -> tuple[int, tuple[int, ...]]:
    """Write the rows that a project trains on, as a script has them.

    Numbers are float32 (n,), dates float32 (n, 8), names strings (n,), each as "train:"
    or "validation:" and the column; classes are int32, under "y".

    Returns:
        The batch size, and the units of the hidden layers.
    """
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.storage import load_project
    from dlstudio.engine.project.data import prepare_project
    from dlstudio.engine.runtime.stop_token import StopSource

    opened, catalog = load_project(project), Catalog.load()
    made = prepare_project(opened, project, catalog, None, StopSource().token)
    arrays: dict[str, Any] = {}
    for name, rows in made.rows.items():
        if name != TARGET and rows.dtype == np.int32:
            rows = np.array(made.fitted[name]["names"])[rows]
        for split in ("train", "validation"):
            column = "y" if name == TARGET else name
            arrays[f"{split}:{column}"] = rows[made.splits[split]]
    np.savez(path, **arrays)
    dense = [n for n in opened.model.nodes.values() if n.kind.endswith(".Dense")]
    hidden = [int(each.params["units"]) for each in dense if each.id != TARGET]
    return opened.plan.batch_size, tuple(sorted(hidden[:2], reverse=True))
