"""The training that the kill tests interrupt, as a program for a subprocess.

python killed_project.py FOLDER EVENT COUNT
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tiny import mapped, random_graph, tiny_project, tiny_samples

from dlstudio.catalog.store import Catalog
from dlstudio.document.plan import EarlyStopping
from dlstudio.document.values import FrozenMap, Spec


def train(
    folder: Path,
    resume: str,
    kind: str,
    count: int,
    resident: bool,
    kill: Callable[[], Any],
) -> None:
    """Train; at event number `count` of `kind`, or while writing, call `kill`."""
    from dlstudio.engine.runs import checkpoints
    from dlstudio.engine.runtime.stop_token import StopSource
    from dlstudio.engine.training.trainer import Trainer, TrainerDependencies

    seen: list[str] = []

    def emit(event: Any) -> None:
        seen.append(type(event).__name__)
        if seen[-1] == kind and seen.count(kind) == count:
            kill()

    if kind == "writing":  # in a process that does not survive it
        whole, calls = checkpoints._sum_of_file, iter(range(1, 10**6))

        def sum_of_file(path: Path) -> str:
            if next(calls) == count:
                path.write_bytes(path.read_bytes()[:100])
                kill()
                time.sleep(60)
            return whole(path)

        checkpoints._sum_of_file = sum_of_file
    samples = tiny_samples()
    path = folder / "images.npy"
    samples = mapped(samples, path) if not path.exists() else samples
    Trainer(
        tiny_project(
            random_graph(),
            epochs=5,
            optimizer=Spec(
                "keras.optimizers.Adam",
                FrozenMap({"learning_rate": 0.02, "clipnorm": 1.0}),
            ),
            schedule=Spec(
                "dlstudio.schedules.OnPlateau",
                FrozenMap({"patience": 1, "monitor": "val_loss"}),
            ),
            metrics=(
                Spec("dlstudio.metrics.accuracy"),
                Spec("dlstudio.metrics.auc"),
            ),
            early_stopping=EarlyStopping(patience=2),
            class_weights="balanced",
            steps_per_execution=2,
            checkpoint_minutes=1e-9,
        ),
        folder,
        Catalog.load(),
        emit,
        StopSource().token,
        TrainerDependencies(lambda _project: samples, resident=resident),
    ).train(resume)


def kill_this() -> None:
    """Kill this process."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    train(Path(sys.argv[1]), "", sys.argv[2], int(sys.argv[3]), True, kill_this)
