"""Trains on the rows of a table by `model.fit`, as one writes it in Keras.

    python tables_fit.py DATA.npz BATCH EPOCHS UNITS columns|matrix

UNITS are those of the two hidden layers, such as "256,128". With "columns" the model
takes each column by itself and preprocesses it; with "matrix" numbers and categories
are preprocessed before, into one float32 array.
"""

import os
import sys

from laps import Laps

clock = Laps()
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np

layers = keras.layers
clock.lap("import")
batch, epochs = map(int, sys.argv[2:4])
units = [int(each) for each in sys.argv[4].split(",")]
keras.utils.set_random_seed(0)
with np.load(sys.argv[1]) as arrays:
    splits = {"train": {}, "validation": {}}
    for name, rows in arrays.items():
        split, column = name.split(":", 1)
        splits[split][column] = rows
labels = {split: rows.pop("y") for split, rows in splits.items()}

inputs, encoded = {}, []
for name, rows in splits["train"].items():
    if rows.dtype.kind == "U":
        inputs[name] = keras.Input((1,), name=name, dtype="string")
        lookup = layers.StringLookup(output_mode="one_hot")
        lookup.adapt(rows)
        encoded.append(lookup(inputs[name]))
        for each in splits.values():
            each[name] = each[name].astype(object).reshape(-1, 1)
    else:
        shape = rows.shape[1:] or (1,)
        inputs[name] = keras.Input(shape, name=name)
        norm = layers.Normalization()
        norm.adapt(rows.reshape(len(rows), *shape))
        encoded.append(norm(inputs[name]))
        for each in splits.values():
            each[name] = each[name].reshape(-1, *shape)
columns = layers.Concatenate()(encoded)
if sys.argv[5] == "matrix":
    front = keras.Model(inputs, columns)
    size = columns.shape[-1]
    splits = {
        split: np.asarray(front.predict(as_tensors, batch_size=4096, verbose=0))
        for split, as_tensors in (
            (split, {n: keras.ops.convert_to_tensor(r) for n, r in rows.items()})
            for split, rows in splits.items()
        )
    }
    inputs = columns = keras.Input((size,))
else:
    import tensorflow as tf

    for rows in splits.values():
        for name, each in rows.items():
            if each.dtype == object:
                rows[name] = tf.constant(each)
trunk = columns
for each in units:
    trunk = layers.Dropout(0.2)(layers.Dense(each, activation="relu")(trunk))
classes = int(labels["train"].max()) + 1
model = keras.Model(inputs, layers.Dense(classes, activation="softmax")(trunk))
model.compile(
    optimizer=keras.optimizers.Adam(0.002),
    loss=keras.losses.SparseCategoricalCrossentropy(),
    metrics=["accuracy"],
)
clock.lap("prepare")

lap = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_given: clock.lap("epoch"))
model.fit(
    splits["train"],
    labels["train"],
    batch_size=batch,
    epochs=epochs,
    validation_data=(splits["validation"], labels["validation"]),
    verbose=0,
    callbacks=[lap],
)
clock.print()
