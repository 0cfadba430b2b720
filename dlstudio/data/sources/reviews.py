"""Made-up reviews of restaurants in English or Chinese: texts that are there offline.

Each is put together from parts of sentences. Where the second half contradicts the
first, it decides, so that the order of words matters.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from dlstudio.data.columns import Cells
from dlstudio.data.data_source import DataSource
from dlstudio.data.row_ids import RowIds
from dlstudio.data.samples import Samples, split_array
from dlstudio.paths import resource

TEXT, LABEL = "review", "label"
"""Names of the columns."""
CLASSES = ("bad", "good")
AWAY = ((1, 5), (9, 7), (4, 1), (6, 11))
"""How far from the deciding half the other one's judgement and place stand in their
lists of ten and twelve. Each pair is there forwards and backwards: the same words in
another order have the other label, so that counting words does not tell it."""


def read(language: str, params: Mapping[str, Any], base: Path) -> Samples:
    """The reviews in a language with "good" or "bad" as their label.

    Args:
        language: "en" or "zh".
        params: Unused.
        base: Unused.
    """
    import polars as pl  # every path that is dropped is shown to all sources

    del params, base
    found = json.loads(resource("samples", "reviews.json").read_text("utf-8"))
    rows = dict(_reviews(found[language]))  # no review twice
    columns = {
        TEXT: Cells(pl.Series(TEXT, list(rows), dtype=pl.String)),
        LABEL: Cells(pl.Series(LABEL, list(rows.values()), dtype=pl.String)),
    }
    numbers = np.arange(1, len(rows) + 1, dtype=np.int64)
    return Samples(RowIds(numbers), columns, split_array([""] * len(rows)))


def _reviews(parts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Texts with their labels, alternating."""
    places = parts["places"]
    for first, place in enumerate(places):
        for number in range(len(parts["good"])):
            for label, other in (CLASSES, CLASSES[::-1]):
                judgement = parts[label][number]
                yield parts["alone"].format(place=place, judgement=judgement), label
                for far, apart in AWAY:
                    before = parts[other][(number + far) % len(parts[other])]
                    second = places[(first + apart) % len(places)]
                    text = parts["against"].format(
                        place=second,
                        judgement=before,
                        second_place=place[:1].lower() + place[1:],
                        second=judgement,
                    )
                    yield text, label


ENGLISH = DataSource(partial(read, "en"))
CHINESE = DataSource(partial(read, "zh"))
