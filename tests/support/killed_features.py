"""A training of several features that kills itself, as a program for a subprocess."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from tiny import layer
from tiny_features import tiny_features, with_trees

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import Edge
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Spec


def learning_project() -> Project:
    """Two branches of strings that learn their words, a learned number, and dropout."""
    project = with_trees(
        layer("look", "StringLookup"),
        layer("embed", "Embedding", input_dim=6, output_dim=3),
        layer("flat", "Flatten"),
        layer("drop", "Dropout", rate=0.3),
        epochs=4,
        optimizer=Spec("keras.optimizers.Adam", FrozenMap({"learning_rate": 0.02})),
        class_weights="balanced",
        steps_per_execution=2,
        checkpoint_minutes=1e-9,
    )
    graph = project.model
    hot = layer("hot", "StringLookup", output_mode="one_hot")
    norm = layer("norm", "Normalization")
    edges = [
        edge for edge in graph.edges if (edge.source, edge.target) != ("height", "join")
    ]
    edges += [Edge("tree", "hot"), Edge("height", "norm")]
    edges += [Edge("norm", "join", target_port=2), Edge("hot", "join", target_port=4)]
    graph = replace(graph.with_nodes([hot, norm]), edges=tuple(edges))
    return project.with_graph("model", graph)


def train(folder: Path, resume: str = "", kill_at: int = 0, **more: Any) -> Any:
    """Train; killed by a signal right after checkpoint number `kill_at`."""
    from dlstudio.engine.runtime.stop_token import StopSource
    from dlstudio.engine.training.trainer import Trainer, TrainerDependencies

    saved: list[str] = []

    def emit(event: Any) -> None:
        if type(event).__name__ == "CheckpointSaved":
            saved.append(event.path)
            if len(saved) == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    samples = tiny_features()
    return Trainer(
        learning_project(),
        folder,
        Catalog.load(),
        emit,
        StopSource().token,
        TrainerDependencies(lambda _project: samples, **more),
    ).train(resume)


if __name__ == "__main__":
    train(Path(sys.argv[1]), kill_at=int(sys.argv[2]))
