"""Errors for paths that are not datasets name the kind and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_images import CATALOG, encoded, photo, write

from dlstudio.data.guess_source import guess_source
from dlstudio.errors import UserError


@pytest.mark.parametrize(
    ("name", "data", "word", "hint"),
    [
        ("m.keras", b"PK\3\4", "trained model", "images"),
        ("m.h5", b"\x89HDF", "trained model", "images"),
        ("m.pt", b"PK\3\4", "pickle", ".npz"),
        ("a.zip", b"PK\3\4", "archive", "Unpack"),
        ("a.tar.gz", b"\x1f\x8b", "archive", "Unpack"),
        ("blob", b"7z\xbc\xaf\x27\x1c", "archive", "Unpack"),
        ("clip.MP4", b"\0\0\0 ftyp", "video", "ffmpeg"),
        ("song.wav", b"RIFF", "audio", "spectrograms"),
        ("paper.pdf", b"%PDF-1.7", "document", "pages"),
        ("paper", b"%PDF-1.7", "document", "pages"),
        ("t.xlsx", b"PK\3\4", "not a readable table", "Create"),
        ("t.csv", b"PK\3\4 an .xlsx by another name", "not a readable", "Create"),
        ("t.parquet", b"PAR1", "not a readable table", "Create"),
        ("coco.json", b"{}", "describes images", "CSV"),
        ("note.md", b"# hello", "document", "per class"),
        ("raw.nef", b"MM\0*", "image", "JPEG"),
        ("one.png", encoded(photo()), "single image", "folder"),
        ("project.json", b"{}", "dlstudio project", "images"),
        ("what", b"?", "No data can be read", "CSV"),
    ],
)
def test_the_error_names_the_kind_of_file(
    tmp_path: Path, name: str, data: bytes, word: str, hint: str
) -> None:
    path = write(tmp_path / name, data)
    with pytest.raises(UserError) as error:
        guess = guess_source(path, CATALOG)
        from dlstudio.catalog.store import Catalog
        from dlstudio.data.open_source import open_source

        open_source(guess, Catalog.load(), tmp_path)
    assert word in error.value.message
    assert hint in error.value.hint
    assert str(error.value).count(str(tmp_path)) == 1


def test_the_error_names_the_kind_of_files_in_a_folder(tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path / f"{number}.mp4", b"video")
    write(tmp_path / "readme.md", b"text")
    with pytest.raises(UserError, match=r"3 files such as 0\.mp4"):
        guess_source(tmp_path, CATALOG)
    write(tmp_path / "project.json", b"{}")
    with pytest.raises(UserError, match="dlstudio project"):
        guess_source(tmp_path, CATALOG)
