"""Trains a head on a frozen MobileNet in the loop, as Keras' guide does.

    python transfer_fit.py FOLDER WEIGHTS.h5 ALPHA SIZE EPOCHS SEED

FOLDER has `train` and `test`, each with a folder of images for each class; 15 % of
`train` is for validation. Prints the seconds of each epoch and the accuracy on `test`
as JSON.
"""

import json
import os
import sys
from pathlib import Path
from time import perf_counter

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras

BATCH = 16

folder, weights = Path(sys.argv[1]), sys.argv[2]
alpha, size = float(sys.argv[3]), int(sys.argv[4])
epochs, seed = int(sys.argv[5]), int(sys.argv[6])
keras.utils.set_random_seed(seed)


def images(part: str, **options):
    return keras.utils.image_dataset_from_directory(
        folder / part, image_size=(size, size), batch_size=BATCH, seed=seed, **options
    )


training = images("train", validation_split=0.15, subset="training").cache()
validation = images("train", validation_split=0.15, subset="validation").cache()
test = images("test", shuffle=False)
classes = sum(each.is_dir() for each in (folder / "train").iterdir())

network = keras.applications.MobileNet(
    alpha=alpha, include_top=False, weights=weights, input_shape=(size, size, 3)
)
network.trainable = False
inputs = keras.Input((size, size, 3))
x = keras.applications.mobilenet.preprocess_input(inputs)
x = network(x, training=False)
x = keras.layers.GlobalAveragePooling2D()(x)
x = keras.layers.Dropout(0.2)(x)
model = keras.Model(inputs, keras.layers.Dense(classes, activation="softmax")(x))
model.compile(
    optimizer=keras.optimizers.Adam(0.003),
    loss=keras.losses.SparseCategoricalCrossentropy(),
    metrics=["accuracy"],
)


class Seconds(keras.callbacks.Callback):
    """The wall time of each epoch."""

    def on_train_begin(self, logs=None):
        self.found = []

    def on_epoch_begin(self, epoch, logs=None):
        self.begun = perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.found.append(perf_counter() - self.begun)


clock = Seconds()
model.fit(
    training, validation_data=validation, epochs=epochs, verbose=0, callbacks=[clock]
)
_loss, accuracy = model.evaluate(test, verbose=0)
print(json.dumps({"seconds": clock.found, "accuracy": accuracy}))
