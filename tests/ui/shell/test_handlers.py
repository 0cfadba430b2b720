"""When the commands of the menus do something."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tiny_words import words_project

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.ui.room_capabilities import TRAIN
from dlstudio.ui.shell.handlers import RunCommands


@pytest.mark.parametrize(
    ("project", "begins"),
    [(words_project(Path("texts.csv")), True), (Project(), False)],
    ids=["word vectors, which have no layers", "no model yet"],
)
def test_train_begins_if_there_is_something_to_train(
    project: Project, begins: bool
) -> None:
    visited, told = [], []
    session = SimpleNamespace(project=project, catalog=Catalog.load(), folder=Path())
    controller = SimpleNamespace(session=session, show_info=told.append)
    shell: Any = SimpleNamespace(
        controller=controller, visit=lambda room, _then: visited.append(room)
    )
    RunCommands(shell).train()
    assert visited == ([TRAIN] if begins else [])
    assert bool(told) is not begins
