"""Rows that are texts."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.data.text_rows import TextRows

TEXTS = st.lists(st.text(max_size=12), min_size=1, max_size=20)


@given(TEXTS, st.data())
def test_they_are_taken_as_from_an_array(texts: list[str], data: st.DataObject) -> None:
    rows, array = TextRows(pl.Series(texts)), np.array(texts, object)
    assert rows.shape == array.shape and len(rows) == len(array)
    places = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=9))
    np.testing.assert_array_equal(rows[places], array[np.array(places, int)])
    mask = np.arange(len(texts)) % 2 == 0
    np.testing.assert_array_equal(rows[mask], array[mask])
    np.testing.assert_array_equal(rows[1:], array[1:])
    table = np.zeros((2, 3), int)
    np.testing.assert_array_equal(rows[table], array[table])
    np.testing.assert_array_equal(np.asarray(rows), array)


@given(TEXTS)
def test_codes_give_the_texts_back(texts: list[str]) -> None:
    codes, different = TextRows(pl.Series(texts)).coded()
    assert codes.dtype == np.int32 and different.n_unique() == len(different)
    assert different.gather(codes).to_list() == texts


@given(TEXTS, TEXTS)
def test_other_texts_have_other_bytes(texts: list[str], others: list[str]) -> None:
    def whole(some: list[str]) -> bytes:
        parts = TextRows(pl.Series(some)).arrays()
        return b"|".join(each.tobytes() for each in parts)

    assert (whole(texts) == whole(others)) == (texts == others)
    rows = TextRows(pl.Series(texts))
    assert rows.nbytes == sum(len(each.encode()) for each in texts)
    assert rows.itemsize >= 1
