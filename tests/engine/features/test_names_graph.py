"""Several names that a graph reads from texts are those that cells have."""

from __future__ import annotations

import numpy as np
import polars as pl
import tensorflow as tf
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dlstudio.data.columns import Cells
from dlstudio.data.features.categories import CATEGORIES as TYPE
from dlstudio.document.feature import Feature
from dlstudio.document.values import FrozenMap
from dlstudio.engine.features.categories import CATEGORIES

KIND = "dlstudio.features.categories"
CELLS = st.text("ab 中é|;,\t\u3000", max_size=8)


@settings(deadline=None, max_examples=60)
@given(st.lists(CELLS), st.lists(CELLS, min_size=1), st.sampled_from("|;,"))
@example(["a|b", "b|", ""], [" b | a|b", "c", "|", "n/a", "NaN"], "|")
@example([], ["a"], ";")
def test_names_are_those_of_cells(
    known: list[str], cells: list[str], mark: str
) -> None:
    feature = Feature(KIND, "", FrozenMap({"separator": mark}))
    learned = TYPE.parse(Cells(pl.Series(known, dtype=pl.String)), feature).column
    fitted = TYPE.fit(learned, np.arange(len(known)), feature)
    column = TYPE.parse(Cells(pl.Series(cells)), feature).column
    rows = TYPE.encode(column, fitted, feature)
    found = CATEGORIES.from_raw(tf.constant(cells), fitted, feature)
    np.testing.assert_array_equal(found, CATEGORIES.values(rows, fitted))


def test_where_nothing_says_what_separates_names() -> None:
    """Any mark does that is in no name; lists may have names with marks."""
    cells = Cells(pl.Series([["a", "b, c"], ["b, c"], None, []]))
    feature = Feature(KIND)
    column = TYPE.parse(cells, feature).column
    fitted = TYPE.fit(column, np.arange(4), feature)
    raw = CATEGORIES.raw(cells, fitted, feature)
    assert raw.tolist() == ["a|b, c", "b, c", "", ""]
    found = CATEGORIES.from_raw(tf.constant([*raw, "a;b, c"]), fitted, feature)
    assert found.numpy().tolist() == [[1, 1], [0, 1], [0, 0], [0, 0], [1, 1]]
    assert "“|” “;”" in CATEGORIES.meaning(fitted, feature)
