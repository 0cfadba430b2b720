from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import projects

from dlstudio.document.edits.project import SetPlan
from dlstudio.document.graph import Group
from dlstudio.document.groups import GroupTree
from dlstudio.document.migrations import VERSION
from dlstudio.document.project import Project
from dlstudio.document.storage import (
    FILE,
    load_project,
    parse_json,
    project_from_json,
    project_to_json,
    save_project,
)
from dlstudio.document.values import Json
from dlstudio.errors import UserError

FILES = Path(__file__).parent / "files"


@given(projects)
def test_any_project_saved_and_loaded_equals_itself(project: Project) -> None:
    text = json.dumps(project_to_json(project), ensure_ascii=False)
    assert project_from_json(parse_json(text.encode())) == project


@pytest.mark.parametrize("path", sorted(FILES.glob("v*.json")), ids=lambda p: p.name)
def test_every_older_file_still_opens(path: Path) -> None:
    project = project_from_json(parse_json(path.read_bytes()))
    assert project.name == "Kleidung 服装"
    assert project.model.nodes["conv_1"].params["filters"] == 32
    assert project.plan.epochs == 12


def test_there_is_a_file_of_every_version() -> None:
    kept = {path.stem for path in FILES.glob("v*.json")}
    assert kept == {f"v{version}" for version in range(1, VERSION + 1)}


def test_version_2_holds_what_scripts_and_foreign_files_need() -> None:
    model = project_from_json(parse_json((FILES / "v2.json").read_bytes())).model
    assert model.nodes["norm"].call["training"] is False
    assert model.nodes["scaled"].params["x2"] == 0.5
    config = model.nodes["block"].params["config"]
    assert isinstance(config, Json) and config.value["units"] == 4
    assert GroupTree(model.groups).around("scaled") == ("g3", "g2")


def test_in_version_1_a_layer_could_lie_in_two_groups() -> None:
    groups = [
        {"id": "g", "name": "g", "nodes": ["a", "a", "b"]},
        {"id": "h", "name": "h", "nodes": ["b", "c"]},
        {"id": "h", "name": "again", "nodes": ["d"]},
    ]
    nodes = {name: {"id": name, "kind": "k"} for name in "abcd"}
    graph = {"nodes": nodes, "groups": groups}
    item = json.loads(_text(graphs={"model": graph}, version=1))
    kept = project_from_json(item).model.groups
    assert kept == (Group("g", "g", ("a", "b")), Group("h", "h", ("c",)))
    with pytest.raises(UserError, match="two groups"):
        project_from_json({**item, "version": 2})


@pytest.mark.parametrize(
    "groups", [5, [5], [{"id": "g", "name": "g"}], [{"nodes": [1]}], {"g": []}]
)
def test_damaged_groups_of_version_1_are_reported(groups: object) -> None:
    graph = {"nodes": {}, "groups": groups}
    item = json.loads(_text(graphs={"model": graph}, version=1))
    with pytest.raises(UserError, match=r"damaged|not there"):
        project_from_json(item)


def test_saving_replaces_the_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    project = Project("a")
    save_project(project, tmp_path)
    changed = SetPlan("epochs", 3).apply(project)
    save_project(changed, tmp_path)
    assert load_project(tmp_path) == changed
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_full_disk_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_project(Project("old"), tmp_path)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="disk is full"):
        save_project(Project("new"), tmp_path)
    assert load_project(tmp_path).name == "old"
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def _text(**changes: object) -> bytes:
    return json.dumps({**project_to_json(Project("x")), **changes}).encode()


DEEP = b"[" * 100_000 + b"]" * 100_000
DAMAGED = {
    "empty": b"",
    "not json": b"{",
    "not a project": b"[]",
    "another format": b'{"format": "other", "version": 1}',
    "not utf-8": b'{"name": "\xff"}',
    "deep nesting": DEEP,
    "deep params": _text(name="@").replace(b'"@"', b"[" * 80 + b"]" * 80),
    "a huge number": _text(name="@").replace(b'"@"', b"9" * 5000),
    "an endless number": _text(plan={"checkpoint_minutes": 0}).replace(
        b'"checkpoint_minutes": 0', b'"checkpoint_minutes": 1e999'
    ),
    "not a number": _text(plan={"checkpoint_minutes": 0}).replace(
        b'"checkpoint_minutes": 0', b'"checkpoint_minutes": NaN'
    ),
    "no version": _text(version=None),
    "version zero": _text(version=0),
    "newer": _text(version=VERSION + 1),
    "a group in itself": _text(
        graphs={
            "model": {
                "nodes": {},
                "groups": [{"id": "g", "name": "g", "nodes": [], "parent": "g"}],
            }
        }
    ),
    "deep json": _text(
        graphs={"model": {"nodes": {"a": {"id": "a", "kind": "k", "params": "@"}}}}
    ).replace(b'"@"', b'{"c": {"json": ' + b"[" * 50 + b"]" * 50 + b"}}"),
    "an unknown field": _text(plan={"epochz": 3}),
    "a wrong type": _text(plan={"epochs": [1]}),
    "a stranger": _text(graphs={"model": {"links": [{"source": "a", "target": "b"}]}}),
    "no model": _text(graphs={}),
    "a wrong id": _text(graphs={"model": {"nodes": {"a": {"id": "b", "kind": "k"}}}}),
    "a negative port": _text(
        graphs={
            "model": {
                "nodes": {"a": {"id": "a", "kind": "k"}},
                "links": [{"source": "a", "target": "a", "source_port": -1}],
            }
        }
    ),
}  # fmt: skip


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_file_is_refused_and_never_overwritten(
    tmp_path: Path, data: bytes
) -> None:
    path = tmp_path / FILE
    path.write_bytes(data)
    with pytest.raises(UserError) as caught:
        load_project(tmp_path)
    assert FILE in caught.value.message
    with pytest.raises(UserError):
        save_project(Project("new"), tmp_path)
    assert path.read_bytes() == data


def test_a_folder_without_a_project_says_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not a dlstudio project"):
        load_project(tmp_path)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(
            ["name", "task", "graphs", "data", "plan", "model", "nodes", "odd"]
        ),
        json_values,
    ),
    st.integers(1, VERSION),
)
def test_anything_in_a_project_is_read_or_refused(
    item: dict[str, object], version: int
) -> None:
    try:
        project = project_from_json(
            {"format": "dlstudio-project", "version": version, **item}
        )
    except UserError as error:
        assert error.message
    else:
        assert project_from_json(project_to_json(project)) == project


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        parse_json(data)
    except UserError as error:
        assert error.message
