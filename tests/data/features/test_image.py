"""Columns of a table whose cells name image files."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from photo_tables import SIDE, photo_table
from small_images import CATALOG, encoded, photo, write

from dlstudio.catalog.features.image import IMAGE as DESCRIPTION
from dlstudio.data.columns import Cells
from dlstudio.data.features.base import dropped_rows, load_feature_type
from dlstudio.data.features.column_findings import column_findings
from dlstudio.data.features.feature_choice import choose_features
from dlstudio.data.features.image import form_of, read_images
from dlstudio.data.features.inference import InferredColumn, infer_column
from dlstudio.data.features.inferred_table import InferredTable
from dlstudio.data.images.columns import Files
from dlstudio.document.feature import Feature
from dlstudio.errors import UserError

KIND = "dlstudio.features.image"
IMAGE = load_feature_type(CATALOG[KIND])


def cells(folder: Path, *texts: str | None) -> Cells:
    return Cells(pl.Series(texts, dtype=pl.String), str(folder))


def inferred(folder: Path, name: str, *texts: str | None) -> InferredColumn:
    return infer_column(name, cells(folder, *texts), CATALOG)


def files(folder: Path, count: int, suffix: str = ".png") -> list[str]:
    for number in range(count):
        write(folder / f"p{number}{suffix}", encoded(photo(number)))
    return [f"p{number}{suffix}" for number in range(count)]


def test_names_of_image_files_are_images(tmp_path: Path) -> None:
    found = inferred(tmp_path, "photo", *files(tmp_path, 30), None)
    assert found.kind == KIND and found.certainty > 0.98
    assert found.parsed is not None and not found.parsed.unreadable.any()
    assert found.parsed.column.missing().tolist() == [False] * 30 + [True]


def test_files_in_a_subfolder_without_extensions_are_found(tmp_path: Path) -> None:
    names = [name[:-4] for name in files(tmp_path / "train", 30)]
    found = inferred(tmp_path, "image_id", *names)
    assert found.kind == KIND
    assert dict(found.params) == {"folder": "train", "extension": ".png"}
    assert found.parsed is not None and isinstance(found.parsed.column, Files)
    assert found.parsed.column.paths[0] == str(tmp_path / "train" / "p0.png")


def test_small_integers_beside_numbered_images_are_numbers(tmp_path: Path) -> None:
    for number in range(1, 10):
        write(tmp_path / f"{number}.png", encoded(photo(number)))
    for name in ("rooms", "image", "id"):
        found = inferred(tmp_path, name, *[str(1 + n % 9) for n in range(60)])
        assert found.kind != KIND and KIND not in dict(found.alternatives)
    chosen = infer_column("rooms", Cells(pl.Series([1, 2, 3] * 20)), CATALOG)
    assert chosen.kind != KIND
    # Said by the user, they are.
    assert IMAGE.infer_params(cells(tmp_path, "1", "2")) == {"extension": ".png"}


def test_files_of_which_none_is_there_are_no_images(tmp_path: Path) -> None:
    found = inferred(tmp_path, "photo", *[f"{n}.png" for n in range(30)])
    assert not found.kind and found.reason == "files"
    assert KIND in dict(found.alternatives)


def test_images_that_are_damaged_or_gone_are_found(tmp_path: Path) -> None:
    names = files(tmp_path, 12)
    write(tmp_path / "p3.png", b"\x89PNG\r\n\x1a\nbroken")
    table = {
        "photo": cells(tmp_path, *names, "gone.png"),
        "lost": cells(tmp_path, *(f"{n}.jpg" for n in range(13))),
        "size": Cells(pl.Series([n / 7 for n in range(13)])),
    }
    columns = {name: infer_column(name, each, CATALOG) for name, each in table.items()}
    found = {
        each.kind: each
        for each in column_findings(InferredTable(table, columns, "size", CATALOG))
    }
    assert found["unreadable-images"].rows == (3,)
    assert "row 4" in found["unreadable-images"].message
    assert found["unreadable-values"].rows == (12,)
    assert found["missing-images"].path == "lost"


def test_texts_with_the_extension_of_images_are_looked_into(tmp_path: Path) -> None:
    names = [f"{n}.png" for n in range(30)]
    for name in names:
        write(tmp_path / name, b"no image")
    assert inferred(tmp_path, "photo", *names).kind != KIND


def test_a_missing_file_is_unreadable_with_the_reason(tmp_path: Path) -> None:
    known = cells(tmp_path, *files(tmp_path, 2), "gone.png", None, "//host/a.png")
    found = IMAGE.parse(known, Feature(KIND))
    assert found.unreadable.tolist() == [False, False, True, False, True]
    assert "does not exist" in found.reason
    dropped = dropped_rows(found.column, Feature(KIND), DESCRIPTION)
    assert dropped.tolist() == [False, False, True, True, True]


def test_typed_paths_begin_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files(tmp_path, 1)
    monkeypatch.chdir(tmp_path)
    typed = Cells(pl.Series(["p0.png", str(tmp_path / "p0.png")]))
    # Also where a table's files are in a folder that the typed path does not have.
    column = IMAGE.parse(typed, Feature(KIND).__class__(KIND)).column
    assert isinstance(column, Files)
    assert [os.path.realpath(path) for path in column.paths] == [
        os.path.realpath(tmp_path / "p0.png")
    ] * 2


def test_the_usual_form_is_learned_and_images_are_read_in_it(tmp_path: Path) -> None:
    known = cells(tmp_path, *files(tmp_path, 3), None)
    write(tmp_path / "p1.png", b"\x89PNG\r\n\x1a\nbroken")
    column = IMAGE.parse(known, Feature(KIND)).column
    assert isinstance(column, Files)
    fitted = IMAGE.fit(column, np.arange(4), Feature(KIND))
    assert form_of(fitted).shape == (28, 40, 3)
    rows, broken = read_images(column, fitted)
    assert rows.shape == (4, 28, 40, 3) and rows.dtype == np.uint8
    assert list(broken) == [1] and "p1.png" in broken[1]
    np.testing.assert_array_equal(rows[0], np.asarray(photo(0)))
    assert not rows[3].any()
    with pytest.raises(UserError, match=r"p1\.png"):
        IMAGE.encode(column, fitted, Feature(KIND))


def test_sizes_are_among_the_statistics(tmp_path: Path) -> None:
    column = IMAGE.parse(cells(tmp_path, *files(tmp_path, 3), None), Feature(KIND))
    found = IMAGE.statistics(column.column)
    assert (found.count, found.missing, found.distinct) == (4, 1, 3)
    assert found.frequent == (("40×28", 3),)


def test_a_column_that_names_no_image_cannot_be_made_one(tmp_path: Path) -> None:
    photo_table(tmp_path, 4)
    table = {
        "photo": cells(tmp_path, *(f"photos/{n}.png" for n in range(4))),
        "word": cells(tmp_path, "a", "b", "a", "b"),
    }
    columns = {name: infer_column(name, each, CATALOG) for name, each in table.items()}
    choice = choose_features(table, columns, CATALOG, ["word"], {"photo": "image"})
    assert choice.features["photo"].kind == KIND and SIDE == 16
    with pytest.raises(UserError, match="read as image, such as “a”") as caught:
        choose_features(table, columns, CATALOG, ["photo"], {"word": "image"})
    assert "does not exist" in caught.value.hint
