"""Checks of models that images of a table enter, and their fixes."""

from __future__ import annotations

from pathlib import Path

import pytest
from photo_tables import SIDE, photo_table

from dlstudio.catalog.store import Catalog
from dlstudio.data.features.feature_choice import choose_features
from dlstudio.data.features.inference import infer_columns
from dlstudio.data.open_source import open_source
from dlstudio.data.samples import Samples
from dlstudio.data.table_rows import read_feature
from dlstudio.document.edits.nodes import AddNode, RemoveNodes
from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import node
from dlstudio.document.plan import DataRecipe
from dlstudio.document.problems import Problem
from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.engine.project.analysis import Analyser
from dlstudio.engine.project.check import check_project
from dlstudio.engine.templates import make_project
from dlstudio.engine.templates.context import table_context
from dlstudio.engine.templates.default_template import default_template

CATALOG = Catalog.load()


def project_of(path: Path, target: str = "glow") -> Project:
    """A project for the table of photos, made by the template that fits it."""
    source = Spec("dlstudio.sources.table").with_param("path", str(path))
    opened = open_source(source, CATALOG, path.parent)
    cells = dict(opened.columns)
    choice = choose_features(cells, infer_columns(cells, CATALOG), CATALOG, [target])
    recipe = DataRecipe(source, features=choice.features)
    columns = {n: read_feature(opened, recipe, n, CATALOG).column for n in cells}
    samples = Samples(opened.ids, columns, opened.splits)
    classes = target == "tint"
    head = "classification" if classes else "regression"
    heads = {target: f"dlstudio.heads.{head}"}
    context = table_context("p", source, samples, choice.features, heads, CATALOG)
    template = default_template(context)
    assert template == "dlstudio.templates.image-and-table"
    return make_project(CATALOG[template], context)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return photo_table(tmp_path_factory.mktemp("photos"), 24).parent


@pytest.fixture(scope="module")
def project(folder: Path) -> Project:
    return project_of(folder / "photos.csv")


def problems(project: Project, folder: Path) -> dict[str, Problem]:
    return {
        each.code: each for each in check_project(project, folder, CATALOG).problems
    }


def fixed(project: Project, found: Problem) -> Project:
    for edit in found.fixes[0].edits:
        project = edit.apply(project)
    return project


def test_the_template_fits_its_data(project: Project, folder: Path) -> None:
    assert problems(project, folder) == {}
    (image,) = (each for each in project.model.inputs if each.id == "photo")
    assert image.params["shape"] == (SIDE, SIDE, 3)
    # A number may depend on the side, a class of photos does not.
    kinds = {each.kind.rpartition(".")[2] for each in project.model.nodes.values()}
    assert {"Conv2D", "Normalization", "StringLookup", "Concatenate"} <= kinds
    assert "RandomFlip" not in kinds
    flipped = project_of(folder / "photos.csv", "tint").model.nodes.values()
    assert any(each.kind.endswith("RandomFlip") for each in flipped)


def test_a_lost_image_is_reported_before_anything_is_prepared(tmp_path: Path) -> None:
    lost = project_of(photo_table(tmp_path, 24, lost=(5,)))
    (problem,) = Analyser(CATALOG).analyse(lost, 1, tmp_path).problems
    assert problem.code == "unusable-rows" and "6" in problem.message
    assert not (tmp_path / ".cache").exists()


@pytest.mark.parametrize("shape", [(SIDE * SIDE,), (SIDE, SIDE), (SIDE, SIDE, 5)])
def test_a_wrong_shape_gets_that_of_the_images(
    project: Project, folder: Path, shape: tuple[int, ...]
) -> None:
    wrong = SetParam("photo", "shape", shape, "model").apply(project)
    found = problems(wrong, folder)["picture-input"]
    assert found.node == "photo" and "feature-input" not in problems(wrong, folder)
    assert fixed(wrong, found).model == project.model


def test_gray_input_for_color_images_is_reported(
    project: Project, folder: Path
) -> None:
    gray = SetParam("photo", "shape", (SIDE, SIDE, 1), "model").apply(project)
    found = problems(gray, folder)["channels"]
    assert found.severity == "warning" and "color" in found.message
    assert fixed(gray, found).model == project.model


def test_an_input_of_strings_takes_no_images(project: Project, folder: Path) -> None:
    text = SetParam("photo", "dtype", "string", "model").apply(project)
    found = problems(text, folder)["feature-input"]
    assert "feature-input" not in problems(fixed(text, found), folder)


def test_an_input_drawn_anew_gets_the_images_again(
    project: Project, folder: Path
) -> None:
    lost = RemoveNodes(("photo",), False, "model").apply(project)
    new = node("picture", "keras.layers.InputLayer", shape=(SIDE, SIDE, 3))
    lost = AddNode(new, "model").apply(lost)
    found = problems(lost, folder)["empty-input"]
    assert "photo" in found.fixes[0].label
    bound = {each.feature: each.input for each in fixed(lost, found).inputs}
    assert bound == {"photo": "picture", "extra": "extra", "tint": "tint"}


def test_pixels_that_are_not_scaled_are_reported_and_numbers_are_not(
    project: Project, folder: Path
) -> None:
    plain = RemoveNodes(("scale", "normalization"), True, "model").apply(project)
    found = problems(plain, folder)["not-rescaled"]
    assert "conv" in found.message and len(found.fixes) == 1
    assert "not-rescaled" not in problems(fixed(plain, found), folder)
