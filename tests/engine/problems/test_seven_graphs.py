"""Seven graphs that are no chain from an image to a class, on a table and on images.

Each trains, or has a problem whose first fix is right for its features: with it the
graph trains, and nothing that the user has drawn to predict with is removed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from small_images import class_folders
from tiny import layer
from tiny_features import connected

from dlstudio.catalog.store import Catalog
from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.graph import INPUT, Node, node
from dlstudio.document.plan import DataRecipe, TrainingPlan
from dlstudio.document.problems import Problem
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.project.check import check_project, prepare_training
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runtime.stop_token import StopSource
from dlstudio.engine.training.trainer import Trainer, TrainerDependencies

CATALOG = Catalog.load()
MOST_STEPS = 4
REGRESSION = Spec("dlstudio.heads.regression")
NUMBERS, NAMES = ("a", "b", "c", "d", "price"), ("city", "kind")
FEATURES = FrozenMap(
    {
        **{name: Feature("dlstudio.features.number") for name in NUMBERS},
        **{name: Feature("dlstudio.features.category") for name in NAMES},
    }
)
Links = list[tuple[str, str]]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of four numbers and a city, and a folder of images of two classes."""
    folder = tmp_path_factory.mktemp("seven")
    random = np.random.default_rng(0)
    lines = ["a,b,c,d,city,kind,price"]
    for row in range(45):
        numbers = ",".join(f"{each:.3f}" for each in random.normal(size=4))
        city, kind = ("Rome", "Oslo", "Lima")[row % 3], ("x", "y", "z")[row % 3]
        lines.append(f"{numbers},{city},{kind},{10 * row % 7}.5")
    (folder / "rows.csv").write_text("\n".join(lines) + "\n", "utf-8")
    class_folders(folder / "images", count=8)
    return folder


def of_rows(
    nodes: list[Node],
    links: Links,
    inputs: tuple[InputBinding, ...],
    outputs: tuple[OutputBinding, ...],
) -> Project:
    source = Spec("dlstudio.sources.table", FrozenMap({"path": "rows.csv"}))
    return Project(
        graphs=FrozenMap({MODEL: connected(nodes, links)}),
        data=DataRecipe(source, features=FEATURES),
        inputs=inputs,
        outputs=outputs,
        plan=TrainingPlan(epochs=1, batch_size=16),
    )


def of_images(nodes: list[Node], links: Links) -> Project:
    source = Spec("dlstudio.sources.folder", FrozenMap({"path": "images"}))
    return Project(
        graphs=FrozenMap({MODEL: connected(nodes, links)}),
        data=DataRecipe(source),
        plan=TrainingPlan(epochs=1, batch_size=8),
    )


def entry(id: str, *shape: int, **params: object) -> Node:
    return node(id, INPUT, shape=shape or (1,), **params)


def dense(id: str, units: int, activation: str = "linear") -> Node:
    return layer(id, "Dense", units=units, activation=activation)


def enters(*names: str, at: str = "") -> tuple[InputBinding, ...]:
    return tuple(InputBinding(name, input=at or name) for name in names)


def errors(project: Project, folder: Path) -> list[Problem]:
    found = check_project(project, folder, CATALOG).problems
    return [each for each in found if each.severity == "error"]


@dataclass(frozen=True)
class Repaired:
    """A project after the first fixes of its errors."""

    project: Project
    labels: tuple[str, ...]


def repaired(project: Project, folder: Path) -> Repaired:
    """Apply the first fix of the first error until there is none."""
    labels: list[str] = []
    for _step in range(MOST_STEPS):
        found = errors(project, folder)
        if not found:
            break
        assert any(each.fixes for each in found), [each.message for each in found]
        fix = next(each.fixes[0] for each in found if each.fixes)
        labels.append(fix.label)
        for edit in fix.edits:
            project = edit.apply(project)
    assert errors(project, folder) == [], labels
    return Repaired(project, tuple(labels))


def trained(project: Project, folder: Path, out: Path) -> Run:
    token = StopSource().token
    dependencies = TrainerDependencies(
        lambda given: prepare_training(given, folder, CATALOG, None, token)
    )
    run = Trainer(project, out, CATALOG, lambda _: None, token, dependencies).train()
    assert run.outcome == "succeeded", run.record.message
    return run


JOINED = [entry("a"), entry("b"), layer("join", "Concatenate")]
JOINS: Links = [("a", "join"), ("b", "join"), ("join", "out")]
BRANCHES: Links = [("a", "hidden"), ("hidden", "kind"), ("hidden", "price")]
TWO_OUTPUTS = [entry("a"), dense("hidden", 4), dense("kind", 3, "softmax")]
KIND, PRICE = OutputBinding("kind"), OutputBinding("price", REGRESSION)
CASES: dict[str, tuple[Project, tuple[str, ...]]] = {
    "two inputs": (
        of_rows(
            [*JOINED, dense("out", 3, "softmax")], JOINS, enters("a", "b"), (KIND,)
        ),
        (),
    ),
    "two inputs, one without a feature": (
        of_rows([*JOINED, dense("out", 3, "softmax")], JOINS, enters("a"), (KIND,)),
        ("Use “b”",),
    ),
    "two outputs, one without a feature": (
        of_rows(
            [*TWO_OUTPUTS, dense("price", 1)],
            BRANCHES,
            enters("a"),
            (replace(KIND, output="kind"),),
        ),
        ("Predict “price” with it",),
    ),
    "two outputs, drawn after the data was chosen": (
        of_rows([*TWO_OUTPUTS, dense("price", 1)], BRANCHES, enters("a"), (KIND,)),
        ("Predict “kind” with kind", "Predict “price” with it"),
    ),
    "regression with an output for classes": (
        of_rows(
            [entry("a"), dense("out", 3, "softmax")],
            [("a", "out")],
            enters("a"),
            (PRICE,),
        ),
        ("Fit out to “price”: regression, units: 1",),
    ),
    "regression with a head for classes": (
        of_rows(
            [entry("a"), dense("out", 5, "softmax")],
            [("a", "out")],
            enters("a"),
            (OutputBinding("price"),),
        ),
        ("Fit out to “price”: regression, units: 1",),
    ),
    "classes with a head for numbers": (
        of_rows(
            [entry("a"), dense("out", 1)],
            [("a", "out")],
            enters("a"),
            (OutputBinding("kind", REGRESSION),),
        ),
        ("Fit out to “kind”: classification, units: 3",),
    ),
    "vector input": (
        of_rows(
            [entry("all", 4), dense("out", 3, "softmax")],
            [("all", "out")],
            enters("a", at="all"),
            (KIND,),
        ),
        ("Join a, b, c, d as the input",),
    ),
    "vector input that several features enter": (
        of_rows(
            [entry("all", 4), dense("out", 3, "softmax")],
            [("all", "out")],
            enters("a", "b", "c", "d", at="all"),
            (KIND,),
        ),
        ("Join a, b, c, d as the input",),
    ),
    "string input": (
        of_rows(
            [entry("city"), dense("out", 3, "softmax")],
            [("city", "out")],
            enters("city"),
            (KIND,),
        ),
        ("Fit the layers of city to the feature",),
    ),
    "string input that enters numbers": (
        of_rows(
            [entry("city", dtype="string"), dense("out", 3, "softmax")],
            [("city", "out")],
            enters("city"),
            (KIND,),
        ),
        ("Insert StringLookup after city",),
    ),
    "several rows of an output": (
        of_rows(
            [
                entry("a"),
                layer("rows", "Reshape", target_shape=(1, 1)),
                dense("out", 3, "softmax"),
            ],
            [("a", "rows"), ("rows", "out")],
            enters("a"),
            (KIND,),
        ),
        ("Insert Flatten after rows",),
    ),
    "string input whose size depends on the data": (
        of_rows(
            [
                entry("city", dtype="string"),
                layer("hot", "StringLookup", output_mode="one_hot"),
                dense("out", 3, "softmax"),
            ],
            [("city", "hot"), ("hot", "out")],
            enters("city"),
            (KIND,),
        ),
        ("Let hot have 5 tokens",),
    ),
    "string input of several words": (
        of_rows(
            [
                entry("city", dtype="string"),
                layer("words", "TextVectorization"),
                dense("out", 3, "softmax"),
            ],
            [("city", "words"), ("words", "out")],
            enters("city"),
            (KIND,),
        ),
        ("Set output_sequence_length of words to 20",),
    ),
    "nothing drawn yet": (
        of_rows([], [], enters("a"), (PRICE,)),
        (
            "Start with a small model",
            "Use “a”",
            "Fit dense_1 to “price”: regression, units: 1",
        ),
    ),
    "images, per-pixel output": (
        of_images(
            [
                entry("image", 12, 12, 3),
                layer("scale", "Rescaling", scale=1 / 255),
                layer("out", "Conv2D", filters=2, kernel_size=3, activation="softmax"),
            ],
            [("image", "scale"), ("scale", "out")],
        ),
        ("Append GlobalAveragePooling2D",),
    ),
    "images, vector input": (
        of_images(
            [entry("all", 4), dense("out", 2, "softmax")],
            [("all", "out")],
        ),
        ("Set the shape of all to 28×40×3", "Insert Flatten after all"),
    ),
    "images, string input": (
        of_images(
            [
                entry("image", 12, 12, 3, dtype="string"),
                layer("flat", "Flatten"),
                dense("out", 2, "softmax"),
            ],
            [("image", "flat"), ("flat", "out")],
        ),
        ("Set the data type of image to float32",),
    ),
    "images, two inputs": (
        of_images(
            [
                entry("left", 12, 12, 3),
                entry("right", 12, 12, 3),
                layer("sum", "Add"),
                layer("flat", "Flatten"),
                dense("out", 2, "softmax"),
            ],
            [("left", "sum"), ("right", "sum"), ("sum", "flat"), ("flat", "out")],
        ),
        ("Use left as the input of all branches",),
    ),
    "images, two outputs": (
        of_images(
            [
                entry("image", 12, 12, 3),
                layer("flat", "Flatten"),
                dense("out", 2, "softmax"),
                dense("more", 1),
            ],
            [("image", "flat"), ("flat", "out"), ("flat", "more")],
        ),
        ("Make out the only output",),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_graph_trains_or_has_a_fix_that_is_right(
    name: str, place: Path, tmp_path: Path
) -> None:
    project, labels = CASES[name]
    found = repaired(project, place)
    assert found.labels == labels
    predicted = {each.feature for each in project.outputs}
    assert predicted <= {each.feature for each in found.project.outputs}
    trained(found.project, place, tmp_path)


def test_a_second_graph_that_nothing_uses_is_reported(place: Path) -> None:
    project, _labels = CASES["two inputs"]
    other = connected([entry("x"), dense("y", 2)], [("x", "y")])
    found = check_project(project.with_graph("other", other), place, CATALOG).problems
    (problem,) = found
    assert (problem.severity, problem.graph) == ("warning", "other")
    (fix,) = problem.fixes
    changed = fix.edits[0].apply(project.with_graph("other", other))
    assert changed == project
