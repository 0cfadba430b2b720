"""What columns are inferred to be, as a person would say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest
from small_images import CATALOG

from dlstudio.data.columns import Cells
from dlstudio.data.features.inference import (
    InferredColumn,
    infer_column,
    infer_columns,
    reason_text,
)

N = 300


def drawn(values: Sequence[object], count: int = N) -> list[str]:
    places = np.random.default_rng(7).integers(0, len(values), count)
    return [str(values[place]) for place in places]


def infer(name: str, values: Sequence[object]) -> InferredColumn:
    return infer_column(name, Cells(pl.Series(name, values, strict=False)), CATALOG)


def short(column: InferredColumn) -> str:
    return column.kind.rpartition(".")[2] or column.reason


FRACTIONS = [f"{each:.3f}" for each in np.random.default_rng(1).normal(size=N)]
LARGE = [str(each) for each in np.random.default_rng(2).integers(0, 90_000, N)]
SENTENCES = [f"A bright flat number {n} with a park" for n in range(N)]
CHINESE = [f"第{n}套明亮的公寓，靠近公园和地铁站" for n in range(N)]
DAYS = (np.datetime64("2001-03-04") + np.arange(N)).astype(str).tolist()
WORDS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta")


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("length", FRACTIONS, "number"),
        ("population", LARGE, "number"),
        ("price", [f"€ {each}" for each in LARGE], "number"),
        ("share", [f"{each} %" for each in range(40)] * 3, "number"),
        ("x", [each.replace(".", ",") for each in FRACTIONS], "number"),
        ("survived", drawn([0, 1]), "category"),
        ("x", drawn([0, 1]), "category"),
        ("pclass", drawn([1, 2, 3]), "category"),
        ("rooms", drawn([1, 2, 3, 4, 5]), "number"),
        ("rating", drawn([1, 2, 3, 4, 5]), "number"),
        ("label", drawn(range(10)), "category"),
        ("target", drawn(range(200)), "number"),
        ("zip", drawn(range(10_000, 10_200)), "category"),
        ("out", [0, 1, 1, 0], "category"),
        ("phone", [f"+49 30 {7919 * n % 10**7:07}" for n in range(N)], "identifier"),
        ("year", drawn(range(1990, 2020)), "number"),
        ("zip", drawn(["01067", "80331", "10115", "20095"]), "category"),
        ("place", drawn(["01067", "80331", "10115", "20095"]), "category"),
        ("color", drawn(["red", "green", "blue"]), "category"),
        ("smoker", drawn([True, False]), "category"),
        ("城市", drawn(["北京", "上海", "广州"]), "category"),
        ("word", drawn(WORDS), "category"),
        ("flag", ["yes", None] * 40, "category"),
        ("id", LARGE, "identifier"),
        ("tags", drawn(["red|blue", "red", "green|red|blue", "blue"]), "categories"),
        ("genre", drawn(["Drama, Crime", "Drama", "Crime, War", "War"]), "categories"),
        ("place", drawn(["Paris, France", "Lyon, France", "Rome, Italy"]), "category"),
        ("name", drawn(["Smith, John", "Doe, Jane", "Doe"]), "category"),
        ("kind", drawn(["red", "red, dark", "blue"]), "category"),
        ("list", [["a", "b"], ["a"], ["b", "c"]] * 30, "categories"),
        ("built", DAYS, "date"),
        ("when", [f"{each} 12:30" for each in DAYS], "date"),
        ("when", [each.replace("-", "") for each in DAYS], "date"),
        ("when", drawn(["5.1.2024", "31.12.2023"]), "date"),
        ("when", drawn(["Jan 5, 2024", "Feb 6, 2023"]), "date"),
        ("built", drawn(range(1900, 2020)), "number"),
        ("customer", [f"C-{n:05}" for n in range(N)], "identifier"),
        ("PassengerId", [str(n) for n in range(1, N)], "identifier"),
        ("column_0", [str(n) for n in range(N)], "identifier"),
        ("time", [str(n) for n in range(N)], "number"),
        ("hash", [f"{n * 7919 % 65536:016x}" for n in range(N)], "identifier"),
        ("email", [f"user{n}@example.org" for n in range(N)], "identifier"),
        ("title", SENTENCES, "text"),
        ("title", CHINESE, "text"),
        ("Name", [f"Braund{n}, Mr. Owen Harris" for n in range(N)], "text"),
        ("x", ["same"] * 30, "constant"),
        ("x", ["5"] * 30, "constant"),
        ("x", [None, "", " "], "missing"),
        ("x", [], "missing"),
        ("x", ["nan", "N/A", ""], "missing"),
    ],
)
def test_what_a_column_is(name: str, values: Sequence[object], kind: str) -> None:
    found = infer(name, values)
    assert short(found) == kind
    assert 0.5 < found.certainty <= 1
    assert bool(found.kind) == (found.parsed is not None)
    assert bool(reason_text(found, CATALOG)) == (not found.kind)


def test_doubt_is_in_the_certainty_and_the_other_kind_is_offered() -> None:
    flag, measured = infer("x", drawn([1, 2, 3])), infer("x", FRACTIONS)
    assert short(flag) == "category" and flag.certainty < 0.8
    assert measured.certainty > 0.95
    assert [kind.rpartition(".")[2] for kind, _share in flag.alternatives][:1] == [
        "number"
    ]


def test_unreadable_cells_lower_the_certainty() -> None:
    values = [*FRACTIONS, *["broken"] * 30]
    found = infer("x", values)
    assert short(found) == "number"
    assert found.certainty == pytest.approx(infer("x", FRACTIONS).certainty / 1.1)
    assert found.parsed is not None and found.parsed.unreadable.sum() == 30


def test_not_a_number_is_one_of_a_column_of_numbers() -> None:
    found = infer("x", [*FRACTIONS, *["nan"] * 2 * N])
    assert short(found) == "number" and found.certainty > 0.9


def test_all_cells_count_not_only_those_that_were_looked_at() -> None:
    values = np.arange(40_000) / 7
    texts = pl.Series("x", values).cast(pl.String)
    every_other = np.arange(40_000) % 4 != 0
    texts = texts.zip_with(pl.Series(~every_other), pl.Series(["?!"] * 40_000))
    found = infer_column("x", Cells(texts), CATALOG)
    assert found.parsed is not None
    assert found.parsed.unreadable.sum() == 30_000
    assert found.certainty < 0.3


def test_the_settings_that_cells_need_are_inferred() -> None:
    found = infer("x", [f"{each.replace('.', ',')} kg" for each in FRACTIONS])
    assert dict(found.params) == {"decimal": "comma", "unit": "kg"}
    assert found.feature.column == "x" and found.feature.params == found.params


def test_the_same_cells_are_always_the_same() -> None:
    values = drawn(WORDS, 25_000)
    assert infer("x", values) == infer("x", values)


def test_a_count_is_used_where_there_is_nothing_else_to_learn_from() -> None:
    def cells(values: Sequence[str]) -> Cells:
        return Cells(pl.Series("", values))

    count = [str(n) for n in range(N)]
    alone = infer_columns({"n1": cells(count), "y": cells(FRACTIONS)}, CATALOG)
    assert [short(each) for each in alone.values()] == ["number", "number"]
    columns = {"n1": cells(count), "x": cells(FRACTIONS), "y": cells(FRACTIONS)}
    found = infer_columns(columns, CATALOG)
    assert [short(each) for each in found.values()] == [
        *("identifier", "number", "number"),
    ]
    assert list(found) == list(columns)
