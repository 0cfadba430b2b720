"""Every network of `keras.applications`: to a graph, a file, a script, and back.

    python tests/benchmarks/all_applications.py            # all, one after the other
    python tests/benchmarks/all_applications.py ResNet50   # these

Prints whether configuration and outputs are equal, and how long the steps take. Each
network runs in a process of its own; weights are random, inputs are small.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
SIZES = {"InceptionResNetV2": 75, "InceptionV3": 75, "Xception": 71, "NASNetLarge": 331,
         "NASNetMobile": 224}  # fmt: skip
OTHERS = 64


def main(names: list[str]) -> int:
    """Print a row for each network; 1 if one of them is not equal."""
    failed = 0
    print("network          nodes opaque config equal script to graph   build  ÷ Keras")
    for name in names or networks():
        ran = subprocess.run(
            [sys.executable, str(HERE), "--one", name],
            capture_output=True,
            text=True,
            check=False,
        )
        lines = ran.stdout.strip().splitlines()
        if ran.returncode or not lines:
            failed += 1
            print(f"{name:20} FAILED {ran.stderr.strip()[-400:]}", flush=True)
            continue
        row = json.loads(lines[-1])
        failed += not (row["config"] and row["equal"] and row["script"])
        print(
            f"{name:17} {row['nodes']:4} {row['opaque']:6} {yes(row['config']):6} "
            f"{yes(row['equal']):5} {yes(row['script']):6} {row['to_graph']:7.2f}s "
            f"{row['build']:6.2f}s {ratio(row['build'], row['keras'])}",
            flush=True,
        )
    return int(failed > 0)


def yes(value: bool) -> str:
    """A word for the table."""
    return "yes" if value else "NO"


def ratio(build: float, keras: float) -> str:
    """How many times as long as Keras' own `from_config`; that may fail."""
    return f"{build / keras:8.2f}" if keras else "   fails"


def networks() -> list[str]:
    """Names of all networks."""
    from dlstudio.catalog.backbones import networks as known

    return list(known())


def one(name: str) -> dict[str, Any]:
    """What becomes of one network."""
    import keras
    import numpy as np

    sys.path.insert(0, str(HERE.parents[1] / "support"))
    from model_round_trip import RoundTrip, outputs_of, plain_layers

    from dlstudio.catalog.store import Catalog
    from dlstudio.engine.model.build import build
    from dlstudio.engine.model_import.keras_models import imported_graphs

    size = SIZES.get(name, OTHERS)
    make = getattr(keras.applications, name)
    original = make(weights=None, input_shape=(size, size, 3))
    catalog = Catalog.load()
    trip = RoundTrip(original, catalog)
    built = trip.build()
    config = plain_layers(built) == plain_layers(original)
    inputs = [np.random.default_rng(0).normal(size=(1, size, size, 3))]
    wanted = outputs_of(original, inputs)
    equal = same(wanted, outputs_of(built, inputs)) and trip.carried.complete
    script = same(wanted, outputs_of(trip.run_script(), inputs))
    serialized = json.loads(json.dumps(keras.saving.serialize_keras_object(original)))
    times: dict[str, list[float]] = {"to_graph": [], "build": [], "keras": []}
    for _again in range(2):
        clock(times["to_graph"], lambda: imported_graphs(serialized, catalog))
        clock(times["build"], lambda: build(trip.project, catalog))
        config_of = serialized["config"]
        copied = json.loads(json.dumps(config_of))
        clock(times["keras"], lambda c=copied: type(original).from_config(c))
    return {
        "nodes": len(trip.project.model.nodes),
        "config": config,
        "opaque": len(trip.imported.opaque),
        "equal": equal,
        "script": script,
        **{key: min(found, default=0.0) for key, found in times.items()},
    }


def clock(found: list[float], work: Any) -> None:
    """Add the seconds of the processor that it takes, whatever else runs."""
    gc.collect()
    start = time.thread_time()
    work()
    found.append(time.thread_time() - start)


def same(some: list[Any], others: list[Any]) -> bool:
    """Whether all arrays are nearly the same."""
    import numpy as np

    return len(some) == len(others) and all(
        one.shape == other.shape and np.allclose(one, other, rtol=1e-5, atol=1e-6)
        for one, other in zip(some, others, strict=True)
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(sys.argv[2])))
    else:
        sys.exit(main(sys.argv[1:]))
