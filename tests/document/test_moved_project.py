"""A project that is saved in another folder finds the same files."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.catalog.store import Catalog
from dlstudio.document.edits.project import (
    SetData,
    SetGraph,
    SetInitialWeights,
    SetWordVectors,
)
from dlstudio.document.graph import Graph, node
from dlstudio.document.initial_weights import InitialWeights
from dlstudio.document.moved_project import copy_files, moved_project
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.document.vectors_reference import VectorsReference
from dlstudio.errors import UserError

CATALOG = Catalog.load()
DIGEST = "0" * 64


def project_with(path: str) -> Project:
    """Its data, the weights of a network, and its word vectors are files at `path`."""
    source = Spec("dlstudio.sources.folder", FrozenMap({"path": path}))
    network = node("network", BACKBONE, weights=path)
    published = node("other", BACKBONE)
    project = SetData("source", source).apply(Project())
    project = SetGraph(Graph.chain([network, published])).apply(project)
    return SetWordVectors("words", VectorsReference(path, DIGEST)).apply(project)


def paths_of(project: Project) -> set[object]:
    nodes = project.model.nodes
    assert "weights" not in nodes["other"].params
    return {
        project.data.source.params["path"],
        nodes["network"].params["weights"],
        project.word_vectors["words"].path,
    }


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("../cats", "../../cats"),
        ("cats", "../../one/cats"),
        ("~/cats", "~/cats"),
    ],
)
def test_relative_paths_lead_to_the_same_files(
    tmp_path: Path, path: str, expected: str
) -> None:
    old, new = tmp_path / "one", tmp_path / "two" / "copy"
    project = project_with(path)
    after = moved_project(project, old, new, CATALOG)
    assert paths_of(after) == {expected}
    assert (after is project) == (path == expected)


def test_absolute_paths_stay_and_far_ones_become_absolute(tmp_path: Path) -> None:
    old, new = tmp_path / "one", tmp_path / "a" / "b" / "c"
    absolute = project_with((tmp_path / "cats").as_posix())
    assert moved_project(absolute, old, new, CATALOG) is absolute
    after = moved_project(project_with("../cats"), old, new, CATALOG)
    assert paths_of(after) == {(tmp_path / "cats").as_posix()}


def test_weights_beside_the_project_are_copied(tmp_path: Path) -> None:
    old, new = tmp_path / "one", tmp_path / "two"
    old.mkdir()
    (old / "initial_weights.npz").write_bytes(b"weights")
    (old / "block.npz").write_bytes(b"block")
    (tmp_path / "secret").write_bytes(b"secret")
    opaque = [
        node("a", "dlstudio.Opaque", class_name="A", weights="block.npz"),
        node("b", "dlstudio.Opaque", class_name="B", weights="../secret"),
        node("c", "dlstudio.Opaque", class_name="C", weights="gone.npz"),
    ]
    project = SetGraph(Graph.chain(opaque)).apply(Project())
    reference = InitialWeights("initial_weights.npz", DIGEST)
    project = SetInitialWeights(reference).apply(project)
    for _again in range(2):
        copy_files([project], old, new)
        copied = {each.name: each.read_bytes() for each in new.iterdir()}
        assert copied == {"initial_weights.npz": b"weights", "block.npz": b"block"}
    (new / "block.npz").write_bytes(b"other")
    with pytest.raises(UserError, match=r"another file .*block\.npz"):
        copy_files([project], old, new)
    assert (new / "block.npz").read_bytes() == b"other"
