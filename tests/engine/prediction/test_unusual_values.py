"""Values that a model has not learned from."""

from __future__ import annotations

import polars as pl
from feature_world import CITIES, flat_cells, flat_model

from dlstudio.data.columns import Cells
from dlstudio.engine.prediction.unusual_values import unusual_values


def test_unseen_names_and_unreadable_values_are_counted() -> None:
    model = flat_model()
    few = {name: cells.values.head(3) for name, cells in flat_cells().items()}
    few["城市"] = pl.Series([CITIES[0], "Lima", "Quito"])
    few["rooms"] = pl.Series(["many", "2", None])
    cells = {name: Cells(each) for name, each in few.items()}
    found = {each.feature: each for each in unusual_values(model, cells)}
    assert set(found) == {"城市", "rooms"}
    city, rooms = found["城市"], found["rooms"]
    assert (city.count, city.example, city.is_unseen) == (2, "Lima", True)
    assert (rooms.count, rooms.example, rooms.is_unseen) == (1, "many", False)
