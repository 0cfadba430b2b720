"""Detecting classes that are each other's mirror image, by their images.

Each image is mirrored and compared with the others: where most of one class are then
nearest to another class, and vice versa, mirroring turns one into the other. A few
images of each class are enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

from dlstudio.data.images.columns import Pixels
from dlstudio.data.samples import Labels
from dlstudio.document.values import FrozenMap

ACROSS, DOWN, TURNED = "across", "down", "turned"
"""Mirrored left to right, mirrored top to bottom, rotated by half a turn."""
Grey = npt.NDArray[np.uint8]
CHANGES: Mapping[str, Callable[[Grey], Grey]] = {
    ACROSS: lambda thumbs: thumbs[:, :, ::-1],
    DOWN: lambda thumbs: thumbs[:, ::-1],
    TURNED: lambda thumbs: thumbs[:, ::-1, ::-1],
}
SIDE = 16
FEWEST = 8
"""Least images that a class needs for the comparison."""
MOST = 40
"""Most images of a class that are compared."""
MOST_CLASSES = 50
APART = 0.8
"""Least share of a class's images that are nearest to their own class unchanged."""
OTHER = 0.6
"""Least share that is nearest to the other class once mirrored."""


def compared(labels: Labels) -> npt.NDArray[np.int64]:
    """The samples to compare: a few of each class, spread over the dataset."""
    rows = []
    for label in np.unique(labels[labels >= 0])[:MOST_CLASSES]:
        found = np.flatnonzero(labels == label)
        if len(found) >= FEWEST:
            places = np.linspace(0, len(found) - 1, min(MOST, len(found)))
            rows.append(found[places.astype(np.int64)])
    return np.concatenate(rows) if rows else np.zeros(0, np.int64)


def grey_thumbs(images: Iterable[Pixels]) -> Grey:
    """Grey thumbnails of images, each (h, w, c): uint8 (n, 16, 16)."""
    return np.stack([_grey_thumb(each) for each in images])


def _grey_thumb(image: Pixels) -> Grey:
    plain = image[..., 0] if image.shape[-1] == 1 else image[..., :3]
    grey = Image.fromarray(np.ascontiguousarray(plain)).convert("L")
    return np.asarray(grey.resize((SIDE, SIDE), Image.Resampling.BOX))


def mirrored_pairs(thumbs: Grey, labels: Labels) -> dict[str, tuple[int, int]]:
    """For each transformation that turns one class into another: two such labels.

    Args:
        thumbs: uint8 (n, side, side), of the samples that `compared` returns.
        labels: int32 (n,).
    """
    classes, numbers = np.unique(labels, return_inverse=True)
    if len(classes) < 2:
        return {}
    points = _points(thumbs)
    apart = points @ points.T
    np.fill_diagonal(apart, -np.inf)  # an image is not its own neighbour
    own = np.diag(_shares(apart, numbers, len(classes))) >= APART
    found = {}
    for change, mirrored in CHANGES.items():
        shares = _shares(_points(mirrored(thumbs)) @ points.T, numbers, len(classes))
        other = (shares >= OTHER) & own & own[:, np.newaxis]
        pairs = np.argwhere(np.triu(other & other.T, 1))
        if len(pairs):
            first, second = classes[pairs[0]].tolist()
            found[change] = (first, second)
    return found


def named_pairs(
    pairs: Mapping[str, tuple[int, int]], classes: Sequence[str]
) -> FrozenMap[str, tuple[str, str]]:
    """The same with names instead of labels."""
    return FrozenMap(
        (change, (classes[first], classes[second]))
        for change, (first, second) in pairs.items()
    )


def _points(thumbs: Grey) -> npt.NDArray[np.float32]:
    """Thumbnails as unit vectors, normalized for brightness and contrast."""
    flat = thumbs.reshape(len(thumbs), -1).astype(np.float32)
    flat -= flat.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(flat, axis=1, keepdims=True)
    return np.asarray(flat / np.maximum(lengths, 1e-6))


def _shares(
    similarity: npt.NDArray[np.float32], numbers: npt.NDArray[np.int64], count: int
) -> npt.NDArray[np.float64]:
    """Share of each class's images (rows) that are nearest to each class (columns)."""
    nearest = numbers[similarity.argmax(axis=1)]
    shares = np.zeros((count, count))
    np.add.at(shares, (numbers, nearest), 1)
    return shares / np.bincount(numbers, minlength=count)[:, np.newaxis]
