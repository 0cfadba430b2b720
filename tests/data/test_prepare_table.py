"""Tables in the form that a model wants."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_images import CATALOG

from dlstudio.data.data_form import DataForm
from dlstudio.data.features.feature_choice import choose_features
from dlstudio.data.features.inference import infer_columns
from dlstudio.data.guess_source import guess_source
from dlstudio.data.open_source import open_source
from dlstudio.data.preparation import prepare_data
from dlstudio.data.prepared import Prepared
from dlstudio.data.samples import Samples
from dlstudio.document.feature import Feature
from dlstudio.document.plan import DataRecipe, Split
from dlstudio.document.values import FrozenMap
from dlstudio.errors import UserError

ROWS = 60


def write(folder: Path, extra: str = "") -> Path:
    """Age, city (both with blanks) and what is to be predicted from them."""
    lines = ["age,city,bought"]
    for row in range(ROWS):
        age = "" if row % 15 == 3 else str(20 + row % 40)
        city = "" if row % 20 == 4 else ("Rome", "Oslo", "北京")[row % 3]
        lines.append(f"{age},{city},{'yes' if row % 2 else 'no'}")
    path = folder / "shop.csv"
    path.write_text("\n".join(lines) + "\n" + extra, "utf-8")
    return path


def opened(path: Path) -> tuple[Samples, DataRecipe]:
    spec = guess_source(path, CATALOG)
    assert spec.kind == "dlstudio.sources.table"
    samples = open_source(spec, CATALOG, path.parent)
    columns = dict(samples.columns)
    inferred = infer_columns(columns, CATALOG)
    choice = choose_features(columns, inferred, CATALOG, ["bought"])
    assert choice.inputs == ("age", "city")
    return samples, DataRecipe(spec, features=choice.features)


FORM = DataForm({}, ("age", "city"), ("bought",))


def prepared(samples: Samples, recipe: DataRecipe, folder: Path) -> Prepared:
    return prepare_data(samples, recipe, FORM, CATALOG, folder / ".cache")


@pytest.fixture
def table(tmp_path: Path) -> tuple[Samples, DataRecipe]:
    return opened(write(tmp_path))


def test_each_feature_has_a_row_for_each_sample(
    table: tuple[Samples, DataRecipe], tmp_path: Path
) -> None:
    made = prepared(*table, tmp_path)
    assert {name: rows.dtype.name for name, rows in made.rows.items()} == {
        "age": "float32",
        "city": "int32",
        "bought": "int32",
    }
    assert len(made) == ROWS == sum(map(len, made.splits.values()))
    assert made.fitted["bought"]["names"] == ["no", "yes"]
    assert np.isfinite(made.rows["age"]).all() and not made.skipped
    assert (made.rows["city"] == -1).sum() == 3
    filled = made.rows["age"][3::15]
    assert (filled == made.fitted["age"]["fill"]).all()


def test_what_is_learned_comes_from_the_training_split(
    table: tuple[Samples, DataRecipe], tmp_path: Path
) -> None:
    samples, recipe = table
    made = prepared(samples, recipe, tmp_path)
    train = made.rows["age"][made.splits["train"]]
    assert made.fitted["age"]["mean"] == pytest.approx(train.mean())
    assert made.rows["age"].mean() != pytest.approx(train.mean())


def test_rows_without_a_target_or_excluded_are_left_out(tmp_path: Path) -> None:
    samples, recipe = opened(write(tmp_path, "33,Rome,\n34,Oslo,yes\n"))
    made = prepared(samples, replace(recipe, leave_out=("1", "2")), tmp_path)
    assert len(made) == ROWS + 1 - 2
    assert dict(made.skipped) == {"61": "The value of “bought” is missing."}
    assert "1" not in set(made.ids)


def test_rows_with_blanks_are_dropped_where_the_feature_says_so(
    table: tuple[Samples, DataRecipe], tmp_path: Path
) -> None:
    samples, recipe = table
    drop = Feature("dlstudio.features.number", "", FrozenMap({"missing": "drop"}))
    recipe = replace(recipe, features=recipe.features.set("age", drop))
    made = prepared(samples, recipe, tmp_path)
    assert len(made) == ROWS - 4
    assert set(dict(made.skipped)) == {"4", "19", "34", "49"}


def test_corrections_of_the_user_count(
    table: tuple[Samples, DataRecipe], tmp_path: Path
) -> None:
    samples, recipe = table
    changed = FrozenMap({"1": FrozenMap({"age": "99", "bought": "maybe"})})
    made = prepared(samples, replace(recipe, changed=changed), tmp_path)
    assert made.rows["age"][0] == 99
    assert made.fitted["bought"]["names"] == ["maybe", "no", "yes"]


def test_the_fingerprint_changes_with_anything_that_training_sees(
    table: tuple[Samples, DataRecipe], tmp_path: Path
) -> None:
    samples, recipe = table
    mean = Feature("dlstudio.features.number", "", FrozenMap({"missing": "mean"}))
    recipes = [
        recipe,
        replace(recipe, split=Split(seed=1)),
        replace(recipe, leave_out=("7",)),
        replace(recipe, features=recipe.features.set("age", mean)),
        replace(recipe, changed=FrozenMap({"1": FrozenMap({"age": "21"})})),
    ]
    found = [prepared(samples, each, tmp_path).fingerprint for each in recipes]
    assert len(set(found)) == len(recipes)
    assert prepared(samples, recipe, tmp_path).fingerprint == found[0]


def test_what_is_not_there_is_named(
    table: tuple[Samples, DataRecipe], tmp_path: Path
) -> None:
    samples, recipe = table
    gone = Feature("dlstudio.features.number", "height")
    for features, word in (
        (recipe.features.without(["age"]), "age"),
        (recipe.features.set("age", gone), "height"),
    ):
        with pytest.raises(UserError, match=word):
            prepared(samples, replace(recipe, features=features), tmp_path)
    everything = tuple(map(str, range(1, ROWS + 1)))
    with pytest.raises(UserError, match="No row"):
        prepared(samples, replace(recipe, leave_out=everything), tmp_path)
