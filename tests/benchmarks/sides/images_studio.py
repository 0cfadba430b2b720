"""Passes over a folder of images, as in a training of dlstudio.

    python images_studio.py FOLDER SIDE BATCH PASSES CACHE

The first starts from the files: they are read, checked, hashed, decoded and written to
prepared data in the folder CACHE.
"""

import sys
from pathlib import Path

from laps import Laps
from memory import peak

from dlstudio.engine.runtime.startup import start_tensorflow

tf = start_tensorflow()

import numpy as np

from dlstudio.catalog.builtin import BUILTIN
from dlstudio.catalog.store import Catalog
from dlstudio.data.images.prepare import prepare_images
from dlstudio.data.images.spec import ImageSpec
from dlstudio.data.open_source import open_source
from dlstudio.data.pipeline import (
    SplitView,
    epoch_order,
    resident_blocks,
    streamed_blocks,
)
from dlstudio.document.plan import DataRecipe
from dlstudio.document.values import FrozenMap, Spec

STEPS = 64
root, cache = Path(sys.argv[1]), Path(sys.argv[5])
side, batch, passes = map(int, sys.argv[2:5])
tf.constant(0)  # TensorFlow is ready
clock = Laps()


@tf.function(reduce_retracing=True, autograph=False)
def taken(images, places):
    """A batch as passed to the first layer; see `Stepper`."""
    return tf.cast(tf.gather(images, places), tf.float32)


def batches(number: int):
    """The batches of a pass: from images in memory, or read block by block."""
    order = epoch_order(len(part), 0, number)
    if resident is not None:
        for block in resident_blocks(order, batch, 0, lambda _step: STEPS):
            for places in block.index:
                yield taken(resident, places)
        return
    for block in streamed_blocks(part, order, batch, 0, lambda _step: STEPS):
        images = tf.constant(block.rows["image"])
        for places in block.index:
            yield taken(images, places)


source = Spec("dlstudio.sources.folder", FrozenMap({"path": str(root)}))
spec = ImageSpec(side, side, 3, antialias=False)  # as Keras resizes by default
opened = open_source(source, Catalog(BUILTIN), root)
made = prepare_images(opened, DataRecipe(source), spec, cache)
part = SplitView(made.rows, {}, np.arange(len(made)))
whole = part.take(np.arange(len(part)))[0] if part.fits() else None
resident = None if whole is None else tf.constant(whole["image"])

for number in range(passes):
    count = sum(len(images) for images in batches(number))
    clock.lap("pass")
clock.print(count=count, peak=peak())
