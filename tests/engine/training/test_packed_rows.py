"""Packing: scalars of one type are one matrix, and come back as they were."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from dlstudio.engine.training.packed_rows import PackedRows


def test_rows_come_back_as_they_were() -> None:
    rows = {
        "image": np.arange(24, dtype=np.uint8).reshape(4, 2, 3),
        "width": np.arange(4, dtype=np.float32),
        "tree": np.arange(4, dtype=np.int32),
        "height": -np.arange(4, dtype=np.float32),
        "price": np.ones(4, np.float32),
    }
    packing = PackedRows.of(rows, ["image", "width", "tree", "height"])
    packed = packing.pack(rows)
    assert {name: array.shape for name, array in packed.items()} == {
        "image": (4, 2, 3),
        "tree": (4,),
        "price": (4,),
        "(float32)": (4, 2),
    }
    places = np.array([2, 0])
    pool = {name: tf.constant(array) for name, array in packed.items()}
    found = packing.gather(pool, tf.constant(places))
    assert set(found) == set(rows)
    for name, array in rows.items():
        shape = (2, 1) if name in ("width", "height") else (2, *array.shape[1:])
        expected = array[places].reshape(shape)
        np.testing.assert_array_equal(found[name].numpy(), expected, strict=True)


def test_one_scalar_of_a_type_stays_as_it_is() -> None:
    rows = {"width": np.zeros(3, np.float32), "tree": np.zeros(3, np.int32)}
    assert PackedRows.of(rows, rows).columns == {}
