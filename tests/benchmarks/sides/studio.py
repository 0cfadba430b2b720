"""A training with dlstudio, including prepared data, events, record and checkpoints.

python studio.py PROJECT
"""

import sys
from pathlib import Path

from laps import Laps

clock = Laps()

from dlstudio.engine.runtime.startup import start_tensorflow

start_tensorflow()

from dlstudio.catalog.store import Catalog
from dlstudio.document.events import EpochEnded, Event, RunStarted
from dlstudio.document.project import Project
from dlstudio.document.storage import load_project
from dlstudio.engine.project.data import prepare_project
from dlstudio.engine.runtime.stop_token import StopSource
from dlstudio.engine.training.trainer import Trainer, TrainerDependencies

clock.lap("import")
folder = Path(sys.argv[1])
catalog, token = Catalog.load(), StopSource().token


def prepare(project: Project):
    return prepare_project(project, folder, catalog, None, token)


def see(event: Event) -> None:
    if isinstance(event, RunStarted):
        clock.lap("prepare")
    elif isinstance(event, EpochEnded):
        clock.lap("epoch")


project = load_project(folder)
run = Trainer(
    project, folder, catalog, see, token, TrainerDependencies(prepare)
).train()
if run.outcome != "succeeded":
    sys.exit(run.record.message)
clock.print(steps=run.record.steps_per_execution)
