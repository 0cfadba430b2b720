"""Texts: training compared with a script in Keras, and the scan of a large table.

    python tests/benchmarks/bench_texts.py [--rounds N] [--rows N] [--part train|scan]
        [--markdown | --json] [--quick]

- train: the templates `text-cnn`, `text-transformer` and `text-lstm` are trained by
  dlstudio and by `sides/texts_fit.py`, a script as one writes it with `tf.data` and
  Keras: TextVectorization learns its vocabulary and works in the pipeline, on batches
  and in parallel. Model, texts, batch size and validation are the same, and the script
  has the fastest of several values of `steps_per_execution`. A second script keeps the
  words in memory after the first epoch (`cache`).
- scan: a CSV file of 1,000,000 texts of about 15 words is read and scanned, and one of
  three times as many. Memory is the process's peak of resident pages, anonymous and
  mapped ones, above that before; pages of the temporary file that the system caches are
  not among them.

Texts are made up: words as frequent as Zipf's law says, lengths with a long tail.
"first epoch" is everything from the file to the end of that epoch, without imports;
"later epochs" is the median of the others. Each side is a process of its own, and they
take turns.

It exits with 1 if the script that keeps no words takes less wall time than dlstudio
in the first epoch, or less than 1.5 times as long later, or if the scan of at least
1,000,000 texts has a peak of memory above 2 times the file, or each further text
takes more than half of its bytes in the file. Trainings with --quick are
not judged.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT, SIDES = HERE.parents[1], HERE / "sides"
sys.path[:0] = [str(HERE), str(ROOT)]

from comparison import Comparison, import_path, in_turns, process, reported
from machine import Quiet
from report import everything, options, show
from text_cases import QUICK_TRAINED, TRAINED, TextTraining, TextTurn, write_texts

OURS, MAPPED, CACHED = "dlstudio", "`tf.data`", "`tf.data`, `cache`"
EPOCHS = {"first": "first epoch", "later": "later epochs"}
LEAST = {"first": 1.0, "later": 1.5}
"""The script's wall time ÷ dlstudio's, which is the ratio of tokens per second."""
STEPS = (1, 8, 32)
"""Tried values of `steps_per_execution`."""
ROWS, QUICK_ROWS, TIMES, WORDS = 1_000_000, 2_000, 3, 15
MOST_MEMORY, MOST_GROWTH = 2.0, 0.5
"""Of at least 1,000,000 texts: peak memory of the scan ÷ the file, most of which is the
same for any file; and how much more memory ÷ how much more file. Texts stay in a
temporary file; some 50 bytes of each row are in memory, such as hashes."""
PARTS = ("train", "scan")


@dataclass(frozen=True, slots=True)
class TextScan:
    """Reading and scanning one table.

    Attributes:
        rows: Texts.
        bytes: Of the file.
        read_seconds, scan_seconds: Wall time.
        above: Bytes of peak memory above that before reading.
    """

    rows: int
    bytes: int
    read_seconds: float
    scan_seconds: float
    above: int

    @property
    def memory(self) -> float:
        """Peak memory ÷ the file."""
        return self.above / self.bytes


@dataclass(frozen=True, slots=True)
class TokenRate:
    """Words of the training texts per second of wall time.

    Attributes:
        what: Model and epochs.
        side: Who trained.
        tokens: Per second.
    """

    what: str
    side: str
    tokens: float


@dataclass(frozen=True, slots=True)
class TrainedTexts:
    """Results of all trainings.

    Attributes:
        comparisons: dlstudio with each script.
        rates: Of each side.
        missed: Comparisons that do not reach the bound.
    """

    comparisons: tuple[Comparison, ...] = ()
    rates: tuple[TokenRate, ...] = ()
    missed: tuple[Comparison, ...] = ()


def train(folder: Path, rounds: int, quick: bool) -> TrainedTexts:
    """All templates, by all sides in turns."""
    found, rates, missed = [], [], []
    for case in (QUICK_TRAINED,) if quick else TRAINED:
        place = folder / case.template
        place.mkdir()
        made = TextTraining(case, place, SIDES, ROOT)
        note(f"{made.title}: trying steps per execution {STEPS}")
        steps = made.best_steps(STEPS[:1] if quick else STEPS)
        sides = {
            MAPPED: lambda made=made, steps=steps: made.fit(steps, "mapped"),
            OURS: made.ours,
            CACHED: lambda made=made, steps=steps: made.fit(steps, "cached"),
        }
        turns = in_turns(
            sides, rounds, lambda side, of=made: note(f"{of.title}: {side}")
        )
        for epoch in EPOCHS:
            each = compared(made, turns, epoch)
            found += each.values()
            ratio = each[MAPPED].ratio("wall").median
            missed += [each[MAPPED]] * (not quick and ratio < LEAST[epoch])
            rates += token_rates(made, turns, epoch)
    return TrainedTexts(tuple(found), tuple(rates), tuple(missed))


def compared(
    made: TextTraining, turns: Mapping[str, Sequence[TextTurn]], epoch: str
) -> dict[str, Comparison]:
    """dlstudio with each script, by its name."""
    times = {
        side: tuple(getattr(each, epoch) for each in each_turn)
        for side, each_turn in turns.items()
    }
    what = f"{made.title}, {EPOCHS[epoch]}"
    return {
        side: Comparison(what, side, times[OURS], times[side])
        for side in (MAPPED, CACHED)
    }


def token_rates(
    made: TextTraining, turns: Mapping[str, Sequence[TextTurn]], epoch: str
) -> list[TokenRate]:
    """Words per second of each side, in its fastest turn."""
    what = f"{made.title}, {EPOCHS[epoch]}"
    return [
        TokenRate(what, side, made.tokens / min(getattr(e, epoch).wall for e in each))
        for side, each in turns.items()
    ]


def scan(folder: Path, rows: int) -> TextScan:
    """Read and scan a table of texts."""
    path = folder / f"{rows}.csv"
    size = write_texts(path, rows, WORDS)
    note(f"{rows:,} texts: scanning")
    command = [str(SIDES / "texts_scan.py"), str(path)]
    found = reported(process(command, import_path(ROOT))[1])
    path.unlink()
    seconds = {name: wall for name, wall, _cpu in found["laps"]}
    above = found["peak"] - found["before"]
    return TextScan(found["rows"], size, seconds["read"], seconds["scan"], above)


def note(text: str) -> None:
    """Print the progress."""
    print(text, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 1 if a bound is missed."""
    parser = options(__doc__, rounds=3)
    parser.add_argument("--rows", type=int, default=ROWS, help="(%(default)s)")
    parser.add_argument(
        "--part", choices=PARTS, action="append", help="only this; all by default"
    )
    given = parser.parse_args(arguments)
    parts = given.part or PARTS
    quiet = Quiet()
    trained, scans = TrainedTexts(), []
    with tempfile.TemporaryDirectory(prefix="bench-texts-") as folder:
        if "train" in parts:
            trained = train(Path(folder), given.rounds, given.quick)
        if "scan" in parts:
            rows = QUICK_ROWS if given.quick else given.rows
            scans = [scan(Path(folder), rows * times) for times in (1, TIMES)]
    if given.json:
        print(json.dumps(as_json(trained, scans, quiet)))
    else:
        print_all(given, trained, scans, quiet)
    return int(needs_too_much(scans) or bool(trained.missed))


def needs_too_much(scans: Sequence[TextScan]) -> bool:
    """Whether large tables need too much memory, alone or compared."""
    large = [each for each in scans if each.rows >= ROWS]
    if any(each.memory > MOST_MEMORY for each in large):
        return True
    return any(growth(a, b) > MOST_GROWTH for a, b in pairwise(large))


def growth(small: TextScan, large: TextScan) -> float:
    """Further memory ÷ further bytes of the file."""
    return (large.above - small.above) / (large.bytes - small.bytes)


def as_json(
    trained: TrainedTexts, scans: Sequence[TextScan], quiet: Quiet
) -> dict[str, Any]:
    """All results."""
    return {
        **everything(trained.comparisons, quiet),
        "tokens_per_second": [asdict(each) for each in trained.rates],
        "missed": [each.what for each in trained.missed],
        "scans": [{**asdict(each), "memory": each.memory} for each in scans],
    }


def print_all(
    given: argparse.Namespace,
    trained: TrainedTexts,
    scans: Sequence[TextScan],
    quiet: Quiet,
) -> None:
    """Print ratios, rates and scans, as far as there are any."""
    if trained.comparisons:
        show(given, trained.comparisons, quiet)
        print("\n| what | side | tokens/s |\n|---|---|---:|")
        for rate in trained.rates:
            print(f"| {rate.what} | {rate.side} | {rate.tokens:,.0f} |")
    for each in trained.missed:
        ratio = each.ratio("wall").median
        print(f"\n**Not reached: {each.what}: {ratio:.2f}.**")
    if scans:
        print("\n| texts | file, MB | read, s | scanned, s | peak memory ÷ file |")
        print("|---:|---:|---:|---:|---:|")
    for each in scans:
        print(
            f"| {each.rows:,} | {each.bytes / 1e6:.0f} | {each.read_seconds:.1f} "
            f"| {each.scan_seconds:.1f} | {each.memory:.2f} |"
        )
    for small, large in pairwise(scans):
        print(f"\nFurther memory ÷ further file: {growth(small, large):.2f}")


if __name__ == "__main__":
    sys.exit(main())
