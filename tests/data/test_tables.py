"""Tables as written by real programs: encodings, delimiters, columns, labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_images import encoded, photo, write

from dlstudio.catalog.sources import ENCODINGS
from dlstudio.catalog.store import Catalog
from dlstudio.data.findings import Finding
from dlstudio.data.open_source import open_source
from dlstudio.data.samples import Samples
from dlstudio.data.tables.text_encoding import decode
from dlstudio.document.values import Spec, freeze_map
from dlstudio.errors import UserError

CATALOG = Catalog.load()
CSV = "dlstudio.sources.csv"


def spec_of(**params: Any) -> Spec:
    """The table's source with some of its parameters."""
    return Spec(CSV, freeze_map({"path": "table.csv", **params}))


def read(root: Path, **params: Any) -> Samples:
    """The table's samples."""
    return open_source(spec_of(**params), CATALOG, root)


def make(root: Path, text: str, encoding: str = "utf-8", folder: str = "") -> None:
    """A table beside four images called a.png to d.png."""
    for number, name in enumerate("abcd"):
        write(root / folder / f"{name}.png", encoded(photo(number)))
    write(root / "table.csv", text.encode(encoding))


def found(samples: Samples, kind: str) -> Finding:
    """The only finding of a kind."""
    (one,) = [each for each in samples.notes if each.kind == kind]
    return one


def fixed(root: Path, finding: Finding, number: int = 0) -> Samples:
    """The samples after a fix of a finding."""
    return read(root, **finding.fixes[number].params)


def classes_by_id(samples: Samples) -> dict[str, str]:
    """The class of each sample."""
    labels = samples.labels.tolist()
    return dict(zip(samples.ids, map(samples.classes.__getitem__, labels), strict=True))


# Encodings


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Datei;Klasse\na.png;Öl\nb.png;Süß\n", "cp1252"),
        ("file,label\na.png,ÖL\nb.png,GRÜN\n", "cp1252"),
        ("file,label\na.png,café\nb.png,thé\n", "cp1252"),
        ("file,label\na.png,niño\nb.png,año\n", "cp1252"),
        ("plik;klasa\na.png;żółw\nb.png;świnia\n", "cp1250"),
        ("file,label\na.png,кошка\nb.png,Собака\n", "cp1251"),
        ("file,label\na.png,狗\nb.png,猫\n", "gb18030"),
        ("file,label\na.png,猫\nb.png,螃蟹\n", "gb18030"),
        ("檔案,類別\na.png,貓\nb.png,狗\n", "big5"),
        ("file,label\na.png,ネコ\nb.png,犬\n", "shift-jis"),
        ("file,label\na.png,고양이와 강아지\nb.png,원숭이와 코끼리\n", "euc-kr"),
    ],
)
def test_an_older_encoding_is_guessed_and_reported(
    tmp_path: Path, text: str, encoding: str
) -> None:
    make(tmp_path, text, encoding)
    samples = read(tmp_path)
    cells = [line.replace(",", ";").split(";")[1] for line in text.splitlines()[1:]]
    assert set(samples.classes) == set(cells)
    finding = found(samples, "table-encoding")
    assert encoding in finding.message
    assert fixed(tmp_path, finding).classes == samples.classes
    assert not [n for n in fixed(tmp_path, finding).notes if n.kind == finding.kind]


def test_a_guess_can_be_overridden(tmp_path: Path) -> None:
    make(tmp_path, "file,label\na.png,고양이\nb.png,개\n", "euc-kr")
    guessed = found(read(tmp_path), "table-encoding")
    labels = [fix.label for fix in guessed.fixes]
    number = next(n for n, label in enumerate(labels) if "고양이" in label)
    assert fixed(tmp_path, guessed, number).classes == ("개", "고양이")
    assert read(tmp_path, encoding="euc-kr").classes == ("개", "고양이")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_unicode_is_certain(tmp_path: Path, encoding: str) -> None:
    make(tmp_path, "file,label\na.png,Öl\nb.png,Süß\n", encoding)
    samples = read(tmp_path)
    assert samples.classes == ("Süß", "Öl") and not samples.notes


@pytest.mark.parametrize("encoding", ["klingon", "utf-8", "hex"])
def test_an_encoding_that_does_not_fit_is_refused(
    tmp_path: Path, encoding: str
) -> None:
    make(tmp_path, "file,label\na.png,Öl\nb.png,Süß\n", "cp1252")
    with pytest.raises(UserError, match=encoding):
        read(tmp_path, encoding=encoding)


def test_every_encoding_that_is_offered_can_be_read() -> None:
    for each in ENCODINGS[1:]:
        assert decode("a,b".encode(each), each).text == "a,b"


# Delimiters


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_a_first_line_may_name_the_delimiter(tmp_path: Path, mark: str) -> None:
    rows = [f"sep={mark}", "file;label", "a.png;big, red", "b.png;small, red"]
    make(tmp_path, "\r\n".join(rows).replace(";", mark) if mark != "," else "")
    if mark == ",":
        make(tmp_path, '"sep=,"\nfile,label\na.png,x\nb.png,y\n')
        assert read(tmp_path).classes == ("x", "y")
    else:
        assert read(tmp_path).classes == ("big, red", "small, red")


def test_a_ragged_row_does_not_hide_the_delimiter(tmp_path: Path) -> None:
    make(tmp_path, "file;label\na.png;x\nb.png;y;was z, once\nc.png;x\n")
    samples = read(tmp_path)
    assert classes_by_id(samples) == {"a.png": "x", "b.png": "y", "c.png": "x"}
    assert "line 3" in found(samples, "ragged-rows").message


def test_a_delimiter_can_be_given(tmp_path: Path) -> None:
    make(tmp_path, "file:label\na.png:x\nb.png:y\n")
    assert read(tmp_path, delimiter=":").classes == ("x", "y")
    make(tmp_path, "file\tlabel\na.png\tx\nb.png\ty\n")
    assert read(tmp_path, delimiter="tab").classes == ("x", "y")
    with pytest.raises(UserError, match="a single character"):
        read(tmp_path, delimiter="::")


def test_row_names_as_r_writes_them(tmp_path: Path) -> None:
    make(tmp_path, '"file","label"\n"1","a.png","x"\n"2","b.png","y"\n')
    assert classes_by_id(read(tmp_path)) == {"a.png": "x", "b.png": "y"}


def test_empty_columns_at_the_end_are_none(tmp_path: Path) -> None:
    make(tmp_path, "file,red,big,,\na.png,1,0,,\nb.png,0,1,,\n")
    assert read(tmp_path).classes == ("red", "big")


# Columns


def test_a_column_called_label_is_the_label(tmp_path: Path) -> None:
    make(tmp_path, "file,label,blurred\na.png,1,0\nb.png,0,1\nc.png,1,1\n")
    samples = read(tmp_path)
    assert not samples.has_several_labels and samples.classes == ("0", "1")
    finding = found(samples, "other-columns")
    assert "blurred" in finding.message
    assert not fixed(tmp_path, finding).has_several_labels
    both = fixed(tmp_path, finding, 1)
    assert both.has_several_labels and both.classes == ("label", "blurred")


def test_one_unknown_cell_keeps_the_split_column(tmp_path: Path) -> None:
    rows = ["file,label,split", "a.png,x,train", "b.png,y,", "c.png,x,test"]
    make(tmp_path, "\n".join([*rows, "d.png,y,holdout-2"]))
    samples = read(tmp_path)
    assert samples.ids == ("a.png", "b.png", "c.png")
    assert samples.splits.tolist() == ["train", "", "test"]
    assert "holdout-2" in found(samples, "unknown-split").message
    assert "training" in found(samples, "blank-split").message


def test_a_split_column_that_names_no_split_is_reported(tmp_path: Path) -> None:
    make(tmp_path, "file,label,set\na.png,x,A\nb.png,y,B\n")
    samples = read(tmp_path)
    assert not (samples.splits != "").any()
    assert "“set”" in found(samples, "unknown-split").message
    with pytest.raises(UserError, match="“set”"):
        read(tmp_path, split_column="set")


def test_splits_without_names_of_columns(tmp_path: Path) -> None:
    rows = ["TRAIN,a.png,x", "VALIDATION,b.png,y", "TEST,c.png,x", "UNASSIGNED,d.png,y"]
    make(tmp_path, "\n".join(rows))
    samples = read(tmp_path)
    assert samples.splits.tolist() == ["train", "validation", "test", ""]
    assert samples.classes == ("x", "y")


def test_the_hint_lists_what_a_setting_may_name(tmp_path: Path) -> None:
    make(tmp_path, "n,where,size,what\n1,a.png,big,cat\n2,b.png,small,dog\n")
    with pytest.raises(UserError) as error:
        read(tmp_path)
    assert "data.source.label_columns" in error.value.hint
    assert "n, size, what" in error.value.hint


# Files


def test_ids_without_an_ending(tmp_path: Path) -> None:
    make(tmp_path, "id,breed\na,pug\nb,boxer\n")
    assert classes_by_id(read(tmp_path)) == {"a.png": "pug", "b.png": "boxer"}


@pytest.mark.parametrize("folder", ["train", "data/images"])
@pytest.mark.parametrize("ending", ["", ".png"])
def test_files_in_a_folder_beside_the_table(
    tmp_path: Path, folder: str, ending: str
) -> None:
    make(tmp_path, f"id,breed\na{ending},pug\nb{ending},boxer\n", folder=folder)
    assert read(tmp_path).ids == (f"{folder}/a.png", f"{folder}/b.png")
    assert read(tmp_path, image_folder=folder).ids == (
        f"{folder}/a.png",
        f"{folder}/b.png",
    )


def test_two_folders_with_the_files_are_reported(tmp_path: Path) -> None:
    make(tmp_path, "id,breed\na,pug\nb,boxer\n", folder="large")
    make(tmp_path, "id,breed\na,pug\nb,boxer\n", folder="small")
    samples = read(tmp_path)
    assert samples.ids == ("large/a.png", "large/b.png")
    finding = found(samples, "doubtful-folder")
    assert fixed(tmp_path, finding, 1).ids == ("small/a.png", "small/b.png")


def test_two_files_for_one_id_are_reported(tmp_path: Path) -> None:
    make(tmp_path, "id,breed\na,pug\nb,boxer\n")
    write(tmp_path / "a.bmp", encoded(photo(9), "BMP"))
    samples = read(tmp_path)
    assert samples.ids == ("a.bmp", "b.png")
    assert "a.png" in found(samples, "doubtful-file").message


def test_addresses_are_named(tmp_path: Path) -> None:
    make(tmp_path, "url,label\nhttps://x.org/a.png,x\nhttps://x.org/b.png,y\n")
    with pytest.raises(UserError, match="URLs"):
        read(tmp_path)


# Labels


@pytest.mark.parametrize(
    "cells",
    [
        ['"cat, indoor"', '"dog, indoor"', "cat"],
        ["\"['cat', 'indoor']\"", "\"['dog', 'indoor']\"", "['cat']"],
        ['"[""cat"", ""indoor""]"', '"[""dog"", ""indoor""]"', '"[""cat""]"'],
        ['"[cat, indoor]"', '"[dog, indoor]"', "[cat]"],
        ["cat/indoor", "dog/indoor", "cat"],
        ["cat & indoor", "dog & indoor", "cat"],
    ],
)
def test_several_labels_in_a_cell_are_offered(tmp_path: Path, cells: list[str]) -> None:
    rows = [f"{name}.png,{cell}" for name, cell in zip("abc", cells, strict=True)]
    make(tmp_path, "\n".join(["file,tags", *rows]))
    finding = found(read(tmp_path), "combined-labels")
    samples = fixed(tmp_path, finding)
    assert samples.classes == ("cat", "dog", "indoor")
    assert samples.labels.tolist() == [[1, 0, 1], [0, 1, 1], [1, 0, 0]]


def test_names_of_several_words_are_no_lists(tmp_path: Path) -> None:
    rows = ["a.png,golden retriever", "b.png,labrador retriever", "c.png,pug"]
    make(tmp_path, "\n".join(["file,label", *rows, 'd.png,"Paris, France"']))
    assert not read(tmp_path).notes


def test_words_that_come_again_may_be_labels(tmp_path: Path) -> None:
    rows = ["a.png,clear water", "b.png,haze water", "c.png,haze", "d.png,clear haze"]
    make(tmp_path, "\n".join(["file,tags", *rows]))
    finding = found(read(tmp_path), "combined-labels")
    assert fixed(tmp_path, finding).classes == ("clear", "haze", "water")


def test_classes_that_differ_in_case_are_offered_as_one(tmp_path: Path) -> None:
    make(tmp_path, "file,label\na.png,cat\nb.png,Cat \nc.png,dog\nd.png,cat\n")
    samples = read(tmp_path)
    assert samples.classes == ("Cat", "cat", "dog")
    merged = fixed(tmp_path, found(samples, "similar-classes"))
    assert merged.classes == ("cat", "dog")
    assert np.array_equal(merged.labels, [0, 0, 1, 0])
    assert not merged.notes


def test_numbers_that_are_amounts_are_reported(tmp_path: Path) -> None:
    rows = []
    for number in range(12):
        write(tmp_path / f"{number}.png", encoded(photo(number)))
        rows.append(f"{number}.png,{20 + number / 7:.2f}")
    write(tmp_path / "table.csv", "\n".join(["file,weight", *rows]).encode())
    finding = found(read(tmp_path), "numeric-labels")
    assert "12 different values" in finding.message


def test_numbers_that_are_classes_are_none(tmp_path: Path) -> None:
    rows = []
    for number in range(30):
        write(tmp_path / f"{number}.png", encoded(photo(number)))
        rows.append(f"{number}.png,{number % 10}")
    write(tmp_path / "table.csv", "\n".join(["file,label", *rows]).encode())
    assert not read(tmp_path).notes


# Tables that are not of images


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (
            "text,label\nthe film was a joy,good\nit was far too long,bad\n",
            "table of text",
        ),
        (
            "label,review\n1,很快，好吃，味道足，量大\n0,没有送水没有送水\n",
            "table of text",
        ),
        ("a,b,c\n1,2,x\n3,4,y\n", "numbers"),
        (
            ",".join(["label", *(f"pixel{n}" for n in range(20))])
            + "\n"
            + ",".join(["1"] * 21),
            "pixels",
        ),
        ("emotion,pixels,Usage\n1,1 2 3 4,Training\n", "pixels"),
        ("name,kind\nx,y\nz,w\n", "data.source.file_column"),
    ],
)
def test_the_error_names_the_kind_of_table(
    tmp_path: Path, text: str, word: str
) -> None:
    write(tmp_path / "table.csv", text.encode())
    with pytest.raises(UserError) as error:
        read(tmp_path)
    assert word in str(error.value)
