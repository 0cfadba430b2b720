"""The picture pipeline alone, no model, ÷ `keras.utils.image_dataset_from_directory`.

Run: python tests/benchmarks/bench_pictures.py [--quick] [--rounds N] [--json]

5,000 JPEGs of 500×375 become batches of 32 pictures of 96×96, shuffled, by bilinear
resizing, the defaults of both sides: tensors of the type each side feeds to a model,
float32 for Keras and uint8 for ours. A first pass begins with nothing but the files:
ours reads, checks, hashes, decodes and writes the prepared set, then hands out its
batches. Later passes come from the prepared set. The two sides take turns, so that
whatever else the machine does hits both alike; figures are medians.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
SIDE = 96
BATCH = 32
FIRST, LATER = 1.3, 3.0


@dataclass
class Side:
    """Seconds of one side, on the clock and of all processors."""

    first: list[float] = field(default_factory=list)
    later: list[float] = field(default_factory=list)
    first_cpu: list[float] = field(default_factory=list)
    later_cpu: list[float] = field(default_factory=list)


def timed(work: Callable[[], int], clock: list[float], cpu: list[float]) -> int:
    """Note how long something takes."""
    begun, used = time.perf_counter(), time.process_time()
    result = work()
    clock.append(time.perf_counter() - begun)
    cpu.append(time.process_time() - used)
    return result


def keras_passes(root: Path, side: Side) -> int:
    """A first and a later pass of Keras' way; gives the pictures of a pass."""
    import keras

    made = []

    def first() -> int:
        made.append(
            keras.utils.image_dataset_from_directory(
                root, image_size=(SIDE, SIDE), batch_size=BATCH, seed=0, verbose=False
            )
        )
        return sum(len(pictures) for pictures, _labels in made[0])

    def later() -> int:
        return sum(len(pictures) for pictures, _labels in made[0])

    count = timed(first, side.first, side.first_cpu)
    assert timed(later, side.later, side.later_cpu) == count
    return count


def our_passes(root: Path, cache: Path, side: Side) -> int:
    """A first and a later pass of ours; gives the pictures of a pass."""
    from dlstudio.catalog.builtin import BUILTIN
    from dlstudio.catalog.store import Catalog
    from dlstudio.data.picture_spec import PictureSpec
    from dlstudio.data.prepare import Prepared, prepare
    from dlstudio.document.plan import DataRecipe
    from dlstudio.document.values import FrozenMap, Spec

    source = Spec("dlstudio.sources.folder", FrozenMap({"path": str(root)}))
    spec = PictureSpec(SIDE, SIDE, 3, antialias=False)
    made: list[Prepared] = []

    def first() -> int:
        catalog = Catalog(BUILTIN)
        made.append(prepare(DataRecipe(source), spec, catalog, root, cache))
        return batches(made[0], 0)

    count = timed(first, side.first, side.first_cpu)
    assert timed(lambda: batches(made[0], 1), side.later, side.later_cpu) == count
    return count


def batches(prepared, epoch: int) -> int:
    """Go through all pictures as training does; gives how many there were."""
    import numpy as np
    import tensorflow as tf

    from dlstudio.data.pipeline import Part, epoch_order, streamed_blocks

    chosen = np.arange(len(prepared))
    part = Part(prepared.images, prepared.labels, None, chosen)
    order = epoch_order(len(part), 0, epoch)
    count = 0
    for block in streamed_blocks(part, order, BATCH, 0, lambda step: 64):
        assert block.images is not None
        for index in block.index:
            count += len(tf.constant(block.images[index]))
    return count


def measure(count: int, rounds: int, width: int, height: int) -> dict[str, object]:
    """Both sides in turns."""
    from jpegs import make_jpegs

    keras_side, ours = Side(), Side()
    with tempfile.TemporaryDirectory(prefix="bench-pictures-") as folder:
        root = Path(folder)
        size = make_jpegs(root / "pictures", count, width, height)
        make_jpegs(root / "warm", 64, 64, 48)
        keras_passes(root / "warm", Side())
        our_passes(root / "warm", root / "warm cache", Side())
        for number in range(rounds):
            wanted = keras_passes(root / "pictures", keras_side)
            got = our_passes(root / "pictures", root / f"cache {number}", ours)
            assert wanted == got == count, (wanted, got, count)
    rows = {
        name: {
            "keras_s": statistics.median(getattr(keras_side, name)),
            "ours_s": statistics.median(getattr(ours, name)),
            "keras_cpu_s": statistics.median(getattr(keras_side, f"{name}_cpu")),
            "ours_cpu_s": statistics.median(getattr(ours, f"{name}_cpu")),
        }
        for name in ("first", "later")
    }
    ratios = {name: row["keras_s"] / row["ours_s"] for name, row in rows.items()}
    return {"pictures": count, "mean_bytes": size, "rows": rows, "ratios": ratios}


def report(result: dict) -> None:
    """Print the table."""
    print(
        f"{result['pictures']} JPEGs of {result['mean_bytes'] / 1000:.0f} kB each, "
        f"{os.cpu_count()} processors\n"
    )
    print("| pass | Keras | dlstudio | ratio | wanted | processor time, ratio |")
    print("|---|---|---|---|---|---|")
    for name, wanted in (("first", FIRST), ("later", LATER)):
        row = result["rows"][name]
        cpu = row["keras_cpu_s"] / max(row["ours_cpu_s"], 1e-9)
        print(
            f"| {name} | {row['keras_s']:.2f} s | {row['ours_s']:.2f} s "
            f"| {result['ratios'][name]:.2f} | {wanted} | {cpu:.2f} |"
        )


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; the status is 1 when a ratio is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few small pictures")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]
    if options.quick:
        result = measure(70, 1, 100, 75)
    else:
        result = measure(5000, options.rounds, 500, 375)
    print(json.dumps(result)) if options.json else report(result)
    met = result["ratios"]["first"] >= FIRST and result["ratios"]["later"] >= LATER
    return 0 if met or options.quick else 1


if __name__ == "__main__":
    sys.exit(main())
