"""Repeated analysis: shapes, costs and problems."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from drawn import conv, dense, good, head, image, layer, project
from small_images import class_folders

from dlstudio.catalog.store import Catalog
from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import INPUT, Graph, node
from dlstudio.document.plan import DataRecipe
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, Spec, freeze_map
from dlstudio.engine.project import analysis as analysing
from dlstudio.engine.project.analysis import Analyser, versions

CATALOG = Catalog.load()


@pytest.fixture
def analyser() -> Analyser:
    return Analyser(CATALOG)


def test_every_node_has_its_shape_and_cost(analyser: Analyser) -> None:
    found = analyser.analyse(good(), 7)
    assert found.revision == 7
    assert found.problems == ()
    report = found.node(MODEL, "conv")
    assert report is not None
    assert str(report.outputs[0]) == "10×10×8"
    assert report.parameters == report.trainable == 80
    assert report.multiply_adds == 10 * 10 * 8 * 9
    assert report.memory == 10 * 10 * 8 * 4
    assert str(report.inputs[0]) == "12×12×1"
    assert found.parameters(MODEL) == 80 + 8010
    assert found.node(MODEL, "nowhere") is None


def test_a_wrong_layer_has_an_error_and_the_rest_is_known(analyser: Analyser) -> None:
    wrong = project([image(), conv("conv"), dense("odd", units=0), head()])
    found = analyser.analyse(wrong, 1)
    odd, after = found.node(MODEL, "odd"), found.node(MODEL, "head")
    assert odd is not None and "units" in odd.error and odd.outputs == ()
    assert after is not None and after.error == "" and after.outputs == ()
    conv_report = found.node(MODEL, "conv")
    assert conv_report is not None and conv_report.parameters == 80
    assert [p.node for p in found.problems if p.severity == "error"] == ["odd"]


def test_an_empty_or_odd_project_is_analysed_too(analyser: Analyser) -> None:
    found = analyser.analyse(Project(), 1)
    assert found.nodes[MODEL] == FrozenMap()
    assert [problem.code for problem in found.problems if problem.severity == "error"]
    odd = Project(graphs=FrozenMap({MODEL: Graph.chain([node("x", "no.such.Layer")])}))
    report = analyser.analyse(odd, 2).node(MODEL, "x")
    assert report is not None and report.error


def test_all_graphs_are_looked_at(analyser: Analyser) -> None:
    inner = Graph.chain([node("in", INPUT, shape=[4]), dense("mid", 3)])
    both = good().with_graph("encoder", inner)
    report = analyser.analyse(both, 1).node("encoder", "mid")
    assert report is not None and report.parameters == 15


def test_one_edit_infers_few_layers_again(analyser: Analyser) -> None:
    layers = [image(16, 16, 1), *(_same(f"c{i}") for i in range(40)), head()]
    big = project([*layers[:-1], layer("flat", "Flatten"), layers[-1]])
    analyser.analyse(big, 1)
    inferred = analyser.shapes.inferred
    analyser.analyse(big, 2)
    assert analyser.shapes.inferred == inferred, "nothing new"
    wider = SetParam("c20", "filters", 5).apply(big)
    analyser.analyse(wider, 3)
    # The layer itself, the next one with its wider input, and trials of fixes.
    assert analyser.shapes.inferred - inferred <= 4
    last = SetParam("head", "units", 11).apply(big)
    inferred = analyser.shapes.inferred
    analyser.analyse(last, 4)
    assert analyser.shapes.inferred - inferred <= 3


def _same(id: str):
    return conv(id, padding="same", filters=4)


def test_unreadable_data_is_a_problem_with_a_message(
    analyser: Analyser, tmp_path: Path
) -> None:
    source = Spec("dlstudio.sources.folder", freeze_map({"path": "gone"}))
    broken = replace(good(), data=DataRecipe(source))
    found = analyser.analyse(broken, 1, tmp_path)
    first = found.problems[0]
    assert (first.severity, first.code, first.node) == ("error", "data-missing", "")
    assert "gone" in first.message
    assert found.node(MODEL, "conv"), "shapes are known all the same"
    again = analyser.analyse(broken, 2, tmp_path)
    assert again.problems[0] == first


def test_the_data_is_opened_once_for_a_recipe(
    analyser: Analyser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class_folders(tmp_path / "pictures", count=6)
    opened: list[Project] = []
    real = analysing.dataset_statistics

    def counted(*args):
        opened.append(args[0])
        return real(*args)

    monkeypatch.setattr(analysing, "dataset_statistics", counted)
    source = Spec("dlstudio.sources.folder", freeze_map({"path": "pictures"}))
    mine = replace(good(), data=DataRecipe(source))
    codes = {p.code for p in analyser.analyse(mine, 1, tmp_path).problems}
    assert codes, "12×12 pictures of 10 classes are not what lies there"
    analyser.analyse(SetParam("conv", "filters", 3).apply(mine), 2, tmp_path)
    assert len(opened) == 1
    other = replace(mine.data, leave_out=("cat/0.png",))
    analyser.analyse(replace(mine, data=other), 3, tmp_path)
    assert len(opened) == 2
    without = analyser.analyse(mine, 4, None)
    assert all(problem.code != "data" for problem in without.problems)
    assert len(opened) == 2, "a project without a folder has no data to look at"


def test_versions_name_what_models_are_made_with() -> None:
    assert {"TensorFlow", "Keras", "Python"} == set(versions())
