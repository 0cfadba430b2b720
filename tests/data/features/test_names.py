"""The places of names: few, many, and those that are not there."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from dlstudio.data.features import names as module
from dlstudio.data.features.names import places


@pytest.mark.parametrize("few", [0, 20_000])
def test_many_names_are_found_as_few_are(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["b", "é", "a", "中文", "x" * 30]
    texts = ["a", None, "c", "é", "", "x" * 30, "b", "中文", "x" * 29] * 3
    monkeypatch.setattr(module, "FEW", few)
    monkeypatch.setattr(module, "MANY", 4)
    found = places(pl.Series(texts), pl.Series(names), -7)
    assert found.dtype == np.int32
    assert found.tolist() == [names.index(t) if t in names else -7 for t in texts]


def test_names_with_the_same_hash_are_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "FEW", 0)
    monkeypatch.setattr(module, "MANY", 1)
    monkeypatch.setattr(pl.Series, "hash", lambda s: pl.Series([7] * len(s)))
    assert places(pl.Series(["b", "a"]), pl.Series(["a", "b"]), -1).tolist() == [1, 0]
