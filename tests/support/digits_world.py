"""A project on the digits sample with one trained run, created once per process."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, Graph, node
from dlstudio.document.plan import DataRecipe, TrainingPlan
from dlstudio.document.project import Project
from dlstudio.document.storage import save_project
from dlstudio.document.values import FrozenMap, Spec

_KEY = pytest.StashKey[Path]()


@dataclass(frozen=True)
class World:
    """A project's folder with one trained run.

    Attributes:
        run: The run's id.
    """

    folder: Path
    run: str
    catalog: Catalog


def digits_graph() -> Graph:
    """The smallest model that learns something about the digits."""
    return Graph.chain(
        [
            node("input", INPUT, shape=(8, 8, 1)),
            node("scale", "keras.layers.Rescaling", scale=1 / 255),
            node("flatten", "keras.layers.Flatten"),
            node("head", "keras.layers.Dense", units=10, activation="softmax"),
        ]
    )


def digits_project() -> Project:
    """One epoch over the digits."""
    graphs = FrozenMap({"model": digits_graph()})
    plan = TrainingPlan(
        epochs=1,
        batch_size=64,
        optimizer=Spec("keras.optimizers.Adam", FrozenMap({"learning_rate": 0.02})),
    )
    data = DataRecipe(Spec("dlstudio.sources.digits"))
    return replace(Project("digits", graphs=graphs, plan=plan), data=data)


@pytest.fixture(scope="session")
def trained_folder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The project, trained once per process; it must not be modified."""
    stash = request.config.stash
    if _KEY not in stash:
        folder = tmp_path_factory.mktemp("world") / "digits"
        _train(folder)
        stash[_KEY] = folder
    return stash[_KEY]


@pytest.fixture
def world(trained_folder: Path, tmp_path: Path) -> World:
    """A copy of the trained project that a test may change."""
    folder = tmp_path / "digits"
    shutil.copytree(trained_folder, folder)
    (run,) = (folder / "runs").iterdir()
    return World(folder, run.name, Catalog.load())


@pytest.fixture
def digit_files(tmp_path: Path) -> Callable[[int], list[Path]]:
    """Writes the first digits of the sample as PNG files."""

    def make(count: int) -> list[Path]:
        from sklearn.datasets import load_digits

        folder = tmp_path / "images"
        folder.mkdir(exist_ok=True)
        found = []
        for number, image in enumerate(load_digits().images[:count]):
            path = folder / f"数字 {number}.png"
            Image.fromarray((image * 255 / 16).astype(np.uint8)).save(path)
            found.append(path)
        return found

    return make


def _train(folder: Path) -> None:
    from dlstudio.engine.project.data import prepare_project
    from dlstudio.engine.runtime.stop_token import StopSource
    from dlstudio.engine.training.trainer import Trainer, TrainerDependencies

    catalog, token = Catalog.load(), StopSource().token
    save_project(digits_project(), folder)

    def prepare(project: Project) -> object:
        return prepare_project(project, folder, catalog, None, token)

    events: list[object] = []
    dependencies = TrainerDependencies(prepare)
    Trainer(
        digits_project(), folder, catalog, events.append, token, dependencies
    ).train()


__all__ = ("World", "digit_files", "digits_project", "trained_folder", "world")
