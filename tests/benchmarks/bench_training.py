"""Training, compared with the same training written in Keras.

    python tests/benchmarks/bench_training.py [--markdown | --json] [--rounds N]
        [--data FOLDER] [--quick]

dlstudio is compared with two scripts: `sides/keras_tuned.py`, as an expert Keras user
writes it (`tf.data` with cache, shuffle, batch and prefetch, and the fastest of several
values of `steps_per_execution` for that model), and `sides/keras_simple.py`,
`model.fit` on float arrays. Model, images, batch size, optimizer, loss, metrics and
validation are the same; dlstudio also writes its events, its record and a checkpoint of
every epoch. Each training runs in a subprocess, and the sides take turns.

"later epochs" are those after the first ones, without reading, building and tracing;
"start to end" is the whole process. With --data, the images of a folder that
has a folder for each of ten classes are used instead of noise, as often as needed.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT, SIDES = HERE.parents[1], HERE / "sides"
sys.path[:0] = [str(ROOT), str(HERE)]

from comparison import (
    Comparison,
    Spent,
    import_path,
    in_turns,
    process,
    reported,
)
from machine import Quiet
from report import options, show
from training_cases import (
    FASHION,
    STEADY,
    Case,
    read_images,
    write_data,
    write_project,
)

STEPS = (1, 8, 32)
"""Tried values of `steps_per_execution`; the best one is used."""
QUICK = 96
OURS, SIMPLE = "dlstudio", "`model.fit(x, y)`"
PARTS = {"epoch": "later epochs", "whole": "start to end"}


@dataclass(frozen=True)
class Turn:
    """One training in a subprocess.

    Attributes:
        whole: Time from the start of the process to its end.
        epoch: Median time of the epochs after the first ones.
    """

    whole: Spent
    epoch: Spent


class Trainings:
    """One model at one batch size, trained by each side.

    Args:
        folder: For the project and the scripts.
        data: The .npz file.
    """

    def __init__(self, case: Case, batch: int, folder: Path, data: Path) -> None:
        self._case, self._data = case, str(data)
        self._batch = str(batch)
        self._project = folder / f"batch-{batch}"
        self._script = str(write_project(self._project, case, batch, data))

    def ours(self) -> Turn:
        """dlstudio."""
        return self._run("studio.py", str(self._project))

    def tuned(self, steps: int) -> Turn:
        """The tuned Keras script."""
        return self._script_run("keras_tuned.py", str(steps))

    def simple(self) -> Turn:
        """The simple Keras script."""
        return self._script_run("keras_simple.py")

    def best_steps(self, steps: tuple[int, ...]) -> int:
        """The value of `steps_per_execution` with the shortest epochs."""
        if len(steps) == 1:
            return steps[0]
        found = {each: self.tuned(each).epoch.wall for each in steps}
        return min(found, key=lambda each: found[each])

    def _script_run(self, name: str, *more: str) -> Turn:
        given = (self._data, self._script, self._batch, str(self._case.epochs))
        return self._run(name, *given, *more)

    def _run(self, name: str, *arguments: str) -> Turn:
        whole, output = process([str(SIDES / name), *arguments], import_path(ROOT))
        laps = [lap for lap in reported(output)["laps"] if lap[0] == "epoch"]
        steady = laps[self._case.warm :]
        wall, cpu = (statistics.median(lap[i] for lap in steady) for i in (1, 2))
        return Turn(whole, Spent(wall, cpu))


def measure(
    made: Trainings, what: str, steps: int, rounds: int, parts: tuple[str, ...]
) -> Iterator[Comparison]:
    """Both scripts and dlstudio in turns.

    Args:
        steps: `steps_per_execution` of the good script.
        parts: Names of the compared fields of a `Turn`.
    """
    good = f"`tf.data`, `steps_per_execution={steps}`"
    sides = {good: lambda: made.tuned(steps), OURS: made.ours, SIMPLE: made.simple}
    found = in_turns(sides, rounds, lambda side: note(f"{what}: {side}"))
    for part in parts:
        for side in (good, SIMPLE):
            ours, theirs = (
                tuple(getattr(turn, part) for turn in found[each])
                for each in (OURS, side)
            )
            yield Comparison(f"{what}, {PARTS[part]}", side, ours, theirs)


def all_cases(given: Any, folder: Path) -> Iterator[Comparison]:
    """All requested cases."""
    best: dict[tuple[Any, int], int] = {}  # by model and batch
    for number, case in enumerate(cases(given.quick)):
        place = folder / str(number)
        place.mkdir()
        images = read_images(given.data, case.shape) if given.data else None
        data = place / "images.npz"
        write_data(data, case, images)
        parts = tuple(PARTS) if given.quick or case is FASHION else ("epoch",)
        for batch in case.batches:
            made = Trainings(case, batch, place, data)
            what = f"{case.name}, batch {batch}"
            key = case.graph, batch
            if key not in best:
                note(f"{what}: trying steps per execution {STEPS}")
                best[key] = made.best_steps(STEPS[:1] if given.quick else STEPS)
            yield from measure(made, what, best[key], given.rounds, parts)


def cases(quick: bool) -> Iterator[Case]:
    """All cases, ordered so that models are measured before they are reused."""
    if quick:
        yield replace(STEADY[0], samples=QUICK, epochs=2, warm=1)
        return
    yield from STEADY
    yield FASHION


def note(text: str) -> None:
    """Print the progress."""
    print(text, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = options(__doc__, rounds=3)
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="real images")
    given = parser.parse_args(arguments)
    quiet = Quiet()
    with tempfile.TemporaryDirectory(prefix="bench-training-") as folder:
        found = list(all_cases(given, Path(folder)))
    show(given, found, quiet)
    return 0


if __name__ == "__main__":
    sys.exit(main())
