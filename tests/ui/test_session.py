"""Notifications when the open project changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.document.edits.project import SetData, SetInitialWeights, SetName
from dlstudio.document.initial_weights import InitialWeights
from dlstudio.document.project import Project
from dlstudio.document.storage import load_project, save_project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.errors import UserError
from dlstudio.ui.session import Session


@pytest.fixture
def session(catalog: Catalog) -> Session:
    return Session(catalog)


@pytest.fixture
def reported(session: Session) -> list[str]:
    heard: list[str] = []
    session.changed.connect(lambda _change: heard.append("changed"))
    session.saved_changed.connect(lambda: heard.append("saved"))
    return heard


def test_an_edit_is_reported_once_and_an_idle_one_never(
    session: Session, reported: list[str]
) -> None:
    session.do(SetName("Birds"))
    assert reported == ["changed", "saved"] and session.unsaved
    session.do(SetName("Birds"))
    session.redo()
    assert reported == ["changed", "saved"] and session.revision == 1


def test_an_equal_project_in_another_folder_is_a_change(
    session: Session, reported: list[str], tmp_path: Path
) -> None:
    for name in ("one", "two"):
        save_project(Project(name="Birds"), tmp_path / name)
    session.open(tmp_path / "one")
    session.do(SetName("Cats"))
    session.undo()
    reported.clear()
    before = session.revision
    session.open(tmp_path / "two")
    assert reported == ["changed", "saved"]
    assert session.revision == before + 1
    assert session.folder == tmp_path / "two" and not session.history.future


def data_at(path: str) -> SetData:
    return SetData("source", Spec("dlstudio.sources.folder", FrozenMap({"path": path})))


def test_what_is_undone_in_another_folder_finds_its_files(
    session: Session, tmp_path: Path
) -> None:
    old, new = tmp_path / "one", tmp_path / "two" / "copy"
    save_project(Project(name="Birds"), old)
    session.open(old)
    for number, name in enumerate(("cats", "dogs")):
        (old / f"initial_weights-{number}.npz").write_text(name)
        reference = InitialWeights(f"initial_weights-{number}.npz", "0" * 64)
        session.do(SetInitialWeights(reference))
        session.do(data_at(f"../{name}"))
    session.save(new)
    assert not session.unsaved and session.folder == new
    assert session.project == load_project(new)
    assert session.project.data.source.params["path"] == "../../dogs"
    session.undo()
    assert session.project.data.source.params["path"] == "../../cats"
    session.undo()
    kept = session.project.initial_weights
    assert kept is not None and (new / kept.path).read_text() == "cats"
    assert session.unsaved


def test_a_project_stays_as_it_is_if_it_cannot_be_saved_elsewhere(
    session: Session, tmp_path: Path
) -> None:
    old, new = tmp_path / "one", tmp_path / "two" / "copy"
    save_project(data_at("../cats").apply(Project()), old)
    session.open(old)
    new.parent.write_text("no folder")
    before = session.history
    with pytest.raises(UserError):
        session.save(new)
    assert session.history is before and session.folder == old
