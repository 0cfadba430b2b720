"""Peak memory of preparing and going through 20,000 JPEGs of 500×375.

Run: python tests/benchmarks/bench_memory.py [--quick] [--json]

Two processes of their own: one imports TensorFlow and Keras and runs an operation,
the other also prepares the pictures at 96×96 and goes through them twice, shuffled,
as training does. The difference of their peaks is told. The prepared set has 553 MB.
500 files are different and the others are links to them; each is decoded.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
SIDE = 96
BATCH = 32
LIMIT = 500
MEBI = 2**20


def peak() -> int:
    """Most bytes of memory this process had at once, mapped files included."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(x for x in status.read_text().splitlines() if x[:5] == "VmHWM")
        return int(line.split()[1]) * 1024
    import psutil

    info = psutil.Process().memory_info()
    if hasattr(info, "peak_wset"):
        return int(info.peak_wset)
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(most if sys.platform == "darwin" else most * 1024)


def bare() -> dict[str, int]:
    """What the engine alone takes."""
    import keras
    import tensorflow as tf

    keras.ops.add(tf.ones((BATCH, SIDE, SIDE, 3)), 1)
    return {"peak": peak()}


def ours(root: Path) -> dict[str, int]:
    """Prepare everything and go through it twice."""
    import bench_pictures

    side = bench_pictures.Side()
    begun = bare()["peak"]
    count = bench_pictures.our_passes(root / "pictures", root / "cache", side)
    return {"peak": peak(), "begun": begun, "count": count}


def make_pictures(root: Path, different: int, count: int, side: int) -> None:
    """JPEGs, and links to them until there are `count`."""
    from jpegs import make_jpegs

    make_jpegs(root, different, side, side * 3 // 4)
    files = sorted(root.rglob("*.jpg"))
    for number in range(different, count):
        source = files[number % different]
        os.link(source, source.with_name(f"{number:05}.jpg"))


def child(*arguments: str) -> dict[str, int]:
    """What a process of its own tells."""
    command = [sys.executable, str(Path(__file__)), *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; the status is 1 when it is too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few small pictures")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    folders = [ROOT, ROOT / "tests" / "support", ROOT / "tests" / "benchmarks"]
    sys.path[:0] = [str(folder) for folder in folders]
    if options.child:
        kind, *rest = options.child
        print(json.dumps(bare() if kind == "bare" else ours(Path(rest[0]))))
        return 0
    different, count, side = (20, 60, 100) if options.quick else (500, 20_000, 500)
    with tempfile.TemporaryDirectory(prefix="bench-memory-") as folder:
        make_pictures(Path(folder) / "pictures", different, count, side)
        alone = child("--child", "bare")
        made = child("--child", "ours", folder)
    above = (made["peak"] - alone["peak"]) / MEBI
    result = {
        "pictures": made["count"],
        "bare_mib": alone["peak"] / MEBI,
        "peak_mib": made["peak"] / MEBI,
        "above_mib": above,
    }
    if options.json:
        print(json.dumps(result))
    else:
        print(
            "| pictures | bare engine | peak | above | wanted |\n|---|---|---|---|---|"
        )
        print(
            f"| {made['count']} | {result['bare_mib']:.0f} MiB "
            f"| {result['peak_mib']:.0f} MiB | {above:.0f} MiB | < {LIMIT} MB |"
        )
    return 0 if made["count"] == count and above * MEBI < LIMIT * 1e6 else 1


if __name__ == "__main__":
    sys.exit(main())
