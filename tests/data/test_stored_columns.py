"""Images that a table names, prepared row by row with its other columns."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from photo_tables import SIDE, photo_table
from PIL import Image
from small_images import CATALOG, encoded, photo, write

from dlstudio.data.data_form import DataForm
from dlstudio.data.features.feature_choice import choose_features
from dlstudio.data.features.inference import infer_columns
from dlstudio.data.guess_source import guess_source
from dlstudio.data.images.spec import ImageSpec
from dlstudio.data.open_source import open_source
from dlstudio.data.preparation import prepare_data
from dlstudio.data.prepared import Prepared
from dlstudio.document.feature import Feature
from dlstudio.document.plan import DataRecipe
from dlstudio.errors import UserError

SPEC = ImageSpec(SIDE, SIDE)
FORM = DataForm({"photo": SPEC}, ("photo", "extra"), ("glow",))


def recipe_of(path: Path) -> DataRecipe:
    spec = guess_source(path, CATALOG)
    assert spec.kind == "dlstudio.sources.table"
    columns = dict(open_source(spec, CATALOG, path.parent).columns)
    inferred = infer_columns(columns, CATALOG)
    choice = choose_features(columns, inferred, CATALOG, ["glow"])
    return DataRecipe(spec, features=choice.features)


def prepared(path: Path, form: DataForm = FORM, **changes: object) -> Prepared:
    recipe = replace(recipe_of(path), **changes)  # type: ignore[arg-type]
    opened = open_source(recipe.source, CATALOG, path.parent)
    return prepare_data(opened, recipe, form, CATALOG, path.parent / ".cache")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_each_row_has_its_image_and_its_numbers(tmp_path: Path) -> None:
    path = photo_table(tmp_path, 20, lost=(3,))
    write(tmp_path / "photos" / "5.png", b"\x89PNG\r\n\x1a\nbroken")
    made = prepared(path)
    reasons = dict(made.skipped)
    assert list(reasons) == ["4", "6"] and len(made) == 18
    assert "does not exist" in reasons["4"] and "photo" in reasons["6"]
    images = made.rows["photo"]
    assert images.shape == (18, SIDE, SIDE, 3) and isinstance(images, np.memmap)
    rows = rows_of(path)
    for place, id in enumerate(made.ids):
        row = rows[int(id) - 1]
        pixels = np.asarray(Image.open(tmp_path / row["photo"]))
        np.testing.assert_array_equal(images[place], pixels)
        assert made.rows["extra"][place] == float(row["extra"])
        assert made.rows["glow"][place] == float(row["glow"])
    assert made.fitted["photo"] == {"form": SPEC.to_json()}


def test_the_fingerprint_sees_pixels_numbers_and_size(tmp_path: Path) -> None:
    path = photo_table(tmp_path, 12)
    known = prepared(path).fingerprint
    assert prepared(path).fingerprint == known
    small = replace(FORM, stored={"photo": ImageSpec(8, 8)})
    assert prepared(path, small).fingerprint != known
    write(tmp_path / "photos" / "2.png", encoded(photo(1, SIDE, SIDE)))
    changed = prepared(path).fingerprint
    assert changed != known
    path.write_text(path.read_text("utf-8").replace(",red,", ",blue,", 1), "utf-8")
    assert prepared(path).fingerprint == changed  # the tint is not used


def test_prepared_images_are_used_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = photo_table(tmp_path, 12)
    known = prepared(path)
    monkeypatch.setattr("dlstudio.data.images.cache.chunk_worker.read_file", None)
    again = prepared(path)
    np.testing.assert_array_equal(again.rows["photo"], known.rows["photo"])
    # Rows that are left out take their images with them.
    fewer = prepared(path, leave_out=("1", "7"))
    assert list(fewer.ids) == [str(n) for n in range(1, 13) if n not in (1, 7)]
    kept = [place for place, id in enumerate(known.ids) if id in set(fewer.ids)]
    np.testing.assert_array_equal(fewer.rows["photo"], known.rows["photo"][kept])


def test_two_images_in_each_row_stay_together(tmp_path: Path) -> None:
    lines = ["front,back,glow"]
    for row in range(6):
        for side, seed in (("front", row), ("back", 100 + row)):
            image = encoded(photo(seed, SIDE, SIDE)) if row != 2 else b"\x89PNG"
            if side == "front" or row == 2:
                image = encoded(photo(seed, SIDE, SIDE)) if side == "front" else image
            write(tmp_path / side / f"{row}.png", image)
        lines.append(f"front/{row}.png,back/{row}.png,{row * 1.5}")
    path = tmp_path / "pairs.csv"
    path.write_text("\n".join(lines), "utf-8")
    form = DataForm({"front": SPEC, "back": SPEC}, ("front", "back"), ("glow",))
    made = prepared(path, form)
    assert list(made.ids) == ["1", "2", "4", "5", "6"] and made.skipped[0][0] == "3"
    for place, id in enumerate(made.ids):
        for side, seed in (("front", int(id) - 1), ("back", 99 + int(id))):
            wanted = np.asarray(photo(seed, SIDE, SIDE))
            np.testing.assert_array_equal(made.rows[side][place], wanted)


def test_images_in_another_folder_are_named_by_the_source(tmp_path: Path) -> None:
    path = photo_table(tmp_path / "elsewhere", 8)
    moved = path.rename(tmp_path / "photos.csv")
    recipe = recipe_of(photo_table(tmp_path / "elsewhere", 8))
    params = {"path": str(moved), "image_folder": "elsewhere"}
    source = recipe.source
    for name, value in params.items():
        source = source.with_param(name, value)
    opened = open_source(source, CATALOG, tmp_path)
    recipe = replace(recipe, source=source)
    made = prepare_data(opened, recipe, FORM, CATALOG, tmp_path / ".cache")
    assert len(made) == 8


def test_a_column_without_a_usable_image_is_refused(tmp_path: Path) -> None:
    path = photo_table(tmp_path, 6)
    recipe = recipe_of(path)
    for file in (tmp_path / "photos").iterdir():
        file.write_bytes(b"\x89PNG\r\n\x1a\n")
    opened = open_source(recipe.source, CATALOG, tmp_path)
    features = recipe.features.set("photo", Feature("dlstudio.features.image"))
    with pytest.raises(UserError, match="None of the images of “photo”"):
        prepare_data(
            opened,
            replace(recipe, features=features),
            FORM,
            CATALOG,
            tmp_path / ".cache",
        )


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        ("file,label\n{0},cat\n{1},dog\n", "csv"),
        ("file,label,age\n{0},cat,3\n{1},dog,4\n", "csv"),
        ("file,label\n{0},1\n{1},2\n", "csv"),
        ("file,species\n{0},cat\n{1},dog\n", "csv"),
        ("file,age\n{0},31.5\n{1},42\n", "table"),
        ("file,age,city\n{0},31,Rome\n{1},42,Oslo\n", "table"),
        ("rooms,price\n0,31\n1,42\n", "table"),
    ],
)
def test_a_list_of_images_and_classes_is_no_table_of_values(
    tmp_path: Path, table: str, kind: str
) -> None:
    for number in range(2):
        write(tmp_path / f"{number}.png", encoded(photo(number)))
    path = write(tmp_path / "data.csv", table.format("0.png", "1.png").encode())
    assert guess_source(path, CATALOG).kind == f"dlstudio.sources.{kind}"
