"""Images from a folder, without a model, compared with Keras.

    python tests/benchmarks/bench_images.py [--markdown | --json] [--rounds N]
        [--data FOLDER] [--quick]

JPEGs of 500×375 become shuffled batches of 32 float32 images of 96×96, by bilinear
resizing, the default of both sides. The first pass starts from the files; dlstudio
checks, hashes, decodes and caches them. Later passes read the cache. dlstudio is
compared with `keras.utils.image_dataset_from_directory`: unchanged, with
`.cache().prefetch()`, which returns the same batches in every pass, and with single
images that are cached and reshuffled for every pass, like dlstudio. Each side runs in a
subprocess, in turns; imports are excluded.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT, SIDES = HERE.parents[1], HERE / "sides"
sys.path[:0] = [str(HERE), str(ROOT / "tests" / "support")]

from comparison import (
    Comparison,
    Spent,
    import_path,
    in_turns,
    process,
    reported,
)
from jpegs import make_jpegs
from machine import Quiet
from report import options, show

SIDE, BATCH, PASSES = 96, 32, 3
IMAGES, WIDTH, HEIGHT = 2000, 500, 375
QUICK = 70, 100, 75
OURS = "dlstudio"
PLAIN = "`image_dataset_from_directory`"
CACHED = f"{PLAIN}, `.cache().prefetch()` (the same batches every pass)"
SHUFFLED = f"{PLAIN}, `.cache().shuffle().batch().prefetch()`"


class Passes:
    """Passes over one folder of images, each turn in a new process.

    Args:
        images: The folder, with one folder for each class.
        caches: A folder for dlstudio's caches.
    """

    def __init__(self, images: Path, caches: Path) -> None:
        self._given = (str(images), str(SIDE), str(BATCH), str(PASSES))
        self._caches = caches
        self._turn = 0

    def ours(self) -> tuple[Spent, Spent]:
        """The first pass and a later one."""
        self._turn += 1
        return self._run("images_studio.py", str(self._caches / str(self._turn)))

    def keras(self, way: str) -> tuple[Spent, Spent]:
        """The first pass and a later one."""
        return self._run("images_keras.py", way)

    def _run(self, name: str, *more: str) -> tuple[Spent, Spent]:
        command = [str(SIDES / name), *self._given, *more]
        laps = reported(process(command, import_path(ROOT))[1])["laps"]
        later = (statistics.median(lap[i] for lap in laps[1:]) for i in (1, 2))
        return Spent(*laps[0][1:]), Spent(*later)


def measure(images: Path, caches: Path, rounds: int) -> list[Comparison]:
    """Measure all sides in turns."""
    made = Passes(images, caches)
    sides = {
        CACHED: lambda: made.keras("cached"),
        OURS: made.ours,
        SHUFFLED: lambda: made.keras("shuffled"),
        PLAIN: lambda: made.keras("plain"),
    }
    found = in_turns(sides, rounds)
    comparisons = []
    for part, title in enumerate(("first pass over images", "later passes")):
        ours = tuple(turn[part] for turn in found[OURS])
        for side in (CACHED, SHUFFLED, PLAIN):
            theirs = tuple(turn[part] for turn in found[side])
            comparisons.append(Comparison(title, side, ours, theirs))
    return comparisons


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = options(__doc__, rounds=3)
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="real images")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-images-") as folder:
        caches = Path(folder)
        images = given.data or caches / "images"
        if given.data is None:
            size = QUICK if given.quick else (IMAGES, WIDTH, HEIGHT)
            make_jpegs(images, *size)
        quiet = Quiet()
        found = measure(images, caches, given.rounds)
    show(given, found, quiet)
    return 0


if __name__ == "__main__":
    sys.exit(main())
