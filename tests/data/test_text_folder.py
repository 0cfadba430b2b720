"""Folders of texts: files in classes, files of lines, encodings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Cells
from dlstudio.data.guess_source import guess_source
from dlstudio.data.open_source import open_source
from dlstudio.data.samples import Samples
from dlstudio.data.sources.text_folder import text_folder
from dlstudio.document.values import Spec
from dlstudio.errors import UserError

CATALOG = Catalog.load()
KIND = "dlstudio.sources.text_folder"


def written(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def opened(folder: Path, **params: str) -> Samples:
    spec = guess_source(folder, CATALOG)
    assert spec.kind == KIND
    for name, value in params.items():
        spec = spec.with_param(name, value)
    return open_source(spec, CATALOG, folder)


def rows(samples: Samples) -> list[tuple[str | None, str]]:
    text, label = samples.columns["text"], samples.columns["label"]
    assert isinstance(text, Cells) and isinstance(label, Cells)
    return list(zip(text.values.to_list(), label.values.to_list(), strict=True))


def test_a_folder_of_files_for_each_class(tmp_path: Path) -> None:
    files = {
        "neg/1.txt": "Too long.\nAnd dull.",
        "pos/1.txt": "很好看！",
        "pos/2.TXT": "Good.",
        "pos/notes.md": "not a review",
        "README.txt": "about",
    }
    samples = opened(written(tmp_path / "reviews", files))
    wanted = [("Too long.\nAnd dull.", "neg"), ("很好看！", "pos"), ("Good.", "pos")]
    assert rows(samples) == wanted
    assert list(samples.ids) == ["1", "2", "3"] and not samples.notes


def test_splits_stand_above_the_classes(tmp_path: Path) -> None:
    files = {
        f"imdb/{split}/{label}/{number}.txt": f"{split} {label} {number}"
        for split in ("test", "train")
        for label in ("neg", "pos", "unsup")
        for number in range(2)
    }
    samples = opened(written(tmp_path, files))
    assert len(samples) == 8 and {label for _, label in rows(samples)} == {"neg", "pos"}
    assert samples.splits.tolist() == ["test"] * 4 + ["train"] * 4
    unused = [(each.kind, each.path) for each in samples.notes]
    folders = ("imdb/test/unsup", "imdb/train/unsup")
    assert unused == [("left-out-folder", each) for each in folders]


@pytest.mark.parametrize("names", [("rt.neg", "rt.pos"), ("neg.txt", "pos.txt")])
def test_a_file_of_lines_for_each_class(tmp_path: Path, names: tuple[str, str]) -> None:
    lines = {names[0]: "dull\n\nlo\u0085ng\r\n", names[1]: "good\nfine\ngreat\n"}
    samples = opened(written(tmp_path / "lines", {**lines, "README.txt": "about\n"}))
    bad = [(text, "neg") for text in ("dull", "lo\u0085ng")]
    assert rows(samples) == [*bad, *((e, "pos") for e in ("good", "fine", "great"))]


def test_one_encoding_is_guessed_for_all_files(tmp_path: Path) -> None:
    texts = {
        "bad": "Das war öde, schade um die schöne Zeit.",
        "good": "Ein süßer Spaß!",
    }
    files = {f"{name}/1.txt": text.encode("cp1252") for name, text in texts.items()}
    folder = written(tmp_path / "filme", {**files, "good/2.txt": "Schön"})
    samples = opened(folder)
    assert [text for text, _ in rows(samples)] == [*texts.values(), "Schön"]
    (note,) = samples.notes
    assert note.kind == "table-encoding"
    with pytest.raises(UserError, match="encoding"):
        opened(folder, encoding="utf-8")


@pytest.mark.parametrize(
    "files",
    [
        {"a.txt": "one\ntwo\n"},
        {"only/1.txt": "one", "only/2.txt": "two"},
        {"a.txt": "one\n", "b.bin": b"\0\0"},
        {"a.txt": b"\0\1\n", "b.txt": "x\n"},
    ],
)
def test_other_folders_are_not_taken(
    tmp_path: Path, files: Mapping[str, str | bytes]
) -> None:
    folder = written(tmp_path / "other", files)
    with pytest.raises(UserError):
        guess_source(folder, CATALOG)
    with pytest.raises(UserError) as caught:
        open_source(Spec(KIND).with_param("path", "."), CATALOG, folder)
    assert caught.value.hint


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        open_source(Spec(KIND).with_param("path", "gone"), CATALOG, tmp_path)


def test_a_folder_around_files_of_lines(tmp_path: Path) -> None:
    inner = tmp_path / "polarity"
    inner.mkdir()
    (inner / "rt.pos").write_text("fine\ngood\n", "utf-8")
    (inner / "rt.neg").write_text("poor\nbad\n", "utf-8")
    (inner / "README.txt").write_text("about\nthese\n", "utf-8")
    found = text_folder(tmp_path)
    assert found is not None and found.lines
    assert {each.label for each in found.files} == {"neg", "pos"}


def test_files_of_an_only_class_are_not_classes(tmp_path: Path) -> None:
    inner = tmp_path / "reviews"
    inner.mkdir()
    for name in ("a.txt", "b.txt"):
        (inner / name).write_text("one\ntwo\n", "utf-8")
    assert text_folder(tmp_path) is None


def test_a_folder_with_one_table_of_texts_is_that_table(tmp_path: Path) -> None:
    rows = "".join(f"{n % 2},This is review number {n} of a shop\n" for n in range(30))
    (tmp_path / "reviews.csv").write_text("label,review\n" + rows, "utf-8")
    spec = guess_source(tmp_path, CATALOG)
    assert spec.kind == "dlstudio.sources.table"
    assert str(spec.params["path"]).endswith("reviews.csv")
