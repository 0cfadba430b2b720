"""Images that hardly belong to their class."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from small_images import CATALOG, encoded, photo, write

from dlstudio.data.findings import Finding
from dlstudio.data.guess_source import guess_source
from dlstudio.data.images.scan import scan
from dlstudio.data.open_source import open_source

KINDS = ("flat-image", "unlike-others", "placeholder", "conflicting-labels")


def drawing(text: str = "not found") -> Image.Image:
    """A placeholder such as web sites show for a missing image."""
    image = Image.new("RGB", (320, 240), (238, 238, 238))
    pen = ImageDraw.Draw(image)
    pen.rectangle((90, 70, 230, 170), outline=(120, 120, 120), width=6)
    pen.text((120, 110), text, fill=(40, 40, 40))
    return image


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Three classes of 20 photographs each."""
    for number in range(60):
        image = photo(number, 320, 240)
        write(tmp_path / f"{'xyz'[number % 3]}x/{number}.jpg", encoded(image, "JPEG"))
    return tmp_path


def odd(root: Path) -> dict[str, Finding]:
    result = scan(open_source(guess_source(root, CATALOG), CATALOG, root))
    return {each.path: each for each in result.findings if each.kind in KINDS}


def test_photographs_alone_have_nothing_odd(photos: Path) -> None:
    assert odd(photos) == {}


@pytest.mark.parametrize("level", [0, 128, 255])
@pytest.mark.parametrize("size", [(320, 240), (20, 20)])
def test_flat_images(photos: Path, level: int, size: tuple[int, int]) -> None:
    image = Image.new("RGB", size, (level, level, level))
    write(photos / "xx/flat.png", encoded(image))
    assert odd(photos)["xx/flat.png"].kind == "flat-image"


def test_fine_texture_is_not_flat(photos: Path) -> None:
    noise = np.random.default_rng(0).integers(60, 200, (2000, 2000), dtype=np.uint8)
    write(photos / "xx/noise.png", encoded(Image.fromarray(noise)))
    assert not any(each.kind == "flat-image" for each in odd(photos).values())


def test_one_gif_among_photographs(photos: Path) -> None:
    write(photos / "xx/a.gif", encoded(photo(99, 320, 240), "GIF"))
    (found,) = odd(photos).values()
    assert found.path == "xx/a.gif" and found.kind == "unlike-others"
    assert "GIF" in found.message and "JPEG" in found.message


def test_a_thumbnail_among_originals(photos: Path) -> None:
    write(photos / "xx/small.jpg", encoded(photo(99, 64, 48), "JPEG"))
    (found,) = odd(photos).values()
    assert found.path == "xx/small.jpg" and "64×48" in found.message


def test_a_drawing_among_photographs(photos: Path) -> None:
    write(photos / "xx/missing.jpg", encoded(drawing(), "JPEG"))
    (found,) = odd(photos).values()
    assert found.path == "xx/missing.jpg" and found.kind == "unlike-others"


def test_the_same_placeholder_in_every_class(photos: Path) -> None:
    for number, name in enumerate(("xx", "yx", "zx")):
        quality = 70 + 10 * number
        data = encoded(drawing(), "JPEG", quality=quality)
        write(photos / f"{name}/missing{number}.jpg", data)
    found = [each for each in odd(photos).values() if each.kind == "placeholder"]
    assert {each.path for each in found} == {
        "xx/missing0.jpg",
        "yx/missing1.jpg",
        "zx/missing2.jpg",
    }
    assert "3 images" in found[0].message and "3 classes" in found[0].message


def test_two_classes_of_one_image_conflict(photos: Path) -> None:
    data = encoded(photo(99, 320, 240), "JPEG")
    for name in ("xx/one.jpg", "yx/two.jpg"):
        write(photos / name, data)
    (found,) = odd(photos).values()
    assert found.kind == "conflicting-labels"


def test_a_set_of_many_kinds_is_left_alone(tmp_path: Path) -> None:
    for number in range(60):
        form = ("JPEG", "PNG", "GIF")[number % 3]
        image = drawing(str(number)) if number % 4 == 0 else photo(number, 320, 240)
        image = image.resize((40 << number % 5, 30 << number % 5))
        write(tmp_path / f"{'xy'[number % 2]}x/{number}.x.png", encoded(image, form))
    assert not any(e.kind == "unlike-others" for e in odd(tmp_path).values())
