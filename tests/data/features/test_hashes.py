"""Hashes that are the same, found by sorting."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.data.features import hashes
from dlstudio.data.features.hashes import (
    are_among,
    count_different,
    repeated,
    seen_before,
)

FEW = st.lists(st.sampled_from([0, 1, 5, 2**63, 2**64 - 1]), max_size=30)


@given(FEW)
def test_they_are_found_as_one_after_the_other_is_looked_at(values: list[int]) -> None:
    given = np.array(values, np.uint64)
    assert count_different(given) == len(set(values))
    assert repeated(given).tolist() == [values.count(each) > 1 for each in values]
    earlier = [each in values[:place] for place, each in enumerate(values)]
    assert seen_before(given).tolist() == earlier


@given(FEW, FEW)
def test_those_among_others(values: list[int], others: list[int]) -> None:
    found = are_among(np.array(values, np.uint64), np.array(others, np.uint64))
    assert found.tolist() == [each in others for each in values]


def test_many_are_looked_at_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashes, "AT_ONCE", 3)
    values = np.array([7, 1, 7, 2, 3, 1, 9, 4], np.uint64)
    assert np.flatnonzero(repeated(values)).tolist() == [0, 1, 2, 5]
    assert np.flatnonzero(seen_before(values)).tolist() == [2, 5]
