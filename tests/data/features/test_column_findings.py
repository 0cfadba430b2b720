"""Findings about the columns, the rows and the target of a table."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest
from small_images import CATALOG

from dlstudio.catalog.findings import KINDS
from dlstudio.data.columns import Cells
from dlstudio.data.features.column_findings import column_findings
from dlstudio.data.features.inference import InferredColumn, infer_columns
from dlstudio.data.features.inferred_table import InferredTable
from dlstudio.data.findings import Finding, RecipeFix
from dlstudio.document.values import FrozenMap

RANDOM = np.random.default_rng(5)
N = 400
X = RANDOM.normal(size=N).round(3)
Z = RANDOM.normal(size=N).round(3)
COLORS = RANDOM.choice(["red", "green", "blue"], N)
NOISY = np.where(RANDOM.random(N) < 0.2, RANDOM.choice(["a", "b"], N), "a")


def findings(
    target: str, row_numbers: Sequence[int] | None = None, **columns: object
) -> tuple[Finding, ...]:
    texts = {
        name: pl.Series(name, [None if v is None else str(v) for v in values])
        for name, values in columns.items()
        if isinstance(values, Sequence | np.ndarray)
    }
    cells = {name: Cells(values) for name, values in texts.items()}
    inferred = infer_columns(cells, CATALOG)
    numbers = None if row_numbers is None else np.array(row_numbers)
    found = column_findings(InferredTable(cells, inferred, target, CATALOG, numbers))
    for each in found:
        assert each.kind in KINDS
        assert json.loads(json.dumps(each.to_json())) == each.to_json()
    return found


def only(found: Sequence[Finding], kind: str) -> Finding:
    (one,) = [each for each in found if each.kind == kind]
    return one


def kinds(found: Sequence[Finding]) -> set[str]:
    return {each.kind for each in found}


def fix(finding: Finding, label: str) -> RecipeFix:
    (one,) = [each for each in finding.fixes if each.label == label]
    assert isinstance(one, RecipeFix)
    return one


def test_clean_columns_have_no_findings() -> None:
    assert findings("y", x=X, color=COLORS, y=Z) == ()


def test_missing_values_and_how_they_can_be_treated() -> None:
    found = findings("y", x=[None, None, *X[2:]], y=Z, color=[None, *COLORS[1:]])
    number, name = (each for each in found if each.kind == "missing-values")
    assert (number.path, number.rows) == ("x", (0, 1))
    assert number.message == "2 values are missing (0.5 %)."
    assert [each.label for each in number.fixes] == [
        *("Fill with median", "Fill with mean", "Drop rows"),
    ]
    assert fix(number, "Drop rows") == RecipeFix(
        "Drop rows", "x", None, FrozenMap({"missing": "drop"})
    )
    assert name.path == "color"
    assert fix(name, "Own class").params["missing"] == "own_class"


def test_rows_without_a_target_can_only_be_excluded() -> None:
    found = only(findings("y", x=X, y=[None, *Z[1:]]), "missing-values")
    assert found.fixes == (RecipeFix("Exclude rows", exclude=(0,)),)


def test_a_mostly_blank_column_can_be_ignored() -> None:
    found = only(findings("y", x=[*X[:40], *[None] * 360], y=Z), "missing-values")
    assert fix(found, "Ignore column") == RecipeFix("Ignore column", "x", "")


def test_unreadable_cells_are_shown() -> None:
    broken = ["about 5", "about 5", "x" * 50, "?!", "5/6", *X[5:]]
    found = only(findings("y", x=broken, y=Z), "unreadable-values")
    assert found.path == "x" and found.rows == (0, 1, 2, 3, 4)
    assert found.message == (
        "5 cells cannot be read as number: “about 5”, “" + "x" * 24 + "…”, “?!”, …"
    )
    assert fix(found, "Exclude rows").exclude == (0, 1, 2, 3, 4)
    assert fix(found, "Use as category").kind == "dlstudio.features.category"
    # They are not counted twice.
    assert "missing-values" not in kinds(findings("y", x=broken, y=Z))


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("identifier", [f"H-{n:05}" for n in range(N)]),
        ("constant-column", ["same"] * N),
        ("blank-column", [None] * N),
        ("text-column", [f"Park Road {n}, second floor" for n in range(N)]),
    ],
)
def test_ignored_columns(kind: str, values: Sequence[object]) -> None:
    found = findings("y", x=X, y=Z, other=values)
    (one,) = found
    assert (one.kind, one.path) == (kind, "other")
    use = {"identifier": ["Use as category"], "text-column": ["Use as text"]}
    assert [each.label for each in one.fixes] == use.get(kind, [])


def test_a_constant_target() -> None:
    assert only(findings("y", x=X, z=Z, y=["a"] * N), "one-class").path == "y"


def leaks(target: str, **columns: object) -> list[str]:
    found = findings(target, **columns)
    return [each.path for each in found if each.kind == "leaking-column"]


def test_a_copy_of_the_target_leaks() -> None:
    found = only(findings("y", x=X, copy=Z, y=Z), "leaking-column")
    assert found.path == "copy" and "equal" in found.message
    assert fix(found, "Ignore column") == RecipeFix("Ignore column", "copy", "")


def test_numbers_that_determine_a_number_leak() -> None:
    assert leaks("y", x=X, scaled=Z * -3 + 7, y=Z) == ["scaled"]
    near = Z + RANDOM.normal(size=N) * 0.01
    assert leaks("y", x=X, near=near, y=Z) == ["near"]
    far = Z + RANDOM.normal(size=N) * 0.1
    assert leaks("y", x=X, far=far, y=Z) == []
    found = only(findings("y", x=X, scaled=Z * 2, y=Z), "leaking-column")
    assert found.message == "It determines the target: its R² with “y” is 1.000."


def test_one_great_value_does_not_make_a_leak() -> None:
    near, far = Z + RANDOM.normal(size=N) * 0.5, Z.copy()
    near[7], far[7] = 20_000, 10_000
    assert leaks("y", x=X, near=near, color=COLORS, y=far) == []
    scaled = far * 3
    assert leaks("y", x=X, scaled=scaled, y=far) == ["scaled"]


def test_a_single_input_may_follow_a_law() -> None:
    assert leaks("y", x=X, y=X * 2) == []


def test_names_that_determine_a_class_leak() -> None:
    upper = np.char.upper(COLORS)
    assert leaks("color", x=X, other=upper, color=COLORS) == ["other"]
    finer = [f"{color}{n % 5}" for n, color in enumerate(COLORS)]
    assert leaks("color", x=X, other=finer, color=COLORS) == ["other"]
    wrong = [*COLORS[1:11], *upper[10:]]
    assert leaks("color", x=X, other=wrong, color=COLORS) == []
    assert leaks("color", x=X, other=NOISY, color=COLORS) == []


def test_codes_and_names_that_determine_a_number_leak() -> None:
    code = {"red": 3.5, "green": 1.25, "blue": 8.125}
    values = [code[each] for each in COLORS]
    assert leaks("y", x=X, color=COLORS, y=values) == ["color"]


def test_an_identifier_decides_nothing_and_few_repeats_may_be_chance() -> None:
    identifiers = [f"H-{n:05}" for n in range(N)]
    assert leaks("color", x=X, other=identifiers, color=COLORS) == []
    # Ten pairs of rows: nine of them may well have the same color.
    pairs = [f"H-{max(n, 10)}" if n < 20 else f"H-{n}" for n in range(N)]
    alike = ["red"] * 20 + list(COLORS[20:])
    assert leaks("color", x=X, other=pairs, color=alike) == []


def test_an_ignored_column_that_leaks_can_be_used_anyway() -> None:
    cells = {"x": X, "copy": Z * 2, "y": Z}
    table = {name: Cells(pl.Series(values)) for name, values in cells.items()}
    inferred = infer_columns(table, CATALOG)
    kind = inferred["copy"].kind
    alternatives = ((kind, 0.9), *inferred["copy"].alternatives)
    inferred["copy"] = InferredColumn("copy", "", 1.0, alternatives=alternatives)
    found = column_findings(InferredTable(table, inferred, "y", CATALOG))
    leak = only(found, "leaking-column")
    assert leak.fixes == (RecipeFix("Use anyway", "copy", kind),)


def test_a_leak_is_refuted_by_any_row_of_a_large_table() -> None:
    names = np.array(["a", "b"])[np.arange(40_000) % 2]
    other = np.char.upper(names)
    x = np.arange(40_000) / 7
    assert leaks("y", x=x, other=other, y=names) == ["other"]
    other[20_001] = "A"
    assert leaks("y", x=x, other=other, y=names) == []


def test_duplicate_rows() -> None:
    x, y = [*X[:N], X[0], X[0]], [*Z[:N], Z[0], Z[0]]
    found = only(findings("y", x=x, y=y), "duplicate-rows")
    assert found.path == "" and found.rows == (N, N + 1)
    assert found.message == "2 rows are equal to earlier ones in all columns."
    assert fix(found, "Exclude rows").exclude == (N, N + 1)
    numbered = findings("y", x=x, y=y, id=range(N + 2))
    assert "duplicate-rows" not in kinds(numbered)


def test_the_same_inputs_with_different_classes() -> None:
    sevenths = np.arange(N) / 7
    x, y = [*sevenths, 0.0, 1 / 7], [*COLORS, "other", COLORS[1]]
    found = only(findings("y", x=x, y=y), "conflicting-rows")
    assert found.rows == (0, N)
    assert found.message.startswith("2 rows have the inputs of rows of another class.")
    assert "99.8 %" in found.message
    assert fix(found, "Exclude rows").exclude == (0, N)


def test_what_leaks_does_not_tell_conflicting_rows_apart() -> None:
    coarse = X.round(0)
    found = findings("y", x=coarse, copy=np.char.upper(COLORS), y=COLORS)
    assert "conflicting-rows" in kinds(found)


def test_different_numbers_of_the_same_inputs_are_no_conflict() -> None:
    assert "conflicting-rows" not in kinds(findings("y", x=X.round(0), y=Z))


def test_outliers() -> None:
    x = X.copy()
    x[[3, 9]] = 14_000, -50
    found = only(findings("y", x=x, y=Z), "outlier-values")
    assert found.path == "x" and found.rows == (3, 9)
    assert "14,000 (row 4)" in found.message
    clip = fix(found, "Clip")
    least, most = clip.params["minimum"], clip.params["maximum"]
    assert isinstance(least, float) and isinstance(most, float)
    assert -50 < least < X.min() and X.max() < most < 14_000
    assert fix(found, "Exclude rows").exclude == (3, 9)
    numbered = findings("y", list(range(100, 100 + N)), x=x, y=Z)
    assert "(row 103)" in only(numbered, "outlier-values").message


def test_a_heavy_tail_is_no_outlier() -> None:
    heavy = np.exp(3 * Z).round(4)
    found = findings("y", x=X, y=heavy)
    assert "outlier-values" not in kinds(found)
    assert only(found, "skewed-target").path == "y"
    assert "skewed-target" not in kinds(findings("y", x=heavy, y=Z))


def test_rare_classes_and_imbalance() -> None:
    y = ["rare"] * 3 + ["common"] * 397
    found = findings("y", x=X, y=y)
    rare = only(found, "rare-class")
    assert rare.path == "y" and rare.rows == (0, 1, 2)
    assert rare.message == "These classes have few rows: rare (3)."
    assert fix(rare, "Exclude rows").exclude == (0, 1, 2)
    assert "132 times" in only(found, "imbalance").message


def test_rows_in_the_order_of_time() -> None:
    days = (np.datetime64("2001-03-04") + np.arange(N)).astype(str)
    assert only(findings("y", day=days, x=X, y=Z), "ordered-rows").path == "day"
    shuffled = RANDOM.permutation(days)
    assert "ordered-rows" not in kinds(findings("y", day=shuffled, x=X, y=Z))


def test_fixes_as_json() -> None:
    made = RecipeFix("Clip", "x", None, FrozenMap({"maximum": 2.5}), (3,))
    assert made.to_json() == {
        "label": "Clip",
        "params": {"maximum": 2.5},
        "column": "x",
        "exclude": [3],
    }
    assert RecipeFix("Ignore column", "x", "").to_json() == {
        "label": "Ignore column",
        "params": {},
        "column": "x",
        "kind": "",
    }


def test_tables_without_rows_or_target() -> None:
    assert kinds(findings("", x=[], y=[])) == {"blank-column"}
    assert findings("gone", x=X, y=Z) == ()
