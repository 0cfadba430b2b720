"""A training as an expert Keras user writes it.

    python keras_tuned.py DATA.npz MODEL.py BATCH EPOCHS STEPS

`tf.data` on uint8 arrays, scaled by the model's Rescaling, with cache, shuffle, batch
and prefetch; STEPS is `steps_per_execution`. `jit_compile` keeps Keras' default on a
CPU, which is off. MODEL.py was written by `dlstudio script`.
"""

import os
import runpy
import sys

from laps import Laps

clock = Laps()
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import tensorflow as tf

clock.lap("import")
data, script, batch, epochs, steps = *sys.argv[1:3], *map(int, sys.argv[3:])

keras.utils.set_random_seed(0)
with np.load(data) as arrays:
    x, y = arrays["x_train"], arrays["y_train"]
    held_out = arrays["x_val"], arrays["y_val"]

training = (
    tf.data.Dataset.from_tensor_slices((x, y))
    .cache()
    .shuffle(len(x), seed=0)
    .batch(batch, num_parallel_calls=tf.data.AUTOTUNE)
    .prefetch(tf.data.AUTOTUNE)
)
validation = (
    tf.data.Dataset.from_tensor_slices(held_out)
    .batch(2 * batch)
    .cache()
    .prefetch(tf.data.AUTOTUNE)
)
model = runpy.run_path(script)["build_model"]()
model.compile(
    optimizer=keras.optimizers.Adam(),
    loss=keras.losses.SparseCategoricalCrossentropy(),
    metrics=["accuracy"],
    steps_per_execution=steps,
)
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
