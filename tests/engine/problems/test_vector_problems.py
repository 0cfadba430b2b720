"""Word vectors of an Embedding that cannot be used are problems with fixes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tiny import layer, tiny_project

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, Graph, node
from dlstudio.document.problems import Problem
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap
from dlstudio.document.vectors_reference import VectorsReference
from dlstudio.engine.model.opaque_weights import WeightsFiles
from dlstudio.engine.problems.check import check
from dlstudio.engine.shapes.graph import ShapeInference
from dlstudio.engine.words.initial_vectors import file_sha256

CATALOG = Catalog.load()


INPUT_LAYER = node("numbers", INPUT, shape=(4,), dtype="int32")


def codes(project: Project) -> set[str]:
    return {each.code for each in check(project, CATALOG, ShapeInference())}


def found(project: Project, folder: Path) -> list[Problem]:
    every = check(project, CATALOG, ShapeInference(), files=WeightsFiles(folder))
    return [each for each in every if each.code.startswith("word-vectors")]


def test_missing_changed_and_wrong_vectors_are_problems_of_the_layer(
    tmp_path: Path,
) -> None:
    file = tmp_path / "glove.txt"
    file.write_text("cat 1 2 3\ndog 4 5 6\n", "utf-8")
    embed = layer("embed", "Embedding", input_dim=9, output_dim=3)
    plain = tiny_project().with_graph(MODEL, Graph.chain([embed]))
    reference = VectorsReference("glove.txt", file_sha256(file))
    project = replace(plain, word_vectors=FrozenMap({"embed": reference}))
    assert found(project, tmp_path) == []

    frozen = replace(embed, frozen=True)
    dense = layer("dense", "Dense", units=2)
    kept = project.with_graph(MODEL, Graph.chain([INPUT_LAYER, frozen, dense]))
    bare = replace(kept, word_vectors=FrozenMap())
    assert ["frozen-untrained" in codes(each) for each in (kept, bare)] == [False, True]

    narrow = layer("embed", "Embedding", input_dim=9, output_dim=2)
    wrong = project.with_graph(MODEL, Graph.chain([narrow]))
    (problem,) = found(wrong, tmp_path)
    assert problem.node == "embed" and "have size 3" in problem.message
    resized, removed = (each.edits[0].apply(wrong) for each in problem.fixes)
    assert resized.model.nodes["embed"].params["output_dim"] == 3
    assert not removed.word_vectors

    file.write_text("cat 1 2 3\ndog 4 5 60\n", "utf-8")
    (problem,) = found(project, tmp_path)
    assert problem.code == "word-vectors-file" and "have changed" in problem.message
    again, removed = (each.edits[0].apply(project) for each in problem.fixes)
    assert found(again, tmp_path) == [] and found(removed, tmp_path) == []
    file.unlink()
    (problem,) = found(project, tmp_path)
    assert "is missing" in problem.message
    (fix,) = problem.fixes
    assert found(fix.edits[0].apply(project), tmp_path) == []
