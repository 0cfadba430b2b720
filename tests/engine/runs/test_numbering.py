"""The order of runs, independent of the clock."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dlstudio.document.project import Project
from dlstudio.document.storage import project_to_json
from dlstudio.engine.runs.numbering import RunPlace, number_runs
from dlstudio.engine.runs.store import Run, RunStore
from dlstudio.errors import UserError

PROJECT = project_to_json(Project("p"))
TODAY = 1_780_000_000.0
IN_2030 = 1_900_000_000.0


def made(project: Path, clock: float, model: bool = True) -> Run:
    run = RunStore(project, clock=lambda: clock).create(PROJECT)
    if model:
        (run.folder / "model.keras").write_bytes(b"x")
    return run


def test_the_newest_is_newest_after_a_clock_was_set_back(tmp_path: Path) -> None:
    ahead = made(tmp_path, IN_2030)
    last = made(tmp_path, TODAY)
    store = RunStore(tmp_path)
    assert [run.id for run in store.all()] == [ahead.id, last.id]
    assert store.find().id == last.id and store.find().number == 2


def test_runs_without_a_number_go_by_time_unless_that_lies_ahead() -> None:
    places = [
        RunPlace("2030", 0, IN_2030, TODAY + 50),
        RunPlace("b", 0, TODAY + 100, TODAY + 100),
        RunPlace("a", 0, TODAY, TODAY + 900),
    ]
    found = number_runs(places, TODAY + 1000)
    assert list(found.items()) == [("a", 1), ("2030", 2), ("b", 3)]


def test_a_folder_dated_ahead_beside_a_numbered_run_is_not_the_newest() -> None:
    places = [RunPlace("2030", 0, IN_2030, IN_2030), RunPlace("a", 2, TODAY, TODAY)]
    assert list(number_runs(places, TODAY + 1000)) == ["2030", "a"]


def test_numbers_stay_when_a_run_is_deleted_and_are_not_given_twice() -> None:
    places = [
        RunPlace("a", 1, 1.0, 1.0),
        RunPlace("c", 3, 3.0, 3.0),
        RunPlace("d", 3, 4.0, 4.0),
    ]
    assert number_runs(places, 10.0) == {"a": 1, "c": 3, "d": 2}


def test_a_copied_folder_gets_a_number_of_its_own(tmp_path: Path) -> None:
    run = made(tmp_path, TODAY)
    copy = run.folder.with_name("20300101-000000-abcd")
    copy.mkdir()
    (copy / "run.json").write_bytes((run.folder / "run.json").read_bytes())
    os.utime(copy / "run.json", (TODAY, TODAY))
    numbers = {each.id: each.number for each in RunStore(tmp_path).all()}
    assert numbers == {run.id: 1, copy.name: 2}


def test_a_run_is_found_by_any_of_its_names(tmp_path: Path) -> None:
    first, second = made(tmp_path, TODAY), made(tmp_path, TODAY + 70.5)
    second.update(name="baseline")
    store = RunStore(tmp_path)
    letters = second.id.rpartition("-")[2]
    for name in ("2", second.id, second.id[:-1], letters, "baseline"):
        found = store.find(name)
        assert (found.id, found.number) == (second.id, 2), name
    assert store.find("1").id == first.id
    with pytest.raises(UserError, match="no run called “7”") as caught:
        store.find("7")
    assert first.label in caught.value.hint
