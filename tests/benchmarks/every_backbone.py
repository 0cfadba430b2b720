"""Every network of `keras.applications` as a Backbone node: the same outputs.

    python tests/benchmarks/every_backbone.py [NETWORK …] [--json]

For each network, one process builds it with Keras, gives it weights that are no
initial ones, and saves them. A project with a Backbone node is written, read and built,
and gets the weights from the file. Its outputs for a few small images must be those of
Keras' network, and those with other weights must differ. It exits with 1 if any are not
so. All 40 take some 20 minutes, and up to 6 GB of memory.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

TOLERANCE = 1e-3
"""Most difference, as a share of the largest output: the same operations are fused
otherwise. Weights of another layer would make a difference of about 1."""
COUNT = 16
"""Images: of fewer, deep layers have variances next to zero, which enlarge errors."""
LIMIT = 1800
"""Seconds for one network."""


def compare(name: str, folder: Path) -> dict[str, Any]:
    """Compare one network.

    Args:
        name: Of the network.
        folder: For its files.
    """
    import keras
    import numpy as np

    from dlstudio.catalog.backbones import BACKBONE, networks
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.graph import INPUT, Graph, node
    from dlstudio.document.project import Project
    from dlstudio.document.storage import load_project, save_project
    from dlstudio.document.values import FrozenMap
    from dlstudio.engine.model.backbone_weights import set_backbone_weights
    from dlstudio.engine.model.build import build

    known = networks()[name]
    side = known.smallest + 3
    shape = (side, side, 3)
    random = np.random.default_rng(0)
    colors = random.uniform(0, 255, (COUNT, 1, 1, 3))
    noise = random.normal(0, 60, (COUNT, *shape))
    images = np.clip(colors + noise, 0, 255).astype(np.float32)
    scaled = images.copy()
    if known.mode:
        scaled = getattr(keras.applications, known.module).preprocess_input(scaled)
    theirs = getattr(keras.applications, name)(
        include_top=False, weights=None, input_shape=shape, pooling="avg"
    )
    _change(theirs, scaled)
    path = folder / "own.weights.h5"
    theirs.save_weights(path)
    wanted = np.asarray(theirs.predict(scaled, verbose=0))
    own = {"weights": str(path), "pooling": "avg", "architecture": name}
    graph = Graph.chain([node("in", INPUT, shape=shape), node("net", BACKBONE, **own)])
    save_project(
        Project(name=name, graphs=FrozenMap({"model": graph})), folder / "project"
    )
    size = (folder / "project" / "project.json").stat().st_size
    project = load_project(folder / "project")
    model = build(project, Catalog.load())
    before = np.asarray(model.predict(images, verbose=0))
    (found,) = set_backbone_weights(project, model, folder, None).values()
    after = np.asarray(model.predict(images, verbose=0))
    largest = float(np.abs(wanted).max())
    return {
        "network": name,
        "parameters": theirs.count_params(),
        "side": side,
        "bytes": size,
        "matched": found["matched"],
        "missing": len(found["missing"]),
        "unused": len(found["unused"]),
        "difference": float(np.abs(after - wanted).max()) / largest,
        "other weights": float(np.abs(before - wanted).max()) / largest,
    }


def _change(model: Any, images: Any) -> None:
    """Give a network weights that are no initial ones, and statistics that fit them."""
    import keras
    import numpy as np

    random = np.random.default_rng(1)
    for weight in model.weights:
        value = weight.numpy()
        if np.issubdtype(value.dtype, np.floating) and not np.ptp(value):
            weight.assign(value + random.uniform(0.02, 0.3, value.shape))
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.0
    model(images, training=True)


def holds(found: dict[str, Any]) -> bool:
    """Whether the outputs are the same, and would not be with other weights."""
    same = found.get("difference", 1.0) <= TOLERANCE < found["other weights"]
    return same and not found["missing"] and not found["unused"]


def in_process(name: str) -> dict[str, Any]:
    """Compare one network in a process of its own."""
    command = [sys.executable, __file__, name, "--one"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=LIMIT, check=False
        )
    except subprocess.TimeoutExpired:
        return {"network": name, "error": "took too long"}
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        return {"network": name, "error": done.stderr.strip()[-400:]}
    found: dict[str, Any] = json.loads(lines[-1])
    return found


def main(arguments: list[str] | None = None) -> int:
    """Compare and print; returns 1 where outputs differ."""
    from dlstudio.catalog.backbones import networks

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("networks", nargs="*", help="all if omitted")
    parser.add_argument("--json", action="store_true", help="one object per line")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.one:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(compare(given.networks[0], Path(folder))))
        return 0
    failed = 0
    for name in given.networks or networks():
        began = time.monotonic()
        found = in_process(name)
        found["seconds"] = round(time.monotonic() - began, 1)
        good = "error" not in found and holds(found)
        failed += not good
        if given.json:
            print(json.dumps({**found, "same": good}), flush=True)
            continue
        text = found.get("error") or f"difference {found['difference']:.1e}"
        print(f"{'same' if good else 'OTHER'}  {name}  {text}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
