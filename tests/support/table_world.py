"""A project on a small table of flats with one trained run, created once per process.

What enters are numbers, categories, a date and several names; what is predicted are a
class, a number and some labels.
"""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from digits_world import World
from feature_world import CATALOG, PARAMS, ROWS, flat_cells, flat_project

from dlstudio.data.features.cell_text import cell_texts
from dlstudio.document.feature import Feature
from dlstudio.document.plan import Split
from dlstudio.document.project import Project
from dlstudio.document.storage import save_project
from dlstudio.document.values import FrozenMap, Spec

_KEY = pytest.StashKey[Path]()
INPUTS = ("rooms", "Area (m²)", "城市", "class", "built", "extras")
TABLE = "flats.csv"


def table_project() -> Project:
    """One epoch over the flats; prices are in euros."""
    project = flat_project()
    price = Feature(
        "dlstudio.features.number",
        "",
        FrozenMap({**PARAMS.get("price", {}), "unit": "€"}),
    )
    data = replace(
        project.data,
        source=Spec("dlstudio.sources.table", FrozenMap({"path": TABLE})),
        features=FrozenMap({**project.data.features, "price": price}),
        split=Split(validation=0.2, test=0.2),
    )
    outputs = tuple(replace(each, metrics=()) for each in project.outputs)
    plan = replace(project.plan, epochs=1)
    return replace(project, data=data, outputs=outputs, plan=plan)


def write_flats(path: Path, count: int = ROWS, columns: tuple[str, ...] = ()) -> Path:
    """Write the first flats as CSV; all columns by default."""
    cells = {name: cell_texts(each).to_list() for name, each in flat_cells().items()}
    names = columns or tuple(cells)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(names)
        for row in range(count):
            writer.writerow([cells[name][row % ROWS] or "" for name in names])
    return path


@pytest.fixture(scope="session")
def trained_tables(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The project, trained once per process; it must not be modified."""
    stash = request.config.stash
    if _KEY not in stash:
        folder = tmp_path_factory.mktemp("tables") / "flats"
        folder.mkdir()
        _train(folder)
        stash[_KEY] = folder
    return stash[_KEY]


@pytest.fixture
def tables(trained_tables: Path, tmp_path: Path) -> World:
    """A copy of the trained project that a test may change."""
    folder = tmp_path / "flats"
    shutil.copytree(trained_tables, folder)
    (run,) = (folder / "runs").iterdir()
    return World(folder, run.name, CATALOG)


def _train(folder: Path) -> None:
    from dlstudio.engine.project.data import prepare_project
    from dlstudio.engine.runtime.stop_token import StopSource
    from dlstudio.engine.training.trainer import Trainer, TrainerDependencies

    write_flats(folder / TABLE)
    project, token = table_project(), StopSource().token
    save_project(project, folder)
    dependencies = TrainerDependencies(
        lambda given: prepare_project(given, folder, CATALOG, None, token)
    )
    events: list[object] = []
    Trainer(project, folder, CATALOG, events.append, token, dependencies).train()


__all__ = ("World", "table_project", "tables", "trained_tables", "write_flats")
