"""A training as a beginner writes it: `model.fit` on float arrays.

python keras_simple.py DATA.npz MODEL.py BATCH EPOCHS
"""

import os
import runpy
import sys

from laps import Laps

clock = Laps()
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np

clock.lap("import")
data, script, batch, epochs = *sys.argv[1:3], *map(int, sys.argv[3:])

keras.utils.set_random_seed(0)
with np.load(data) as arrays:
    x, y = arrays["x_train"].astype("float32"), arrays["y_train"]
    held_out = arrays["x_val"].astype("float32"), arrays["y_val"]

model = runpy.run_path(script)["build_model"]()
model.compile(
    optimizer=keras.optimizers.Adam(),
    loss=keras.losses.SparseCategoricalCrossentropy(),
    metrics=["accuracy"],
)
clock.lap("prepare")

lap = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_given: clock.lap("epoch"))
model.fit(
    x,
    y,
    batch_size=batch,
    epochs=epochs,
    validation_data=held_out,
    validation_batch_size=2 * batch,
    verbose=0,
    callbacks=[lap],
)
clock.print()
