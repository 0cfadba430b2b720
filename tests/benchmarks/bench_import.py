"""From the configuration of a Keras model to a graph, and from the graph to a model.

    python tests/benchmarks/bench_import.py [--quick]

Seconds from the configuration of ResNet50 to its graph, as it is on the canvas, and how
many times as long the graph takes to become a model as Keras' own `from_config`. Both
are seconds of the processor, the least of several rounds in turns. `--quick` does it
once with a small network, and judges nothing.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]

from machine import describe

LIMIT_SECONDS = 1.0
LIMIT_RATIO = 1.3


def seconds(work: Callable[[], object]) -> float:
    """Seconds of the processor, whatever else runs."""
    gc.collect()
    start = time.thread_time()
    work()
    return time.thread_time() - start


def measure(rounds: int, quick: bool) -> tuple[int, float, float, float]:
    """Number of nodes, seconds to the graph, to the model, and of Keras."""
    import keras

    from dlstudio.catalog.store import Catalog
    from dlstudio.document.project import Project
    from dlstudio.engine.model.build import build
    from dlstudio.engine.model_import.keras_models import imported_graphs

    if quick:
        model = keras.applications.MobileNet((32, 32, 3), 0.25, weights=None)
    else:
        model = keras.applications.ResNet50(weights=None)
    text = json.dumps(keras.saving.serialize_keras_object(model))
    catalog = Catalog.load()
    graph, built, own = [], [], []
    for _again in range(rounds):
        config = json.loads(text)
        graph.append(seconds(lambda c=config: imported_graphs(c, catalog)))
        imported = imported_graphs(config, catalog)
        project = Project(graphs=imported.graphs)
        built.append(seconds(lambda p=project: build(p, catalog)))
        inner = config["config"]
        own.append(seconds(lambda c=inner: type(model).from_config(c)))
    return len(imported.model.nodes), min(graph), min(built), min(own)


def main() -> int:
    """Print the results; 1 if a limit is exceeded (never with --quick)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="once, a small network")
    quick = parser.parse_args().quick
    nodes, graph, built, own = measure(1 if quick else 5, quick)
    ratio = built / own
    print(describe())
    print(f"configuration to graph, {nodes} nodes: {graph:.3f} s (≤ {LIMIT_SECONDS} s)")
    print(f"graph to model: {built:.3f} s; Keras' from_config: {own:.3f} s")
    print(f"ratio: {ratio:.2f} (≤ {LIMIT_RATIO})")
    return int(not quick and (graph > LIMIT_SECONDS or ratio > LIMIT_RATIO))


if __name__ == "__main__":
    sys.exit(main())
