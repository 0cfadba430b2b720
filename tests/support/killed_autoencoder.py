"""A training of an autoencoder that kills itself, as a program for a subprocess."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from tiny import TinySamples, layer

from dlstudio.catalog.store import Catalog
from dlstudio.document.bindings import OutputBinding
from dlstudio.document.graph import INPUT, Edge, Graph, Node, node
from dlstudio.document.plan import TrainingPlan
from dlstudio.document.project import RECONSTRUCTION, Project
from dlstudio.document.values import FrozenMap, Spec, freeze_map

SHAPE = (8, 8, 1)
SAMPLING = "dlstudio.layers.Sampling"


def images(count: int = 40) -> TinySamples:
    """Images with a bright half; a quarter is for validation."""
    random = np.random.default_rng(0)
    made = random.integers(0, 60, (count, *SHAPE)).astype(np.uint8)
    labels = random.integers(0, 2, count).astype(np.int32)
    for image, label in zip(made, labels, strict=True):
        image[:, 4 * label : 4 * label + 4] += np.uint8(random.integers(80, 190))
    rows = np.arange(count)
    splits = {
        "train": rows[: count * 3 // 4],
        "validation": rows[count * 3 // 4 :],
        "test": rows[:0],
    }
    return TinySamples(made, labels, ("left", "right"), splits)


def autoencoder(kind: str, **plan: Any) -> Project:
    """A project of one "supervised" or "variational" dense autoencoder."""
    latent = [layer("z_mean", "Dense", units=3)]
    edges = [Edge("drop", "z_mean"), Edge("z_mean", "decoder")]
    if kind == "variational":
        latent += [layer("z_log_var", "Dense", units=3), node("z", SAMPLING)]
        edges = [Edge("drop", each.id) for each in latent[:2]]
        edges += [Edge("z_mean", "z"), Edge("z_log_var", "z", 0, 1)]
        edges.append(Edge("z", "decoder"))
    front = [
        node("image", INPUT, shape=SHAPE),
        layer("scale", "Rescaling", scale=1 / 255),
        layer("flat", "Flatten"),
        layer("encoder", "Dense", units=24, activation="relu"),
        layer("drop", "Dropout", rate=0.1),
    ]
    back = [
        layer("decoder", "Dense", units=24, activation="relu"),
        layer("values", "Dense", units=64, activation="sigmoid"),
        layer("grid", "Reshape", target_shape=SHAPE),
    ]
    nodes: list[Node] = [*front, *latent, *back]
    chains = [*pairwise(front), *pairwise(back)]
    edges += [Edge(one.id, other.id) for one, other in chains]
    graph = Graph(FrozenMap((each.id, each) for each in nodes), tuple(edges))
    settings = {
        "loss": Spec("keras.losses.BinaryCrossentropy"),
        "metrics": (Spec("dlstudio.metrics.mse"), Spec("dlstudio.metrics.psnr")),
        "method": Spec(f"dlstudio.methods.{kind}"),
        "optimizer": Spec("keras.optimizers.Adam", freeze_map({"learning_rate": 0.01})),
        "epochs": 3,
        "batch_size": 8,
        "steps_per_execution": 1,
        "checkpoint_minutes": 1e-9,
        **plan,
    }
    return replace(
        Project("tiny", graphs=FrozenMap({"model": graph})),
        outputs=(OutputBinding("image", Spec(RECONSTRUCTION)),),
        plan=TrainingPlan(**settings),
    )


def train(
    folder: Path, kind: str, resume: str = "", kill_at: int = 0, **plan: Any
) -> Any:
    """Train; killed by a signal right after checkpoint number `kill_at`."""
    from dlstudio.engine.runtime.stop_token import StopSource
    from dlstudio.engine.training.trainer import Trainer, TrainerDependencies

    saved: list[str] = []

    def emit(event: Any) -> None:
        if type(event).__name__ == "CheckpointSaved":
            saved.append(event.path)
            if len(saved) == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    samples = images()
    return Trainer(
        autoencoder(kind, **plan),
        folder,
        Catalog.load(),
        emit,
        StopSource().token,
        TrainerDependencies(lambda _project: samples),
    ).train(resume)


if __name__ == "__main__":
    train(Path(sys.argv[1]), sys.argv[2], kill_at=int(sys.argv[3]))
