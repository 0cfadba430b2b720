"""What a project's recipe makes of a table, for the window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_images import CATALOG

from dlstudio.data.open_source import open_source
from dlstudio.data.samples import Samples
from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.plan import DataRecipe
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.workers.jobs import Cancelled
from dlstudio.workers.table_content import infer_table, table_content

NUMBER, CATEGORY = "dlstudio.features.number", "dlstudio.features.category"


class Context:
    """A job that is cancelled or not."""

    def __init__(self, stopping: bool = False) -> None:
        self.stopping = stopping

    def should_stop(self) -> bool:
        return self.stopping


@pytest.fixture
def samples(tmp_path: Path) -> Samples:
    lines = ["name,age,city,bought"]
    for row in range(60):
        age = {3: "", 5: "old"}.get(row, str(20 + row % 40))
        lines.append(f"n{row},{age},{('Rome', 'Oslo')[row % 2]},{row % 3}")
    (tmp_path / "shop.csv").write_text("\n".join(lines) + "\n", "utf-8")
    source = Spec("dlstudio.sources.table", FrozenMap({"path": "shop.csv"}))
    return open_source(source, CATALOG, tmp_path)


def project(**features: str) -> Project:
    recipe = DataRecipe(
        features=FrozenMap({name: Feature(kind) for name, kind in features.items()})
    )
    inputs = (InputBinding("age"), InputBinding("city"))
    return Project(data=recipe, inputs=inputs, outputs=(OutputBinding("bought"),))


def test_columns_are_what_the_recipe_says_else_ignored(samples: Samples) -> None:
    inferred = infer_table(Context(), CATALOG, samples)
    shown = project(age=NUMBER, city=CATEGORY, bought=CATEGORY)
    content = table_content(Context(), CATALOG, samples, inferred, shown)
    name, age, city, bought = content.columns
    assert (name.kind, name.reason, name.role) == ("", "identifier", "")
    assert name.statistics.distinct == 60
    assert (age.kind, age.role) == (NUMBER, "input")
    assert (age.missing, age.unreadable, age.statistics.missing) == (1, 1, 2)
    assert city.names == ("Oslo", "Rome") and bought.role == "target"
    assert NUMBER in dict(bought.alternatives)
    page = content.rows.page(np.array([3, 5]), range(1, 3))
    assert page.texts == ((None, "old"), ("Oslo", "Oslo"))
    assert page.unreadable == {(1, 0)}


def test_an_ignored_column_remembers_what_it_could_be(samples: Samples) -> None:
    inferred = infer_table(Context(), CATALOG, samples)
    shown = project(bought=CATEGORY)
    content = table_content(Context(), CATALOG, samples, inferred, shown)
    age = content.columns[1]
    assert (age.kind, age.reason, age.certainty) == ("", "", 1.0)
    assert age.alternatives[0][0] == NUMBER


def test_corrections_and_other_types_are_read_anew(samples: Samples) -> None:
    inferred = infer_table(Context(), CATALOG, samples)
    shown = project(age=NUMBER, city=NUMBER, bought=CATEGORY)
    changed = FrozenMap({samples.ids[5]: FrozenMap({"age": "99"})})
    shown = replace(shown, data=replace(shown.data, changed=changed))
    content = table_content(Context(), CATALOG, samples, inferred, shown)
    age, city = content.columns[1:3]
    assert age.unreadable == 0 and age.statistics.most == 99
    assert city.unreadable == 60 and city.certainty == 0
    page = content.rows.page(np.array([5]), range(1, 2))
    assert page.texts == (("99",),) and page.corrected == {(0, 0)}


def test_a_feature_may_be_called_other_than_its_column(samples: Samples) -> None:
    inferred = infer_table(Context(), CATALOG, samples)
    features = FrozenMap({"years": Feature(NUMBER, "age")})
    shown = replace(project(), data=DataRecipe(features=features))
    content = table_content(Context(), CATALOG, samples, inferred, shown)
    assert [each.name for each in content.columns] == [
        "name", "years", "city", "bought"
    ]  # fmt: skip


def test_both_jobs_can_be_cancelled(samples: Samples) -> None:
    with pytest.raises(Cancelled):
        infer_table(Context(True), CATALOG, samples)
    inferred = infer_table(Context(), CATALOG, samples)
    with pytest.raises(Cancelled):
        table_content(Context(True), CATALOG, samples, inferred, project())
