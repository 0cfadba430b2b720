"""Classes that are each other's mirror image, by their images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw
from small_images import CATALOG, encoded, photo, write

from dlstudio.data.guess_source import guess_source
from dlstudio.data.images.checks.mirrored_images import (
    compared,
    grey_thumbs,
    mirrored_pairs,
)
from dlstudio.data.images.scan import scan
from dlstudio.data.open_source import open_source

SIDE = 48
ARROW = ((4, 19), (24, 19), (24, 10), (42, 24), (24, 38), (24, 29), (4, 29))


def arrow(turns: int, seed: int) -> Image.Image:
    """An arrow to the right, rotated by quarter turns, roughly centred, with noise."""
    random = np.random.default_rng(seed)
    image = Image.new("RGB", (SIDE, SIDE), (235, 235, 235))
    right, down = random.integers(-2, 3, 2)
    points = [(x + right, y + down) for x, y in ARROW]
    ImageDraw.Draw(image).polygon(points, fill=tuple(random.integers(0, 120, 3)))
    noisy = np.asarray(image).astype(np.int16)
    noisy += random.integers(-15, 16, noisy.shape)
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).rotate(90 * turns)


def judged(images: list[Image.Image], labels: list[int]) -> dict[str, tuple[int, int]]:
    numbers = np.array(labels, np.int32)
    rows = compared(numbers)
    thumbs = grey_thumbs(np.asarray(images[row]) for row in rows)
    return mirrored_pairs(thumbs, numbers[rows])


@pytest.mark.parametrize(
    ("turns", "changes"),
    [((0, 2), {"across", "turned"}), ((1, 3), {"down", "turned"}), ((0, 1), set())],
)
def test_arrows(turns: tuple[int, int], changes: set[str]) -> None:
    labels = [n % 2 for n in range(40)]
    images = [arrow(turns[label], n) for n, label in enumerate(labels)]
    assert set(judged(images, labels)) == changes


def test_things_that_are_no_mirror_images() -> None:
    labels = [n % 2 for n in range(40)]
    assert not judged([photo(n, SIDE, SIDE) for n in range(40)], labels)
    # The same objects in both classes: indistinguishable, mirrored or not.
    assert not judged([arrow(2 * (n // 2 % 2), n) for n in range(40)], labels)


def test_few_of_each_class_are_compared() -> None:
    assert not len(compared(np.arange(10, dtype=np.int32) % 2))  # too few
    labels: npt.NDArray[np.int32] = np.repeat(np.arange(3, dtype=np.int32), 500)
    assert np.bincount(labels[compared(labels)]).tolist() == [40, 40, 40]


def test_the_scan_says_so(tmp_path: Path) -> None:
    for number in range(24):
        turned = arrow(2 * (number % 2), number)
        write(tmp_path / f"{'ab'[number % 2]}/{number}.png", encoded(turned))
    result = scan(open_source(guess_source(tmp_path, CATALOG), CATALOG, tmp_path))
    messages = [e.message for e in result.findings if e.kind == "mirrored-classes"]
    assert len(messages) == 2 and "Flipped horizontally" in messages[0]
    assert "“a”" in messages[0] and "“b”" in messages[0]
