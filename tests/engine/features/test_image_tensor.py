"""Images as inputs of models: from prepared rows, and from files in an export."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import tensorflow as tf
from small_images import CATALOG, encoded, photo, rotated_jpeg, write

from dlstudio.data.columns import Cells
from dlstudio.data.features.base import load_feature_type
from dlstudio.data.images.spec import ImageSpec
from dlstudio.document.feature import Feature
from dlstudio.engine.features.base import load_tensor_feature

KIND = "dlstudio.features.image"
DESCRIPTION = CATALOG[KIND]


@pytest.mark.parametrize(
    "spec",
    [ImageSpec(12, 10), ImageSpec(9, 14, 1, crop_to_aspect_ratio=True)],
    ids=["color", "grey"],
)
def test_files_and_rows_give_the_same_pixels(tmp_path: Path, spec: ImageSpec) -> None:
    """A file that a graph cannot decode is handed over as PNG."""
    contents = {
        "a.png": encoded(photo(1)),
        "b.jpg": rotated_jpeg(6),
        "c.bmp": encoded(photo(2), "BMP"),
        "d.tif": encoded(photo(3), "TIFF"),
    }
    for name, data in contents.items():
        write(tmp_path / name, data)
    cells = Cells(pl.Series(list(contents)), str(tmp_path))
    feature, fitted = Feature(KIND), {"form": spec.to_json()}
    feature_type = load_feature_type(DESCRIPTION)
    tensor_feature = load_tensor_feature(DESCRIPTION)
    column = feature_type.parse(cells, feature).column
    rows = tensor_feature.values(feature_type.encode(column, fitted, feature), fitted)
    raw = tensor_feature.raw(cells, fitted, feature)
    assert rows.dtype == np.uint8 and rows.shape == (4, *spec.shape)
    assert raw.shape == (4,) and raw[0] == contents["a.png"]
    assert raw[3][:4] == b"\x89PNG"
    given = tf.constant(raw, tf.string)
    entered = tf.function(
        lambda files: tensor_feature.from_raw(files, fitted, feature),
        input_signature=[tf.TensorSpec((None,), tf.string)],
    )(given)
    np.testing.assert_array_equal(entered.numpy(), rows)
    meaning = tensor_feature.meaning(fitted, feature)
    assert f"{spec.width}×{spec.height}" in meaning and "JPEG" in meaning
