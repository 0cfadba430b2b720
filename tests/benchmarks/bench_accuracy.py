"""Held-out results of the template `table-mlp` on well-known tables, nothing tuned.

    python tests/benchmarks/bench_accuracy.py --data FOLDER [--seeds N] [--json]
    python tests/benchmarks/bench_accuracy.py --quick

FOLDER holds iris.csv, wine.csv, titanic.csv, penguins.csv and auto-insurance.csv, as
they are shared everywhere. Each is trained by the command line (`new`, `train`,
`evaluate`) with several seeds, each of which splits, initializes and shuffles anew, and
the means are compared with what the tables are known to allow. `--quick` does the same
once with a small table made here.

It exits with 1 where a mean is below its bound.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT / "tests" / "support")]

from comparison import Spread, import_path
from machine import describe

SEEDS = 5


@dataclass(frozen=True, slots=True)
class KnownTable:
    """A table, and what a model of it is to reach.

    Attributes:
        name: Of its file, without ".csv".
        target: Column to predict; "" for the one that is found.
        bound: Least mean accuracy; of numbers, most mean MAE ÷ that of the mean.
        number: Whether a number is predicted.
    """

    name: str
    target: str
    bound: float
    number: bool = False

    def holds(self, mean: float) -> bool:
        """Whether a mean is on the right side of the bound."""
        return mean <= self.bound if self.number else mean >= self.bound


TABLES = (
    KnownTable("iris", "", 0.93),
    KnownTable("wine", "column 14", 0.95),
    KnownTable("titanic", "survived", 0.79),
    KnownTable("penguins", "species", 0.97),
    KnownTable("auto-insurance", "column 2", 2 / 3, number=True),
)
QUICK = (KnownTable("numbers", "y", 99.0, number=True),)


def write_quick(folder: Path) -> None:
    """A table of 60 rows that is easily learned."""
    rows = [(n * 37 % 60, n * 11 % 7) for n in range(60)]
    lines = ["a,b,y", *(f"{a},{b},{3 * a + b}.5" for a, b in rows)]
    (folder / "numbers.csv").write_text("\n".join(lines) + "\n", "utf-8")


def studio(*arguments: object) -> str:
    """Output of a command.

    Raises:
        SystemExit: It failed; with what it has written to stderr.
    """
    command = [sys.executable, "-m", "dlstudio", *map(str, arguments)]
    done = subprocess.run(
        command, env=import_path(ROOT), capture_output=True, encoding="utf-8"
    )
    if done.returncode:
        raise SystemExit(f"dlstudio {arguments[0]} has failed:\n{done.stderr}")
    return done.stdout


def result(table: KnownTable, path: Path, folder: Path, settings: list[str]) -> float:
    """The held-out accuracy of a training, or its MAE ÷ that of the mean.

    Args:
        table: What is predicted.
        path: Of the table.
        folder: A new one for the project.
        settings: Of the project, such as "plan.seed=1".
    """
    target = ["--target", table.target] if table.target else []
    studio("new", folder, "--data", path, *target)
    studio("set", folder, *settings)
    studio("train", folder)
    found: dict[str, Any] = json.loads(studio("evaluate", folder, "--json"))
    if not table.number:
        return float(found["metrics"]["accuracy"])
    (output,) = found["outputs"].values()
    return float(output["metrics"]["mae"]) / _mean_error(output["baseline"])


def _mean_error(baseline: dict[str, Any]) -> float:
    """The MAE of always predicting the mean."""
    found = baseline.get("mean", baseline)
    return float(found.get("mae") or found["metrics"]["mae"])


def measure(
    tables: Sequence[KnownTable], data: Path, seeds: int, more: Sequence[str] = ()
) -> dict[str, list[float]]:
    """The results of each table, one for each seed."""
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-accuracy-") as place:
        for table in tables:
            path = data / f"{table.name}.csv"
            found[table.name] = [
                result(
                    table,
                    path,
                    Path(place, f"{table.name}-{seed}"),
                    [f"plan.seed={seed}", f"data.split.seed={seed}", *more],
                )
                for seed in range(seeds)
            ]
            print(table.name, found[table.name], file=sys.stderr, flush=True)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns 1 where a mean is below its bound."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder of the tables")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="(%(default)s)")
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    parser.add_argument("--quick", action="store_true", help="only see that it runs")
    given = parser.parse_args(arguments)
    if given.quick:
        with tempfile.TemporaryDirectory(prefix="bench-accuracy-") as folder:
            write_quick(Path(folder))
            found = measure(QUICK, Path(folder), 1, ["plan.epochs=1"])
    elif given.data is None:
        parser.error("--data FOLDER is needed, or --quick")
    else:
        found = measure(TABLES, given.data, given.seeds)
    tables = QUICK if given.quick else TABLES
    means = {name: sum(each) / len(each) for name, each in found.items()}
    if given.json:
        print(json.dumps({"machine": describe(), "results": found, "means": means}))
    else:
        print("| table | mean | spread | bound |\n|---|---:|---:|---:|")
        for table in tables:
            sign = "≤" if table.number else "≥"
            spread = Spread.of(found[table.name]).text(3)
            mean = f"{means[table.name]:.3f}"
            print(f"| {table.name} | {mean} | {spread} | {sign} {table.bound:.3f} |")
    return 0 if all(table.holds(means[table.name]) for table in tables) else 1


if __name__ == "__main__":
    sys.exit(main())
