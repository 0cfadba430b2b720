"""What enters a model is the same from encoded rows and from raw arguments."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import tensorflow as tf

from dlstudio.catalog.features import FEATURES
from dlstudio.catalog.schema import Description
from dlstudio.data.columns import Cells
from dlstudio.data.features.base import load_feature_type
from dlstudio.document.feature import Feature
from dlstudio.document.values import FrozenMap
from dlstudio.engine.features.base import load_tensor_feature

CELLS = {
    "number": ["1", None, "-2.5", "1e3", "0"],
    "category": ["Rome", None, "Oslo", "北京", "Rome"],
    "categories": ["a|b", None, "b", "a", "a|b"],
    "date": ["2024-01-05", None, "2023-12-31", "1999-02-03", "2024-01-05"],
}
NEW = {"number": "7.5", "category": "Lima", "categories": "c|a", "date": "2025-05-05"}
DESCRIBED = [each for each in FEATURES if each.name in CELLS]
SETTINGS = {
    "number": [{}, {"missing": "mean", "minimum": 0.0, "maximum": 5.0}],
    "category": [{}, {"missing": "most_frequent"}],
    "categories": [{}],
    "date": [{}],
}
CASES = [(each, more) for each in DESCRIBED for more in SETTINGS[each.name]]


@pytest.mark.parametrize(
    ("description", "params"), CASES, ids=lambda each: getattr(each, "name", "")
)
def test_rows_and_raw_arguments_give_the_same(
    description: Description, params: dict[str, object]
) -> None:
    feature = Feature(description.kind, "", FrozenMap(params))
    feature_type = load_feature_type(description)
    tensor_feature = load_tensor_feature(description)
    known = Cells(pl.Series(CELLS[description.name]))
    column = feature_type.parse(known, feature).column
    fitted = feature_type.fit(column, np.arange(5), feature)
    cells = Cells(pl.Series([*CELLS[description.name], NEW[description.name]]))
    rows = feature_type.encode(
        feature_type.parse(cells, feature).column, fitted, feature
    )
    values = tensor_feature.values(rows, fitted)
    raw = tensor_feature.raw(cells, fitted, feature)
    assert len(values) == len(raw) == 6
    given = tf.constant(raw.tolist(), tf.string if raw.dtype == object else tf.float32)
    entered = tensor_feature.from_raw(given, fitted, feature).numpy()
    if values.dtype == object:
        texts = [each.decode() for each in entered.ravel()]
        wanted = values.ravel().tolist()
        # A name that was not learned is out of vocabulary, whatever it is called.
        assert texts[:5] == wanted[:5] and wanted[5] == "[UNK]"
    else:
        np.testing.assert_allclose(entered, values)
