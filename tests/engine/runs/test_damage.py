"""A damaged run is reported once and moved away; the others are listed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dlstudio.document.project import Project
from dlstudio.document.storage import project_to_json
from dlstudio.engine.runs.run import DamagedRun
from dlstudio.engine.runs.store import Run, RunStore
from dlstudio.errors import UserError

PROJECT = project_to_json(Project("p"))
UNIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")


def with_value(name: str, text: str) -> Callable[[Run], None]:
    def damage(run: Run) -> None:
        item = run.record.to_json()
        item[name] = "@"
        path = run.folder / "run.json"
        path.write_text(json.dumps(item).replace('"@"', text))

    return damage


def as_pipe(run: Run) -> None:
    (run.folder / "run.json").unlink()
    os.mkfifo(run.folder / "run.json")


def as_endless(run: Run) -> None:
    (run.folder / "run.json").unlink()
    (run.folder / "run.json").symlink_to("/dev/zero")


def killed_at_birth(run: Run) -> None:
    (run.folder / "run.json").unlink()
    (run.folder / "lock").touch()


DAMAGES = [
    pytest.param(with_value("created", "1e18"), id="created"),
    pytest.param(with_value("created", "NaN"), id="created NaN"),
    pytest.param(with_value("seconds", "Infinity"), id="seconds"),
    pytest.param(with_value("elapsed", "-1"), id="elapsed"),
    pytest.param(with_value("seconds", "1e400"), id="overflow"),
    pytest.param(with_value("best", '{"metrics": [1]}'), id="best"),
    pytest.param(with_value("best", '{"epoch": "x"}'), id="best epoch"),
    pytest.param(with_value("best_values", '{"loss": 1}'), id="best values"),
    pytest.param(with_value("data", '{"splits": [1]}'), id="splits"),
    pytest.param(with_value("data", '{"classes": 5}'), id="classes"),
    pytest.param(with_value("data", "[" * 5000 + "]" * 5000), id="nesting"),
    pytest.param(with_value("parameters", "-1"), id="parameters"),
    pytest.param(killed_at_birth, id="killed at birth"),
    pytest.param(as_pipe, id="pipe", marks=UNIX),
    pytest.param(as_endless, id="endless", marks=UNIX),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_run_is_named_and_can_be_moved_away(
    tmp_path: Path, damage: Callable[[Run], None]
) -> None:
    store = RunStore(tmp_path)
    good, bad = store.create(PROJECT), store.create(PROJECT)
    (bad.folder / "model.keras").write_bytes(b"a model")
    damage(bad)
    assert [run.id for run in store.all()] == [good.id]
    assert list(store.damaged) == [bad.id]
    assert isinstance(store.damaged[bad.id], DamagedRun)
    assert "--tidy" in store.damaged[bad.id].hint
    with pytest.raises(UserError, match=bad.id):
        store.find(bad.id)
    assert store.move_damaged() == [bad.id]
    assert [run.id for run in store.all()] == [good.id] and not store.damaged
    kept = tmp_path / "runs" / ".damaged" / bad.id
    assert (kept / "model.keras").read_bytes() == b"a model"
    again = store.create(PROJECT)
    assert again.number not in (0, good.number)


def test_a_folder_with_nothing_in_it_is_removed(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    run = store.create(PROJECT)
    killed_at_birth(run)
    assert store.move_damaged() == [run.id]
    assert not list((tmp_path / "runs").iterdir())


def test_two_of_one_name_are_both_kept(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    for _time in range(2):
        folder = tmp_path / "runs" / "20260101-000000-abcd"
        folder.mkdir(parents=True)
        (folder / "model.keras").write_bytes(b"x")
        store.move_damaged()
    names = {each.name for each in (tmp_path / "runs" / ".damaged").iterdir()}
    assert names == {"20260101-000000-abcd", "20260101-000000-abcd-2"}


def test_what_is_not_damaged_stays(tmp_path: Path) -> None:
    """A run of a newer dlstudio, and one just created by a running process."""
    store = RunStore(tmp_path)
    newer, held = store.create(PROJECT), store.create(PROJECT)
    item = newer.record.to_json()
    (newer.folder / "run.json").write_text(json.dumps({**item, "version": 99}))
    with held.held():
        (held.folder / "run.json").write_text("{")
        assert store.move_damaged() == []
    assert set(store.damaged) == {newer.id, held.id}


def test_a_run_is_never_without_its_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever the process dies, there is a complete run or none."""

    def die(_run: Run, **_changes: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Run, "update", die)
    with pytest.raises(KeyboardInterrupt):
        RunStore(tmp_path).create(PROJECT)
    assert not list((tmp_path / "runs").iterdir())


def test_a_run_that_an_older_version_wrote_is_written_as_it_was(tmp_path: Path) -> None:
    run = RunStore(tmp_path).create(PROJECT)
    item = {k: v for k, v in run.record.to_json().items() if k != "number"}
    text = json.dumps(item, ensure_ascii=False, indent=2) + "\n"
    (run.folder / "run.json").write_text(text, "utf-8")
    Run.read(run.folder).update()
    assert (run.folder / "run.json").read_text("utf-8") == text
