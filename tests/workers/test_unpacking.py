"""Zip files from strangers."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

pytest.importorskip("PySide6")

from dlstudio.errors import UserError
from dlstudio.workers import unpacking
from dlstudio.workers.jobs import Cancelled
from dlstudio.workers.unpacking import unpack


class Asked:
    """Stands for a job's `Ask`."""

    def __init__(self, stop: bool = False) -> None:
        self._stop = stop

    def should_stop(self) -> bool:
        return self._stop


def packed(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_single_folder_is_entered_and_litter_left_out(tmp_path: Path) -> None:
    entries = {
        "pets/cats/1.png": b"1",
        "pets/dogs/2.png": b"2",
        "__MACOSX/pets/._1.png": b"x",
        "pets/.DS_Store": b"x",
    }
    made = unpack(Asked(), packed(tmp_path / "a.zip", entries), tmp_path / "out")
    assert made == tmp_path / "out" / "pets"
    assert files(made) == {"cats/1.png", "dogs/2.png"}


def test_nothing_is_written_outside(tmp_path: Path) -> None:
    entries = {"../../evil.txt": b"x", "/etc/evil.txt": b"x", "good/1.png": b"1"}
    out = tmp_path / "deep" / "out"
    unpack(Asked(), packed(tmp_path / "a.zip", entries), out)
    outside = [p for p in tmp_path.rglob("evil.txt") if out not in p.parents]
    assert outside == []
    assert not Path("/etc/evil.txt").exists()


def test_bomb_is_refused(tmp_path: Path) -> None:
    bomb = packed(tmp_path / "a.zip", {"zeros": bytes(20_000_000)})
    with pytest.raises(UserError, match="suspiciously large"):
        unpack(Asked(), bomb, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_full_disk_is_told_before(tmp_path: Path, monkeypatch) -> None:
    class Usage:
        free = 10

    monkeypatch.setattr(unpacking.shutil, "disk_usage", lambda _path: Usage())
    archive = packed(tmp_path / "a.zip", {"a.txt": b"x" * 100})
    with pytest.raises(UserError, match="too little room"):
        unpack(Asked(), archive, tmp_path / "out")


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 not really", None])
def test_damaged_file_leaves_nothing(tmp_path: Path, damage: bytes | None) -> None:
    path = packed(tmp_path / "a.zip", {f"{n}.bin": bytes([n] * 999) for n in range(9)})
    if damage is None:
        data = bytearray(path.read_bytes())
        data[40] ^= 0xFF
        damage = bytes(data)
    path.write_bytes(damage)
    with pytest.raises(UserError, match="cannot be unpacked"):
        unpack(Asked(), path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_cancelled_leaves_nothing(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"1.png": b"1"})
    with pytest.raises(Cancelled):
        unpack(Asked(stop=True), path, tmp_path / "out")
    assert not (tmp_path / "out").exists()
