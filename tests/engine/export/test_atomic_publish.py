"""Exports are published atomically, and never overwrite other files."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest

from dlstudio.engine.export import atomic_publish, unfinished_exports
from dlstudio.engine.export.verified_export import export_trained
from dlstudio.errors import UserError

from .conftest import listing


@pytest.fixture
def earlier(savedmodel, tmp_path):
    """A copy of the certified SavedModel that a test may modify."""
    return shutil.copytree(savedmodel.path, tmp_path / "place" / "animals")


def full_disk(trained, path):
    path.mkdir()
    (path / "half").write_bytes(b"half")
    raise OSError(errno.ENOSPC, "No space left on device")


def test_an_untouched_export_is_ours(earlier, keras_file):
    assert atomic_publish.is_ours(earlier)
    assert atomic_publish.is_ours(keras_file.path)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: (path / "notes.txt").write_text("mine"),
        lambda path: (path / "assets" / "labels.txt").write_text("other"),
        lambda path: (path / "saved_model.pb").unlink(),
        lambda path: (path / "certificate.json").write_text("[" * 100_000),
        lambda path: (path / "certificate.json").write_text('{"kind": 1}'),
        lambda path: (path / "certificate.json").unlink(),
    ],
)
def test_a_touched_export_is_not_ours(earlier, spoil):
    spoil(earlier)
    assert not atomic_publish.is_ours(earlier)


def test_existing_path_is_refused_before_any_work(
    trained, verification_samples, earlier, format_of
):
    def export(trained, path):
        raise AssertionError("was asked to write")

    before = atomic_publish.digests(
        earlier, [p for p in earlier.rglob("*") if p.is_file()]
    )
    with pytest.raises(UserError, match="already") as caught:
        export_trained(trained, format_of(export), earlier, verification_samples)
    assert "replaced" in caught.value.hint
    (earlier / "notes.txt").write_text("mine")
    with pytest.raises(UserError, match="already") as caught:
        export_trained(
            trained, format_of(export), earlier, verification_samples, replace=True
        )
    assert "replaced" not in caught.value.hint
    (earlier / "notes.txt").unlink()
    assert before == atomic_publish.digests(
        earlier, [p for p in earlier.rglob("*") if p.is_file()]
    )


def test_empty_folder_of_the_user_is_not_replaced(
    trained, verification_samples, tmp_path, format_of
):
    (tmp_path / "mine").mkdir()
    with pytest.raises(UserError, match="already"):
        export_trained(
            trained,
            format_of(full_disk),
            tmp_path / "mine",
            verification_samples,
            replace=True,
        )


def test_full_disk_leaves_nothing(trained, verification_samples, tmp_path, format_of):
    with pytest.raises(UserError, match="full"):
        export_trained(
            trained, format_of(full_disk), tmp_path / "out", verification_samples
        )
    assert listing(tmp_path) == []


def test_full_disk_keeps_the_earlier_export(
    trained, verification_samples, earlier, format_of
):
    with pytest.raises(UserError, match="full"):
        export_trained(
            trained, format_of(full_disk), earlier, verification_samples, replace=True
        )
    assert atomic_publish.is_ours(earlier)
    assert listing(earlier.parent) == ["animals"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="rights do not bind")
def test_read_only_folder_is_reported(
    trained, verification_samples, tmp_path, format_of
):
    tmp_path.chmod(0o500)
    with pytest.raises(UserError, match="cannot be written"):
        export_trained(
            trained, format_of(full_disk), tmp_path / "out", verification_samples
        )


def test_existing_file_at_the_folder_path_is_reported(
    trained, verification_samples, tmp_path, format_of
):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UserError):
        export_trained(
            trained, format_of(full_disk), tmp_path / "file/out", verification_samples
        )
    assert (tmp_path / "file").read_text() == "mine"


def test_leftovers_of_a_kill_are_removed_and_the_old_is_restored(tmp_path):
    dead = tmp_path / f"{unfinished_exports.PREFIX}dead"
    (dead / atomic_publish.NEW / "out").mkdir(parents=True)
    (dead / atomic_publish.OLD / "out").mkdir(parents=True)
    (dead / atomic_publish.OLD / "out" / "model").write_text("old")
    unfinished_exports.clear(tmp_path)
    assert listing(tmp_path) == ["out"]
    assert (tmp_path / "out" / "model").read_text() == "old"


def test_clearing_leaves_the_new_where_it_is_in_place(tmp_path):
    dead = tmp_path / f"{unfinished_exports.PREFIX}dead"
    (dead / atomic_publish.OLD / "out").mkdir(parents=True)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "model").write_text("new")
    unfinished_exports.clear(tmp_path)
    assert (tmp_path / "out" / "model").read_text() == "new"
    assert listing(tmp_path) == ["out"]


def test_an_export_at_work_is_not_cleared(tmp_path):
    with atomic_publish.staging(tmp_path / "one") as first:
        with atomic_publish.staging(tmp_path / "two"):
            assert first.is_dir()
        assert first.is_dir()
    assert listing(tmp_path) == []


KILLED = """
import sys, time
from pathlib import Path
from dlstudio.engine.export import atomic_publish, unfinished_exports
with atomic_publish.staging(Path(sys.argv[1])) as folder:
    (folder / "out").mkdir()
    (folder / "out" / "half").write_bytes(b"half")
    print("staged", flush=True)
    time.sleep(60)
"""


def test_a_kill_leaves_nothing_that_the_next_export_does_not_clear(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path / "out")], stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout.readline().startswith(b"staged")
        unfinished_exports.clear(tmp_path)
        assert len(listing(tmp_path)) == 1, "cleared while it was at work"
        process.kill()
    assert not (tmp_path / "out").exists()
    with atomic_publish.staging(tmp_path / "out") as folder:
        assert listing(tmp_path) == [folder.parent.name]
    assert listing(tmp_path) == []


def test_what_came_meanwhile_is_not_overwritten(
    trained, verification_samples, tmp_path, format_of, monkeypatch
):
    def export(trained, path):
        path.write_bytes(b"model")
        (tmp_path / "out").write_text("mine")
        return SimpleNamespace(path=path)

    monkeypatch.setattr(
        "dlstudio.engine.export.verified_export._write", lambda t, d, p: export(t, p)
    )
    monkeypatch.setattr(
        "dlstudio.engine.export.verified_export.verify_export", lambda *a, **k: None
    )
    monkeypatch.setattr(
        "dlstudio.engine.export.verified_export.model_card", lambda *a: {}
    )
    monkeypatch.setattr(
        "dlstudio.engine.export.verified_export.markdown", lambda *a: ""
    )
    monkeypatch.setattr(
        "dlstudio.engine.export.verified_export._describe", lambda *a: None
    )
    with pytest.raises(UserError, match="already"):
        export_trained(
            trained, format_of(export), tmp_path / "out", verification_samples
        )
    assert (tmp_path / "out").read_text() == "mine"
    assert listing(tmp_path) == ["out"]


def test_publishing_replaces_all_or_nothing(tmp_path, monkeypatch):
    for name in ("m.keras", "m.card.md"):
        (tmp_path / name).write_text("old")
    real = os.replace

    def fails(source, target):
        if str(target).endswith("m.keras") and atomic_publish.NEW in str(source):
            raise OSError(errno.EIO, "broken disk")
        real(source, target)

    with atomic_publish.staging(tmp_path / "m.keras") as folder:
        for name in ("m.keras", "m.card.md"):
            (folder / name).write_text("new")
        with monkeypatch.context() as patch:
            patch.setattr(atomic_publish.os, "replace", fails)
            with pytest.raises(UserError):
                atomic_publish.publish(folder, tmp_path / "m.keras")
        assert {p.name: p.read_text() for p in tmp_path.glob("m.*")} == {
            "m.keras": "old",
            "m.card.md": "old",
        }
    with atomic_publish.staging(tmp_path / "m.keras") as folder:
        for name in ("m.keras", "m.card.md"):
            (folder / name).write_text("new")
        atomic_publish.publish(folder, tmp_path / "m.keras")
    assert {p.read_text() for p in tmp_path.iterdir()} == {"new"}


def test_companions_of_a_killed_export_do_not_bar_the_way(keras_file, tmp_path):
    names = [p for p in listing(keras_file.path.parent) if p != "animals.keras"]
    for name in names:
        shutil.copy(keras_file.path.parent / name, tmp_path)
    out = tmp_path / "animals.keras"
    companions = [tmp_path / name for name in names]
    atomic_publish.check_free(out, companions, replace=False)
    (tmp_path / "animals.keras.labels.txt").write_text("mine")
    with pytest.raises(UserError, match=r"labels\.txt"):
        atomic_publish.check_free(out, companions, replace=False)


def test_certificate_names_every_file(savedmodel):
    found = json.loads((savedmodel.path / "certificate.json").read_text("utf-8"))
    files = {
        each.relative_to(savedmodel.path).as_posix()
        for each in savedmodel.path.rglob("*")
        if each.is_file()
    }
    assert files == {*found["files"], "certificate.json"}
