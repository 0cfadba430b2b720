"""Passes over a folder of images, by Keras.

    python images_keras.py FOLDER SIDE BATCH PASSES [cached]

With "cached", as a good user writes it, each image is decoded once.
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

images = keras.utils.image_dataset_from_directory(
    folder, image_size=(side, side), batch_size=batch, seed=0, verbose=False
)
if "cached" in sys.argv:
    images = images.cache().prefetch(tf.data.AUTOTUNE)

for _pass in range(passes):
    count = sum(len(batch) for batch, _labels in images)
    clock.lap("pass")
clock.print(count=count)
