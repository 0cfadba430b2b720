"""Run records: find, read, repair, and skip damaged ones."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.document.events import (
    EpochBegan,
    RunEnded,
    SamplesExcluded,
    event_to_json,
)
from dlstudio.document.project import Project
from dlstudio.document.storage import project_to_json
from dlstudio.document.values import FrozenMap
from dlstudio.engine.runs.journal import Journal, read_events
from dlstudio.engine.runs.record import RUNNING, RunRecord
from dlstudio.engine.runs.store import INTERRUPTED, Run, RunStore
from dlstudio.errors import UserError

PROJECT = project_to_json(Project("p"))
NOON = 1_800_000_000.0


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    times = iter(NOON + 60.0 * number for number in range(100))
    return RunStore(tmp_path, clock=lambda: next(times))


def with_model(run: Run) -> Run:
    (run.folder / "model.keras").write_bytes(b"x")
    return run


def test_a_record_survives_the_disk(store: RunStore) -> None:
    run = store.create(PROJECT, seed=3, data={"fingerprint": "f", "classes": ["a"]})
    run.set_outcome("failed", metrics={"loss": math.nan, "accuracy": 0.5}, message="m")
    (read,) = store.all()
    assert read.id == run.id and read.record.seed == 3
    assert read.outcome == "failed"
    assert math.isnan(read.record.metrics["loss"])
    assert read.record.metrics["accuracy"] == 0.5
    assert read.project() == Project("p")
    assert json.loads((run.folder / "run.json").read_text())["metrics"]["loss"] is None


def test_ids_sort_by_time(store: RunStore) -> None:
    ids = [store.create(PROJECT).id for _number in range(3)]
    assert ids == sorted(ids) == [run.id for run in store.all()]
    assert len({len(id) for id in ids}) == 1


def test_runs_are_found_by_their_beginning(store: RunStore) -> None:
    first, second = store.create(PROJECT), store.create(PROJECT)
    assert store.find(first.id).id == first.id
    assert store.find(second.id[:-1]).id == second.id
    with pytest.raises(UserError, match="matches several runs"):
        store.find(first.id[:4])
    with pytest.raises(UserError, match="no run called") as caught:
        store.find(first.id[:-4] + "zzzz")
    assert first.id in caught.value.hint and "runs" in caught.value.hint


@pytest.mark.parametrize("hostile", ["../run", "/", "..", ".", "a\0b"])
def test_no_id_escapes_the_folder(store: RunStore, hostile: str) -> None:
    store.create(PROJECT)
    with pytest.raises(UserError):
        store.find(hostile)


def test_the_newest_with_a_model_is_the_usual_one(store: RunStore) -> None:
    with pytest.raises(UserError, match="No run of this project"):
        store.find()
    store.create(PROJECT)
    run = with_model(store.create(PROJECT))
    store.create(PROJECT)
    assert store.find().id == run.id


def test_damaged_records_are_passed_over_and_reported(store: RunStore) -> None:
    good, bad, newer, empty = (store.create(PROJECT) for _number in range(4))
    (bad.folder / "run.json").write_bytes(b'{"format": "dlstudio-run", ')
    item = good.record.to_json()
    (newer.folder / "run.json").write_text(json.dumps({**item, "version": 99}))
    (empty.folder / "run.json").unlink()
    (store.folder / "a file").write_text("")
    assert [run.id for run in store.all()] == [good.id]
    assert set(store.damaged) == {bad.id, newer.id, empty.id}
    assert "newer" in str(store.damaged[newer.id])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(json_values, st.sampled_from(sorted(RunRecord.__slots__)))
def test_any_record_is_read_or_refused_with_a_message(value: object, name: str) -> None:
    good = RunRecord("id", 1.0, PROJECT).to_json()
    for item in (value, {**good, name: value}):
        try:
            RunRecord.from_json(item)
        except UserError:
            continue


@given(st.binary(max_size=60))
def test_any_journal_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    good = json.dumps(event_to_json(EpochBegan(1.0, 2))).encode()
    path.write_bytes(data + b"\n" + good + b"\n")
    assert list(read_events(path))[-1] == EpochBegan(1.0, 2)


def test_a_torn_line_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"event": "EpochBegan", "time": 1.0, "epoch": 1}\n{"event": "Ep')
    journal = Journal(path)
    ended = RunEnded(2.0, "id", "succeeded", FrozenMap({"loss": 0.5}))
    journal.write(event_to_json(ended))
    journal.close()
    assert list(read_events(path)) == [EpochBegan(1.0, 1), ended]


def test_events_keep_their_names_in_journals(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    line = {"event": "SamplesLeftOut", "time": 1.0, "count": 1}
    line |= {"samples": ["a.png"], "reasons": ["empty"]}
    path.write_text(json.dumps(line) + "\n", "utf-8")
    (event,) = read_events(path)
    assert event == SamplesExcluded(1.0, 1, ("a.png",), ("empty",))
    assert event_to_json(event) == line


def test_a_run_is_running_only_while_it_is_held(store: RunStore) -> None:
    run = store.create(PROJECT)
    assert run.outcome == INTERRUPTED
    with run.held():
        assert Run.read(run.folder).outcome == RUNNING
        with pytest.raises(UserError, match="is being trained"), run.held():
            pass
    assert run.outcome == INTERRUPTED
    run.set_outcome("succeeded")
    assert Run.read(run.folder).outcome == "succeeded"


def test_records_need_no_tensorflow() -> None:
    code = (
        "import sys, dlstudio.engine.runs.store, dlstudio.engine.runs.checkpoints;"
        "sys.exit(any(m in sys.modules for m in ('tensorflow', 'keras')))"
    )
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root).returncode == 0


def test_runs_of_one_second_sort_by_time(tmp_path: Path) -> None:
    times = [1_700_000_000 + n / 64 for n in range(64)]
    clock = iter(times)
    store = RunStore(tmp_path, clock=lambda: next(clock))
    made = [store.create({}).id for _time in times]
    assert len({id[:15] for id in made}) == 1
    assert sorted(made) == made
    again = RunStore(tmp_path, clock=lambda: times[0])
    assert again.create({}).id not in made, "another one at the same time is another"
