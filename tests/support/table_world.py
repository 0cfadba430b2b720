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
from feature_world import (
    CATALOG,
    PARAMS,
    REGRESSION,
    ROWS,
    SQUARED,
    flat_cells,
    flat_project,
)
from photo_tables import SIDE, photo_table
from tiny import layer, tiny_project
from tiny_features import connected

from dlstudio.data.features.cell_text import cell_texts
from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.graph import INPUT, node
from dlstudio.document.plan import DataRecipe, Split
from dlstudio.document.project import Project
from dlstudio.document.storage import save_project
from dlstudio.document.values import FrozenMap, Spec

_KEY = pytest.StashKey[Path]()
_PHOTOS = pytest.StashKey[Path]()
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
        write_flats(folder / TABLE)
        _train(table_project(), folder)
        stash[_KEY] = folder
    return stash[_KEY]


def photo_project() -> Project:
    """An image and a number predict a number; one epoch."""
    nodes = [
        node("photo", INPUT, shape=(SIDE, SIDE, 3)),
        layer("scale", "Rescaling", scale=1 / 255),
        layer("flatten", "Flatten"),
        node("extra", INPUT, shape=(1,)),
        layer("join", "Concatenate"),
        layer("glow", "Dense", units=1),
    ]
    links = [("photo", "scale"), ("scale", "flatten"), ("flatten", "join")]
    links += [("extra", "join"), ("join", "glow")]
    project = tiny_project(connected(nodes, links))
    kinds = {"photo": "image", "extra": "number", "glow": "number"}
    features = {
        name: Feature(f"dlstudio.features.{kind}") for name, kind in kinds.items()
    }
    source = Spec("dlstudio.sources.table", FrozenMap({"path": "photos.csv"}))
    return replace(
        project,
        name="Photos",
        data=DataRecipe(source, features=FrozenMap(features)),
        inputs=tuple(InputBinding(name, input=name) for name in ("photo", "extra")),
        outputs=(OutputBinding("glow", REGRESSION, loss=SQUARED, metrics=()),),
        plan=replace(project.plan, epochs=1),
    )


@pytest.fixture(scope="session")
def trained_photos(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A project on photos with numbers, trained once per process."""
    stash = request.config.stash
    if _PHOTOS not in stash:
        folder = tmp_path_factory.mktemp("photos") / "photos"
        folder.mkdir()
        photo_table(folder, 30)
        _train(photo_project(), folder)
        stash[_PHOTOS] = folder
    return stash[_PHOTOS]


@pytest.fixture
def photos(trained_photos: Path, tmp_path: Path) -> World:
    """A copy of the trained project that a test may change."""
    return _copy(trained_photos, tmp_path / "photos")


@pytest.fixture
def tables(trained_tables: Path, tmp_path: Path) -> World:
    """A copy of the trained project that a test may change."""
    return _copy(trained_tables, tmp_path / "flats")


def _copy(project: Path, folder: Path) -> World:
    shutil.copytree(project, folder)
    (run,) = (folder / "runs").iterdir()
    return World(folder, run.name, CATALOG)


def _train(project: Project, folder: Path) -> None:
    from dlstudio.engine.project.data import prepare_project
    from dlstudio.engine.runtime.stop_token import StopSource
    from dlstudio.engine.training.trainer import Trainer, TrainerDependencies

    token = StopSource().token
    save_project(project, folder)
    dependencies = TrainerDependencies(
        lambda given: prepare_project(given, folder, CATALOG, None, token)
    )
    events: list[object] = []
    Trainer(project, folder, CATALOG, events.append, token, dependencies).train()


__all__ = (
    "World",
    "photo_project",
    "photos",
    "table_project",
    "tables",
    "trained_photos",
    "trained_tables",
    "write_flats",
)
