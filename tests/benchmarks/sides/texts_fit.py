"""Trains on texts by `tf.data` and `model.fit`, as one writes it in Keras.

    python texts_fit.py TABLE.csv MODEL.json BATCH EPOCHS STEPS mapped|cached

TextVectorization learns its vocabulary and works in the pipeline, on batches and in
parallel; the model starts behind it. With "cached" the words are kept after the first
epoch, and the same batches come in another order. STEPS is `steps_per_execution`.
"""

import os
import sys
from pathlib import Path

from laps import Laps

clock = Laps()
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import polars as pl
import tensorflow as tf

clock.lap("import")
batch, epochs, steps = map(int, sys.argv[3:6])
keras.utils.set_random_seed(0)
table = pl.read_csv(sys.argv[1])
texts = table["review"].to_numpy()
labels = (table["opinion"] == "good").to_numpy().astype(np.int32)
order = np.random.default_rng(0).permutation(len(table))
held_out = round(0.15 * len(table))
parts = {"validation": order[:held_out], "training": order[held_out:]}

whole = keras.models.model_from_json(Path(sys.argv[2]).read_text("utf-8"))
words = whole.get_layer("words")
words.adapt(tf.data.Dataset.from_tensor_slices(texts[parts["training"]]).batch(1024))
model = keras.Model(words.output, whole.output)
model.compile(
    optimizer=keras.optimizers.Adam(0.002),
    loss=keras.losses.SparseCategoricalCrossentropy(),
    metrics=["accuracy"],
    steps_per_execution=steps,
)


def numbered(texts, labels):
    return words(texts), labels


def batches(part: str, size: int) -> tf.data.Dataset:
    """The texts of a part, not yet split into words."""
    rows = parts[part]
    data = tf.data.Dataset.from_tensor_slices((texts[rows], labels[rows]))
    if part == "training" and sys.argv[6] == "mapped":
        data = data.shuffle(len(rows), seed=0)
    return data.batch(size).map(numbered, num_parallel_calls=tf.data.AUTOTUNE)


training = batches("training", batch)
if sys.argv[6] == "cached":
    training = training.cache().shuffle(len(training), seed=0)
training = training.prefetch(tf.data.AUTOTUNE)
validation = batches("validation", 2 * batch).cache().prefetch(tf.data.AUTOTUNE)
clock.lap("prepare")

lap = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_given: clock.lap("epoch"))
model.fit(
    training,
    validation_data=validation,
    epochs=epochs,
    shuffle=False,  # the dataset does it
    verbose=0,
    callbacks=[lap],
)
clock.print()
