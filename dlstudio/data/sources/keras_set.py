"""Keras' datasets, downloaded once into Keras' cache when first used."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from dlstudio.data.data_source import DataSource
from dlstudio.data.images.checks.narrow_values import complete_images
from dlstudio.data.samples import TEST, TRAIN, Samples
from dlstudio.data.sources.array_splits import ArraySplit, join_splits
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonValue

_CIFAR100 = """
apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy
bridge bus butterfly camel can castle caterpillar cattle chair chimpanzee clock
cloud cockroach couch crab crocodile cup dinosaur dolphin elephant flatfish
forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion
lizard lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange
orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine
possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper
snail snake spider squirrel streetcar sunflower sweet_pepper table tank
telephone television tiger tractor train trout tulip turtle wardrobe whale
willow_tree wolf woman worm
"""

CLASSES: Mapping[str, tuple[str, ...]] = {
    "mnist": tuple("0123456789"),
    "fashion_mnist": (
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    "cifar10": (
        "airplane",
        "automobile",
        "bird",
        "cat",
        "deer",
        "dog",
        "frog",
        "horse",
        "ship",
        "truck",
    ),
    "cifar100": tuple(_CIFAR100.split()),
}


def read(params: Mapping[str, JsonValue], base: Path) -> Samples:
    """Read one of the datasets; Keras shows download progress on standard error.

    Args:
        params: "name", one of `CLASSES`.
        base: Unused.

    Raises:
        UserError: The dataset does not exist, or cannot be downloaded.
    """
    name = str(params.get("name", "mnist"))
    if name not in CLASSES:
        raise UserError(
            _("Keras has no image dataset called “{name}”.").format(name=name),
            _("Choose one of: {names}.").format(names=", ".join(CLASSES)),
        )
    import keras

    module = getattr(keras.datasets, name)
    # Keras writes to standard output, which is reserved for results.
    with contextlib.redirect_stdout(sys.stderr):
        try:
            (x_train, y_train), (x_test, y_test) = module.load_data()
        except Exception as error:
            # Keras raises a bare Exception when a download fails, and any exception
            # when a file of its cache is damaged.
            raise UserError(
                _(
                    "The dataset “{name}” is not on this computer and could "
                    "not be downloaded: {reason}."
                ).format(name=name, reason=_reason(error)),
                _(
                    "Connect to the internet, or use the handwritten digits, "
                    "which are built in."
                ),
            ) from error
    splits = [
        ArraySplit(TRAIN, np.asarray(x_train), np.asarray(y_train)),
        ArraySplit(TEST, np.asarray(x_test), np.asarray(y_test)),
    ]
    return join_splits(splits, CLASSES[name])


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split()).rstrip(". ")
    return text[:200] or type(error).__name__


SOURCE = DataSource(read, complete=complete_images)
