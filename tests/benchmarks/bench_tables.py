"""Tables, from the file to training, compared with scripts that do the same.

    python tests/benchmarks/bench_tables.py [--rounds N] [--rows N] [--pandas FOLDER]
        [--part read|prepared|train] [--markdown | --json] [--quick]

- read: a CSV file of 1,000,000 rows and 20 columns (eight of measurements, four of
  whole numbers, three of categories, three of short texts, two of dates) is read by
  dlstudio and by `pandas.read_csv`, which is told nothing.
- prepared: the same table is read, split, learned from and encoded. The scripts, in
  pandas and Keras and in Polars and Keras, know its columns; dlstudio finds out.
- train: later epochs of the template `table-mlp`, by dlstudio and by `model.fit` with
  the same layers on the same rows, given as columns that the model preprocesses, and as
  one matrix that is preprocessed already.

Each side is a process of its own, and they take turns; importing is left out. The peak
of memory is what comes on top of the imported libraries.

It exits with 1 if dlstudio's peak is more than twice the size of a large file.

pandas is no dependency: `pip install --target FOLDER pandas`, and give that folder to
`--pandas`. Without it the sides that need it are left out, and that is said.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT, SIDES = HERE.parents[1], HERE / "sides"
sys.path[:0] = [str(HERE), str(ROOT), str(ROOT / "tests" / "support")]

from comparison import (
    Comparison,
    Spent,
    Spread,
    import_path,
    in_turns,
    process,
    reported,
)
from machine import Quiet
from report import everything, options, show
from table_cases import QUICK_TRAINED, TARGET, TRAINED, TableTraining, write_table

ROWS, QUICK_ROWS = 1_000_000, 2_000
MOST_MEMORY = 2.0
"""The peak of memory ÷ the size of a file of at least 1,000,000 rows."""
OURS = "dlstudio"
READ_CSV = "`pandas.read_csv`"
PANDAS, POLARS = "a script in pandas and Keras", "a script in Polars and Keras"
COLUMNS, MATRIX = "`model.fit`, columns", "`model.fit`, one matrix"
PARTS = ("read", "prepared", "train")


@dataclass(frozen=True, slots=True)
class TableRead:
    """What one reading took.

    Attributes:
        spent: Its time.
        above: Bytes of peak memory above that before reading.
    """

    spent: Spent
    above: int


Sides = Mapping[str, Callable[[], TableRead]]


class TableSides:
    """What is done with one file, by each side.

    Args:
        path: The file.
        pandas: A folder for the import path of the sides that need pandas; None where
            it is not installed.
    """

    def __init__(self, path: Path, pandas: Path | None) -> None:
        self._path, self._pandas = path, pandas
        self._cache = path.parent / "cache"

    def read(self) -> Sides:
        """Reading alone."""
        sides = {OURS: lambda: self._run("tables_studio.py")}
        if self._pandas is not None:
            sides[READ_CSV] = lambda: self._run("tables_pandas.py", self._pandas)
        return sides

    def prepared(self) -> Sides:
        """From the file to rows that a model takes."""
        studio, pandas = "tables_prepared_studio.py", "tables_prepared_pandas.py"
        sides = {
            OURS: lambda: self._run(studio, None, TARGET, self._cache),
            POLARS: lambda: self._run("tables_prepared_script.py", None, TARGET),
        }
        if self._pandas is not None:
            sides[PANDAS] = lambda: self._run(pandas, self._pandas, TARGET)
        return sides

    def _run(self, name: str, library: Path | None = None, *more: object) -> TableRead:
        command = [str(SIDES / name), str(self._path), *map(str, more)]
        path = (ROOT,) if library is None else (ROOT, library)
        found = reported(process(command, import_path(*path))[1])
        ((_name, wall, cpu),) = found["laps"]
        return TableRead(Spent(wall, cpu), found["peak"] - found["before"])


def has_pandas(folder: Path) -> bool:
    """Whether pandas can be imported, with a folder on the path."""
    command = [sys.executable, "-c", "import pandas"]
    return not subprocess.run(
        command, env=import_path(folder), capture_output=True
    ).returncode


def compared(what: str, found: Mapping[str, list[TableRead]]) -> list[Comparison]:
    """dlstudio with each of the other sides."""
    times = {side: tuple(each.spent for each in turns) for side, turns in found.items()}
    ours = times.pop(OURS)
    return [Comparison(what, side, ours, theirs) for side, theirs in times.items()]


def train(folder: Path, rounds: int, quick: bool) -> list[Comparison]:
    """Later epochs, by all sides in turns."""
    found = []
    for case in (QUICK_TRAINED,) if quick else TRAINED:
        place = folder / str(case.rows)
        place.mkdir()
        made = TableTraining(case, place, SIDES, ROOT)
        sides = {
            OURS: made.ours,
            COLUMNS: lambda made=made: made.fit("columns"),
            MATRIX: lambda made=made: made.fit("matrix"),
        }
        turns = in_turns(sides, rounds, note)
        for side in (COLUMNS, MATRIX):
            ours, theirs = tuple(turns[OURS]), tuple(turns[side])
            found.append(Comparison(made.title, side, ours, theirs))
    return found


def note(text: str) -> None:
    """Print the progress."""
    print(text, file=sys.stderr, flush=True)


def exceeds(rows: int, peaks: Mapping[str, Mapping[str, list[float]]]) -> int:
    """1 if a large file took dlstudio too much memory, else 0."""
    ours = [Spread.of(sides[OURS]).median for sides in peaks.values()]
    return int(rows >= ROWS and max(ours, default=0.0) > MOST_MEMORY)


def peaks_table(peaks: Mapping[str, Mapping[str, list[float]]]) -> str:
    """Markdown of peak memory ÷ size of the file, by what was done and by side."""
    rows = [
        f"| {what} | {side} | {Spread.of(values).text()} |"
        for what, sides in peaks.items()
        for side, values in sides.items()
    ]
    return "\n".join(["| what | side | peak memory ÷ file |", "|---|---|---:|", *rows])


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = options(__doc__, rounds=3)
    parser.add_argument("--rows", type=int, default=ROWS, help="(%(default)s)")
    parser.add_argument(
        "--part", choices=PARTS, action="append", help="only this; all by default"
    )
    parser.add_argument(
        "--pandas", type=Path, default=ROOT, metavar="FOLDER", help="where pandas is"
    )
    given = parser.parse_args(arguments)
    parts = given.part or PARTS
    pandas = given.pandas if has_pandas(given.pandas) else None
    quiet = Quiet()
    with tempfile.TemporaryDirectory(prefix="bench-tables-") as folder:
        path = Path(folder, "table.csv")
        rows = QUICK_ROWS if given.quick else given.rows
        size = write_table(path, rows)
        sides = TableSides(path, pandas)
        found = {}
        for part in (each for each in parts if each != "train"):
            what = f"{rows:,} rows × 20 columns, {part}"
            found[what] = in_turns(getattr(sides, part)(), given.rounds, note)
        comparisons = [
            c for what, turns in found.items() for c in compared(what, turns)
        ]
        if "train" in parts:
            comparisons += train(Path(folder), given.rounds, given.quick)
    peaks = {
        what: {
            side: [each.above / size for each in turns] for side, turns in by.items()
        }
        for what, by in found.items()
    }
    if given.json:
        more = {"bytes": size, "pandas": pandas is not None, "peaks": peaks}
        print(json.dumps({**everything(comparisons, quiet), **more}))
        return exceeds(rows, peaks)
    print_all(given, comparisons, quiet, peaks)
    if pandas is None and set(parts) != {"train"}:
        print(
            "\n**pandas is not installed, so nothing is compared with it.** Install it "
            "aside (pip install --target FOLDER pandas), and give --pandas FOLDER."
        )
    return exceeds(rows, peaks)


def print_all(
    given: argparse.Namespace,
    comparisons: list[Comparison],
    quiet: Quiet,
    peaks: Mapping[str, Mapping[str, list[float]]],
) -> None:
    """Print ratios, if there are any, and peaks of memory."""
    if comparisons:
        show(given, comparisons, quiet)
    if peaks:
        print(f"\n{peaks_table(peaks)}")


if __name__ == "__main__":
    sys.exit(main())
