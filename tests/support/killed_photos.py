"""A training on photos and numbers that kills itself, as a program for a subprocess."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from dlstudio.catalog.store import Catalog


def train(folder: Path, resume: str = "", kill_at: int = 0, **more: Any) -> Any:
    """Train a project; killed by a signal right after checkpoint number `kill_at`."""
    from dlstudio.document.storage import load_project
    from dlstudio.engine.project.data import prepare_project
    from dlstudio.engine.runtime.stop_token import StopSource
    from dlstudio.engine.training.trainer import Trainer, TrainerDependencies

    catalog, project = Catalog.load(), load_project(folder)
    saved: list[str] = []

    def emit(event: Any) -> None:
        if type(event).__name__ == "CheckpointSaved":
            saved.append(event.path)
            if len(saved) == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    token = StopSource().token

    def prepared(project: Any) -> Any:
        return prepare_project(project, folder, catalog, None, token)

    dependencies = TrainerDependencies(prepared, **more)
    return Trainer(project, folder, catalog, emit, token, dependencies).train(resume)


if __name__ == "__main__":
    train(Path(sys.argv[1]), kill_at=int(sys.argv[2]))
