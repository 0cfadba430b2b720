"""A replacing export that is killed at any step leaves the old or the new one."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dlstudio.engine.export import atomic_publish, unfinished_exports
from dlstudio.engine.export.previous_export import digest
from dlstudio.engine.export.unfinished_exports import FOLDER, recover
from dlstudio.exchange import exchange
from dlstudio.paths import user_state

from .conftest import listing

COMPANIONS = ("card.json", "card.md", "labels.txt", "certificate.json")
CHILD = """
import os, shutil, signal, sys
from pathlib import Path
from dlstudio.engine.export import atomic_publish, unfinished_exports

source, out = map(Path, sys.argv[1:3])
last, can_exchange = int(sys.argv[3]), sys.argv[4]
steps = 0

def killing(function):
    def step(*arguments, **options):
        global steps
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)
        steps += 1
        return function(*arguments, **options)
    return step

with atomic_publish.staging(out) as folder:
    for each in source.iterdir():
        copy = shutil.copytree if each.is_dir() else shutil.copy2
        copy(each, folder / each.name)
    if can_exchange == "no":
        atomic_publish.exchange = lambda one, other: False
    atomic_publish.exchange = killing(atomic_publish.exchange)
    for name in ("replace", "rename", "link", "mkdir", "unlink", "rmdir"):
        setattr(os, name, killing(getattr(os, name)))
    atomic_publish.publish(folder, out)
print(steps)
"""


def certificate(root: Path, names: list[str]) -> str:
    files = {name: digest(root / name) for name in names}
    return json.dumps({"kind": "dlstudio certificate", "files": files})


def make_export(out: Path, content: str) -> None:
    """An export with its certificate: a folder, or a file with companions."""
    out.parent.mkdir(parents=True, exist_ok=True)
    if not out.suffix:
        (out / "assets").mkdir(parents=True)
        for name in ("saved_model.pb", "assets/labels.txt"):
            (out / name).write_text(f"{content} {name}")
        text = certificate(out, ["saved_model.pb", "assets/labels.txt"])
        (out / "certificate.json").write_text(text)
        return
    names = [out.name, *(f"{out.name}.{each}" for each in COMPANIONS[:3])]
    for name in names:
        (out.parent / name).write_text(f"{content} {name}")
    text = certificate(out.parent, names)
    atomic_publish.beside(out, "certificate.json").write_text(text)


def content(out: Path) -> str:
    """Which export is there, complete or not."""
    file = out / "saved_model.pb" if out.is_dir() else out
    return file.read_text().partition(" ")[0]


def run_child(source: Path, out: Path, last: int, can_exchange: str) -> int | None:
    """Replace `out`; returns the number of steps, or None if killed."""
    arguments = [sys.executable, "-c", CHILD, source, out, str(last), can_exchange]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode == -signal.SIGKILL:
        return None
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.fixture(autouse=True)
def state(monkeypatch, tmp_path):
    """A separate state folder for this test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return user_state() / FOLDER


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("name", ["animals", "animals.keras"])
@pytest.mark.parametrize("can_exchange", ["yes", "no"])
def test_a_kill_at_any_step_leaves_a_whole_export(name, can_exchange, tmp_path, state):
    make_export(tmp_path / "new" / name, "new")
    names = listing(tmp_path / "new")
    last, steps = 0, None
    seen = set()
    while steps is None:
        place = tmp_path / f"place {last}"
        make_export(place / name, "old")
        steps = run_child(tmp_path / "new", place / name, last, can_exchange)
        if can_exchange == "yes" or name.endswith(".keras"):
            assert content(place / name) in ("old", "new"), f"step {last}"
        recover()
        assert listing(place) == names, f"step {last}"
        assert atomic_publish.is_ours(place / name), f"step {last}"
        assert listing(state) == []
        seen.add(content(place / name))
        shutil.rmtree(place)
        last += 1
    assert seen == {"old", "new"}
    assert last > 3, "it was not killed at every step"


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_any_command_puts_the_earlier_export_back(tmp_path):
    make_export(tmp_path / "new" / "animals", "new")
    for last in range(20):
        out = tmp_path / f"place {last}" / "animals"
        make_export(out, "old")
        if run_child(tmp_path / "new", out, last, "no") is None and not out.exists():
            break
    assert not out.exists(), "there is a moment without it, where nothing exchanges"
    command = [sys.executable, "-m", "dlstudio", "formats"]
    subprocess.run(command, check=True, capture_output=True)
    assert content(out) == "old"
    assert atomic_publish.is_ours(out)
    assert listing(out.parent) == ["animals"]


def test_what_the_user_put_there_meanwhile_stays(tmp_path):
    out = tmp_path / "place" / "animals.keras"
    make_export(out, "old")
    make_export(tmp_path / "new" / "animals.keras", "new")
    dead = out.parent / f"{unfinished_exports.PREFIX}dead"
    new = dead / atomic_publish.NEW
    shutil.copytree(tmp_path / "new", new)
    atomic_publish.set_aside(new, out.parent, [each.name for each in new.iterdir()])
    for each in new.iterdir():
        shutil.copy2(each, out.parent)
    out.unlink()
    out.write_text("mine")
    unfinished_exports.clear(out.parent)
    assert out.read_text() == "mine"


def test_an_export_at_work_is_left_alone(tmp_path, state):
    with atomic_publish.staging(tmp_path / "animals") as folder:
        recover()
        assert folder.is_dir()
        assert len(listing(state)) == 1
    assert listing(state) == []


def test_a_note_on_what_is_not_ours_touches_nothing(tmp_path, state):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("mine")
    state.mkdir(parents=True)
    (state / "bad.path").write_text(str(tmp_path / "mine"))
    (state / "worse.path").write_bytes(b"\xff\0")
    recover()
    assert (tmp_path / "mine" / "file").read_text() == "mine"


def test_files_and_folders_change_places(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    if not exchange(tmp_path / "one", tmp_path / "other"):
        pytest.skip("this system cannot exchange")
    assert (tmp_path / "one" / "file").read_text() == "other"
    assert (tmp_path / "other" / "file").read_text() == "one"
    with pytest.raises(OSError, match="missing"):
        exchange(tmp_path / "one", tmp_path / "missing")
