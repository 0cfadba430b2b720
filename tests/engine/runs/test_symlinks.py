"""Symbolic links at every written path below a project destroy nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import keras
import numpy as np
import pytest
from prepared_images import prepare
from small_images import CATALOG, class_folders

from dlstudio.data.images.spec import ImageSpec
from dlstudio.document.edit_lock import EditLock
from dlstudio.document.evaluation import EvaluationReport
from dlstudio.document.events import EpochBegan, event_to_json
from dlstudio.document.plan import DataRecipe
from dlstudio.document.project import Project
from dlstudio.document.project_lock import ProjectLock
from dlstudio.document.storage import project_to_json, save_project
from dlstudio.document.values import Spec, freeze_map
from dlstudio.engine.export.atomic_publish import publish, staging
from dlstudio.engine.model.opaque_weights import write_weights
from dlstudio.engine.runs.checkpoints import Checkpoints
from dlstudio.engine.runs.evaluation_report import save_report
from dlstudio.engine.runs.journal import Journal
from dlstudio.engine.runs.store import EVENTS, MODEL, RECORD, Run, RunStore
from dlstudio.engine.subprocess_training.lost_run import record_loss
from dlstudio.engine.subprocess_training.process_exit import ProcessExit
from dlstudio.engine.training.session import save_model
from dlstudio.errors import UserError

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links need a right there")

PRECIOUS = b"precious" * 100
RUN = "20260101-120000-abcd"
Write = Callable[[Path], object]


def the_run(project: Path) -> Run:
    return Run.read(project / "runs" / RUN)


def lock(project: Path) -> None:
    with ProjectLock(project, "training"):
        pass


def edit_lock(project: Path) -> None:
    held = EditLock(project, "editing")
    held.acquire()
    held.take_over()
    held.release()


def save(project: Path) -> None:
    save_project(Project("p"), project)


def create_run(project: Path) -> None:
    RunStore(project, clock=lambda: 1_767_000_000.0).create(project_to_json(Project()))


def train(project: Path) -> None:
    """Write the files of a training, without training."""
    run = the_run(project)
    with run.held():
        run.update(note="x")
        journal = Journal(run.folder / EVENTS)
        try:
            journal.write(event_to_json(EpochBegan(1.0, 1)))
        finally:
            journal.close()
        arrays = [np.ones(3, np.float32)]
        Checkpoints(run.checkpoints).save("epoch-00001-step-00000000", arrays, {})
        inside = keras.Input((2,))
        save_model(
            keras.Model(inside, keras.layers.Dense(1)(inside)), run.folder / MODEL
        )


def lose(project: Path) -> None:
    record_loss(
        the_run(project), ProcessExit("killed", "It was killed."), "out of memory"
    )


def update(project: Path) -> None:
    the_run(project).update(note="x")


def report(project: Path) -> None:
    plain = EvaluationReport(RUN, "test", 1, "f", False, ("a",), {}, {}, [], {}, [])
    save_report(plain, the_run(project).folder)


def weights(project: Path) -> None:
    layer = keras.layers.Dense(1)
    layer.build((None, 2))
    write_weights(project, "blocks/mine.npz", layer)


def prepare_images(project: Path) -> None:
    """Prepare two data sets: with all images, and with an unreadable one."""
    source = Spec(
        "dlstudio.sources.folder", freeze_map({"path": str(project.parent / "pets")})
    )
    spec = ImageSpec(4, 4, 3, antialias=False)
    prepare(DataRecipe(source), spec, CATALOG, project, project / ".cache")


def export(project: Path) -> None:
    out = project / "exports" / "model.keras"
    with staging(out) as folder:
        (folder / out.name).write_bytes(b"model")
        publish(folder, out)


def tidy(project: Path) -> None:
    RunStore(project).move_damaged()


WRITERS: tuple[Write, ...] = (
    *(lock, edit_lock, save, create_run, train, lose, update, report),
    *(weights, prepare_images, export, tidy),
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with images, and with a project that has a run."""
    root = tmp_path_factory.mktemp("planted")
    class_folders(root / "pets", count=3)
    (root / "pets" / "broken.png").write_bytes(b"no picture")
    project = root / "project"
    run = RunStore(project).create(project_to_json(Project("p")))
    run.folder.rename(run.folder.with_name(RUN))
    save_project(Project("p"), project)
    damaged = RunStore(project).create(project_to_json(Project("p")))
    damaged.folder.rename(damaged.folder.with_name("20250101-120000-dead"))
    (project / "runs" / "20250101-120000-dead" / RECORD).write_text("{")
    return root


def paths_of(project: Path) -> list[str]:
    return sorted(str(each.relative_to(project)) for each in project.rglob("*"))


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_symlinks_at_every_path_redirect_no_write(
    write: Write, template: Path, tmp_path: Path
) -> None:
    whole = tmp_path / "whole"
    shutil.copytree(template, whole)
    write(whole / "project")
    assert (whole / "project" / "project.json").exists()
    for number, name in enumerate(paths_of(whole / "project")):
        place = tmp_path / str(number)
        shutil.copytree(whole, place)
        link = place / "project" / name
        victim = place / "victim"
        plant(link, victim, link.is_dir())
        before = contents(victim)
        with suppress(UserError):
            write(place / "project")
        assert contents(victim) == before, name


def plant(link: Path, victim: Path, folder: bool) -> None:
    """Replace a written path by a symbolic link to an outside one."""
    if folder:
        shutil.copytree(link, victim)
        (victim / "more").mkdir()
        (victim / "more" / "file").write_bytes(PRECIOUS)
        shutil.rmtree(link)
    else:
        victim.write_bytes(PRECIOUS)
        link.unlink()
    link.symlink_to(victim, target_is_directory=folder)


def contents(victim: Path) -> dict[str, bytes]:
    if victim.is_file():
        return {"": victim.read_bytes()}
    return {
        str(each.relative_to(victim)): each.read_bytes()
        for each in victim.rglob("*")
        if each.is_file()
    }
