"""Passes over a folder of images with Keras.

    python images_keras.py FOLDER SIDE BATCH PASSES plain|cached|shuffled

With "cached" each image is decoded once, and every pass has the same batches; with
"shuffled" each image is decoded once, and every pass has other batches.
"""

import os
import sys

from laps import Laps

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import tensorflow as tf

folder, side, batch, passes = sys.argv[1], *map(int, sys.argv[2:5])
tf.constant(0)  # TensorFlow is ready
clock = Laps()

way = sys.argv[5]
images = keras.utils.image_dataset_from_directory(
    folder,
    image_size=(side, side),
    batch_size=None if way == "shuffled" else batch,
    seed=0,
    verbose=False,
)
if way == "cached":
    images = images.cache().prefetch(tf.data.AUTOTUNE)
elif way == "shuffled":
    images = (
        images.cache()
        .shuffle(len(images), seed=0)
        .batch(batch, num_parallel_calls=tf.data.AUTOTUNE)
        .prefetch(tf.data.AUTOTUNE)
    )

for _pass in range(passes):
    count = sum(len(batch) for batch, _labels in images)
    clock.lap("pass")
clock.print(count=count)
