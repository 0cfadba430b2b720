"""The data recipe's newer fields: old files open, new files keep them."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.document.edits.project import SetData
from dlstudio.document.plan import DataRecipe, Split
from dlstudio.document.project import Project
from dlstudio.document.storage import project_from_json, project_to_json
from dlstudio.document.values import FrozenMap


def test_a_file_from_before_groups_and_moving_opens() -> None:
    item = project_to_json(Project(name="old"))
    for name in ("moved", "checked"):
        del item["data"][name]
    for name in ("group_by", "group_level", "group_pattern"):
        del item["data"]["split"][name]
    assert project_from_json(item) == Project(name="old")


def test_groups_and_moved_samples_are_kept() -> None:
    recipe = DataRecipe(
        split=Split(group_by="name", group_pattern="^(.)", group_level=2),
        moved=FrozenMap({"a/1.png": "test"}),
        checked=("duplicate a b.png",),
    )
    project = replace(Project(), data=recipe)
    assert project_from_json(project_to_json(project)) == project


def test_moving_is_an_edit() -> None:
    edit = SetData("moved", {"a.png": "train"})
    assert edit.apply(Project()).data.moved == FrozenMap({"a.png": "train"})
