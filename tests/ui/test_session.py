"""Notifications when the open project changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.document.edits.project import SetName
from dlstudio.document.project import Project
from dlstudio.document.storage import save_project
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
