"""Archives of images: unpacked completely or not at all, and never outside."""

from __future__ import annotations

import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.data import archive
from dlstudio.data.archive import read_contents, unpack
from dlstudio.data.parallel import Stopped
from dlstudio.errors import UserError


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return path


def test_unpacks_what_people_pack(tmp_path: Path) -> None:
    files = {
        "pets/cat/1.png": b"one",
        "pets/狗/2.png": b"two",
        "__MACOSX/pets/cat/._1.png": b"litter",
        "pets/.DS_Store": b"litter",
        "pets/Thumbs.db": b"litter",
        "pets/empty/": b"",
    }
    path = zipped(tmp_path / "pets.zip", files)
    calls: list[tuple[int, int]] = []
    target = tmp_path / "p" / "data" / "pets"
    made = unpack(path, target, lambda done, of: calls.append((done, of)))
    there = {p.relative_to(made).as_posix() for p in made.rglob("*") if p.is_file()}
    assert there == {"pets/cat/1.png", "pets/狗/2.png"}
    assert (made / "pets/狗/2.png").read_bytes() == b"two"
    assert calls[-1] == (6, 6)
    assert read_contents(path).skipped == 3
    assert [each.name for each in made.parent.iterdir()] == ["pets"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"x/1.png": b"new"})
    target = tmp_path / "a"
    target.mkdir()
    (target / "mine").write_text("mine")
    with pytest.raises(UserError, match="overwritten"):
        unpack(path, target)
    assert [each.name for each in target.iterdir()] == ["mine"]


@pytest.mark.parametrize(
    "name",
    ["../evil.png", "a/../../evil.png", "/etc/evil", "C:/evil.png", "..\\evil.png",
     "a/con.png", "a/b\x01.png"],
)  # fmt: skip
def test_a_name_that_leads_outside_is_refused(name: str, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"ok/1.png": b"1", name: b"evil"})
    with pytest.raises(UserError, match="not unpacked") as caught:
        unpack(path, tmp_path / "in" / "a")
    assert caught.value.hint
    assert not (tmp_path / "in").exists()
    assert not (tmp_path / "evil.png").exists()


def test_links_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        link = zipfile.ZipInfo("x/link.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
        made.writestr("x/1.png", b"1")
    target = unpack(path, tmp_path / "a")
    assert [each.name for each in (target / "x").iterdir()] == ["1.png"]


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a/zeros.bmp", bytes(80 * 2**20))
    with pytest.raises(UserError, match="expand"):
        read_contents(path)


def test_files_that_lie_in_each_other_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"x/{n}.png": bytes(range(256)) for n in "ab"})
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    while at >= 0:  # each claims more packed bytes than the archive has
        struct.pack_into("<I", data, at + 20, 10_000)
        at = data.find(b"PK\x01\x02", at + 1)
    path.write_bytes(data)
    with pytest.raises(UserError, match="overlap"):
        read_contents(path)


def test_doubled_names_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"x/A.png": b"1", "x/a.png": b"2"})
    with pytest.raises(UserError, match="two files"):
        read_contents(path)


def test_one_that_is_locked_says_so(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"x/1.png": b"1"})
    data = bytearray(path.read_bytes())
    data[data.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(UserError, match="password"):
        read_contents(path)


def test_an_empty_one_says_so(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"__MACOSX/x": b""})
    with pytest.raises(UserError, match="no files"):
        read_contents(path)


def test_cancelling_leaves_nothing(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"x/{n}.png": b"1" for n in range(9)})
    polls = iter(range(100))
    with pytest.raises(Stopped):
        unpack(path, tmp_path / "to" / "a", None, lambda: next(polls) > 4)
    assert list((tmp_path / "to").iterdir()) == []


def test_a_full_disk_is_reported_before_unpacking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "SPARE", 2**62)
    path = zipped(tmp_path / "a.zip", {"x/1.png": b"1"})
    with pytest.raises(UserError, match="full"):
        unpack(path, tmp_path / "a")


def test_names_of_older_archives_are_read_as_they_were_meant(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"xxxx/1.png": b"1"})
    data = path.read_bytes().replace(b"xxxx", "花草".encode("gbk"))
    path.write_bytes(data)
    assert [each.name for each in read_contents(path).entries] == ["花草/1.png"]


@given(st.binary(max_size=300), st.integers(0, 200), st.integers(0, 255))
def test_a_damaged_archive_is_a_user_error(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, at: int, value: int
) -> None:
    folder = tmp_path_factory.mktemp("zip")
    path = zipped(folder / "a.zip", {"x/1.png": b"1" * 50, "y/2.png": b"2"})
    data = bytearray(path.read_bytes())
    data[at % len(data)] = value
    for content in (bytes(data), junk):
        path.write_bytes(content)
        target = folder / "out"
        try:
            unpack(path, target)
        except UserError:
            assert not target.exists()
        else:
            import shutil

            shutil.rmtree(target)
        assert {each.name for each in folder.iterdir()} == {"a.zip"}
