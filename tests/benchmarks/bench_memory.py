"""Peak memory of preparing and going through 20,000 JPEGs of 500×375.

    python tests/benchmarks/bench_memory.py [--quick] [--json]

Two subprocesses: one imports TensorFlow and Keras and runs an operation, the other also
prepares the images at 96×96 and iterates over them twice, shuffled, as training does.
The difference of their peaks is reported. The prepared data has 553 MB. 500 files are
different and the others are links to them; each is decoded.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT, SIDES = HERE.parents[1], HERE / "sides"
sys.path[:0] = [str(HERE), str(ROOT / "tests" / "support")]

from comparison import import_path, process, reported
from jpegs import make_jpegs
from machine import describe

SIDE, BATCH, PASSES = 96, 32, 2
LIMIT = 500
MEBI = 2**20


def make_images(root: Path, different: int, count: int, side: int) -> None:
    """Create JPEGs, and links to them up to `count`."""
    make_jpegs(root, different, side, side * 3 // 4)
    files = sorted(root.rglob("*.jpg"))
    for number in range(different, count):
        source = files[number % different]
        os.link(source, source.with_name(f"{number:05}.jpg"))


def run(name: str, *arguments: object) -> dict[str, Any]:
    """The result of a subprocess."""
    command = [str(SIDES / name), *map(str, arguments)]
    found: dict[str, Any] = reported(process(command, import_path(ROOT))[1])
    return found


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns 1 if it is too much."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few small images")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args(arguments)
    different, count, side = (20, 60, 100) if given.quick else (500, 20_000, 500)
    with tempfile.TemporaryDirectory(prefix="bench-memory-") as folder:
        images, cache = Path(folder, "images"), Path(folder, "cache")
        make_images(images, different, count, side)
        alone = run("engine_bare.py")["peak"] / MEBI
        made = run("images_studio.py", images, SIDE, BATCH, PASSES, cache)
    peak = made["peak"] / MEBI
    above = peak - alone
    if given.json:
        result = {"images": made["count"], "bare_mib": alone, "peak_mib": peak}
        print(json.dumps({**result, "above_mib": above}))
    else:
        print(f"{describe()}\n\n| images | bare engine | peak | above | limit |")
        print("|---|---|---|---|---|")
        print(
            f"| {made['count']} | {alone:.0f} MiB | {peak:.0f} MiB "
            f"| {above:.0f} MiB | {LIMIT} MB |"
        )
    return 0 if made["count"] == count and above * MEBI < LIMIT * 1e6 else 1


if __name__ == "__main__":
    sys.exit(main())
