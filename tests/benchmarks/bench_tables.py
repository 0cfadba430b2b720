"""Reading a table of text, compared with `pandas.read_csv`.

    python tests/benchmarks/bench_tables.py [--rounds N] [--rows N] [--pandas PYTHON]
        [--json] [--quick]

A CSV file of 1,000,000 rows and 20 columns: eight of measurements, four of whole
numbers, three of categories, three of short texts, two of dates. Each side is a process
of its own, and they take turns; importing is left out. dlstudio looks for delimiter,
encoding, header, uneven rows and words for missing values, and gives strings, with
their line numbers; pandas is told nothing and gives its own types. The peak of memory
is what comes on top of the imported libraries.

With `--prepared`, a table is also inferred, split, learned from and encoded, compared
with a script in Polars and Keras that knows its columns.

pandas is no dependency: `--pandas` names the Python of an environment that has it.
Without it dlstudio is measured alone, and that is said.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT, SIDES = HERE.parents[1], HERE / "sides"
sys.path[:0] = [str(HERE), str(ROOT / "tests" / "support")]

from comparison import Spread, import_path, in_turns, reported
from machine import Quiet, describe

ROWS, QUICK_ROWS, COLUMNS = 1_000_000, 2_000, 20
OURS, PANDAS = "dlstudio", "pandas.read_csv"
SCRIPT, TARGET = "a script in Polars and Keras", "color 0"
USED = 17
"""Columns without the texts."""


@dataclass(frozen=True, slots=True)
class TableRead:
    """What one reading took.

    Attributes:
        wall, cpu: Seconds.
        above: Bytes of peak memory above that before reading.
    """

    wall: float
    cpu: float
    above: int


def write_file(path: Path, rows: int) -> None:
    """A table of all kinds of columns, with the same cells each time."""
    import numpy as np
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


def run(python: str, name: str, path: Path, *more: object) -> TableRead:
    """Let a process of its own read a file.

    Args:
        python: The interpreter.
        name: Of the program in the folder `sides`.
        path: The file.
        more: Further arguments of the program.

    Raises:
        SystemExit: It failed; with what it has written to stderr.
    """
    done = subprocess.run(
        [python, str(SIDES / name), str(path), *map(str, more)],
        env=import_path(ROOT),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise SystemExit(f"{name} has failed:\n{done.stderr}")
    found = reported(done.stdout)
    ((_name, wall, cpu),) = found["laps"]
    assert found["columns"] in (COLUMNS, USED)
    return TableRead(wall, cpu, found["peak"] - found["before"])


def has_pandas(python: str) -> bool:
    """Whether an interpreter can import pandas."""
    done = subprocess.run([python, "-c", "import pandas"], capture_output=True)
    return done.returncode == 0


def measure(path: Path, given: argparse.Namespace) -> dict[str, list[TableRead]]:
    """All sides in turns."""
    if given.prepared:
        ours, theirs = "tables_prepared_studio.py", "tables_prepared_script.py"
        cache = path.parent / "cache"
        both = {
            OURS: lambda: run(sys.executable, ours, path, TARGET, cache),
            SCRIPT: lambda: run(sys.executable, theirs, path, TARGET),
        }
        return in_turns(both, given.rounds)
    sides = {OURS: lambda: run(sys.executable, "tables_studio.py", path)}
    if has_pandas(given.pandas):
        sides[PANDAS] = lambda: run(given.pandas, "tables_pandas.py", path)
    return in_turns(sides, given.rounds)


def show(found: dict[str, list[TableRead]], size: int) -> None:
    """Print a table for people."""
    print("| side | wall time, s | CPU time, s | peak memory ÷ file |")
    print("|---|---:|---:|---:|")
    for side, turns in found.items():
        spreads = (
            Spread.of([each.wall for each in turns]).text(),
            Spread.of([each.cpu for each in turns]).text(),
            Spread.of([each.above / size for each in turns]).text(),
        )
        print(f"| {side} | {' | '.join(spreads)} |")
    if SCRIPT in found:
        ours, theirs = (
            Spread.of([each.wall for each in found[side]]) for side in (OURS, SCRIPT)
        )
        print(f"\nThe script takes {theirs.median / ours.median:.2f} times as long.")
    elif PANDAS not in found:
        print(
            "\n**pandas is not installed here, so nothing is compared.** Install it in "
            "an environment of its own, and give its Python: --pandas PYTHON"
        )


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="only see that it runs")
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    parser.add_argument(
        "--prepared", action="store_true", help="infer and prepare it, too"
    )
    parser.add_argument("--rows", type=int, default=ROWS, help="(%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each side")
    parser.add_argument(
        "--pandas", default=sys.executable, metavar="PYTHON", help="one that has pandas"
    )
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-tables-") as folder:
        path = Path(folder, "table.csv")
        write_file(path, QUICK_ROWS if given.quick else given.rows)
        size = path.stat().st_size
        quiet = Quiet()
        found = measure(path, given)
    sides = {
        side: [[each.wall, each.cpu, each.above] for each in turns]
        for side, turns in found.items()
    }
    if given.json:
        result = {"machine": describe(), "warnings": quiet.warnings(), "bytes": size}
        print(json.dumps({**result, "pandas": PANDAS in found, "sides": sides}))
        return 0
    print(f"Measured on: {describe()}. The file has {size / 2**20:.0f} MiB.\n")
    for warning in quiet.warnings():
        print(f"**{warning}**\n")
    show(found, size)
    return 0


if __name__ == "__main__":
    sys.exit(main())
