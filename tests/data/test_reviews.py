"""The reviews that are built in: alike in both languages, decided by order alone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.cli.opened_project import source_of
from dlstudio.data.columns import Cells
from dlstudio.data.open_source import open_source

CATALOG = Catalog.load()


@pytest.mark.parametrize(
    ("name", "but"), [("reviews", ", but "), ("reviews_zh", "，但是")]
)
def test_built_in_reviews(name: str, but: str, tmp_path: Path) -> None:
    samples = open_source(source_of(name, CATALOG), CATALOG, tmp_path)
    texts, labels = samples.columns["review"], samples.columns["label"]
    assert isinstance(texts, Cells) and isinstance(labels, Cells)
    rows = dict(zip(texts.values.to_list(), labels.values.to_list(), strict=True))
    assert len(rows) == len(samples) == 1200
    assert Counter(rows.values()) == {"good": 600, "bad": 600}
    # The halves of a contradicting review, the other way round, have the other label.
    halves = {
        tuple(text.lower().rstrip(".。").split(but)): label
        for text, label in rows.items()
        if but in text
    }
    assert len(halves) == 960
    for (first, second), label in halves.items():
        assert halves[second, first] != label
