"""Runs that have learned word vectors: looked up in Evaluate, and nowhere predicted."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from digits_world import World
from pytestqt.qtbot import QtBot
from rooms import open_room, settle, until
from tiny_words import ANIMALS, words_project, write_texts

from dlstudio.catalog.store import Catalog
from dlstudio.document.storage import save_project
from dlstudio.engine.words.vector_files import read_vectors
from dlstudio.ui.runs.words_state import NothingPredictedState
from dlstudio.workers.runners import TrainingRequest, TrainingTask, in_thread


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> World:
    from dlstudio.engine.runtime.stop_token import StopToken
    from dlstudio.engine.training.control import TrainingControl

    folder = tmp_path_factory.mktemp("words")
    project = words_project(write_texts(folder / "texts.csv"))
    save_project(project, folder)
    catalog = Catalog.load()
    task = TrainingTask(
        TrainingRequest(project, folder),
        catalog,
        lambda _event: None,
        lambda _done, _total: None,
        StopToken(threading.Event()),
        TrainingControl(),
    )
    in_thread(task)
    (run,) = (each.name for each in (folder / "runs").glob("2*"))
    return World(folder, run, catalog)


def test_words_are_looked_up_as_one_types(
    make_window: Any, learned: World, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_room(make_window, learned, "evaluate")
    room = window.shell.room()
    page = room.own_page
    until(lambda: bool(page.map.labels))
    assert not room.evaluate.isVisible() and not room.split.isVisible()
    assert page.about.text() == "Words: 12 · vector size: 8"
    field = page.neighbours.fields[0]
    field.clear()
    qtbot.keyClicks(field, "dog")
    until(lambda: page.neighbours.table.isVisible())
    settle()
    found = {page.neighbours.table.item(row, 0).text() for row in range(3)}
    assert found & set(ANIMALS)
    for one, word in zip(page.analogy.fields, ("cat", "dog", "bus"), strict=True):
        qtbot.keyClicks(one, word)
    until(lambda: page.analogy.table.isVisible())
    qtbot.keyClicks(field, "gy")
    until(lambda: page.neighbours.note.isVisible())
    assert "“doggy” has no vector" in page.neighbours.note.text()
    qtbot.keyClicks(page.search, "car")
    assert len(page.map.marked.data) == 1 and "car" in page.map.labels

    pairs = tmp_path / "pairs.txt"
    pairs.write_text("cat dog 9\ncat bus 1\ncar truck 8\ntiger cat 5", "utf-8")
    page._score(pairs)
    until(lambda: page.similarity.result.isVisible())
    assert "3 of 4" in page.similarity.result.text()
    page._export(tmp_path / "vectors.bin")
    until((tmp_path / "vectors.bin").exists)
    settle()
    assert len(read_vectors(tmp_path / "vectors.bin").vectors) == 12

    for key in ("predict", "export"):
        window.shell.go(key)
        other = window.shell.room()
        until(lambda room=other: bool(room.picker.run))
        assert other.findChild(NothingPredictedState).isVisible()
    settle()
