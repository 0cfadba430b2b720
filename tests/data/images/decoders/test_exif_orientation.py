"""EXIF data that ImageMagick writes as text into a PNG is applied like any other."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL.PngImagePlugin import PngInfo
from small_images import encoded, exif, photo, write

from dlstudio.data.images.decoders.decode import decode_bytes, decode_in_graph
from dlstudio.data.images.decoders.image_decoder import Decoder
from dlstudio.data.images.decoders.pillow_decoder import decode_with_pillow, head_of
from dlstudio.data.images.spec import ImageSpec
from dlstudio.data.images.thumbnail import encoded_thumbnail

FORMS = ("exif", "APP1")


def profile(name: str, orientation: int) -> str:
    """The text as written by ImageMagick: 72 hex digits per line."""
    data = exif(orientation).tobytes()
    assert data.startswith(b"Exif\0\0")
    if name == "exif with nothing in front":
        data = data[6:]
    digits = data.hex()
    lines = [digits[place : place + 72] for place in range(0, len(digits), 72)]
    return f"\n{name.split()[0]}\n{len(data):8}\n" + "\n".join(lines) + "\n"


def png(
    name: str, orientation: int, packed: bool, text: str = "", mode: str = "RGB"
) -> bytes:
    """A PNG with EXIF data in a text chunk."""
    info = PngInfo()
    info.add_text("Software", "a program")
    key = f"Raw profile type {name.split()[0]}"
    info.add_text(key, text or profile(name, orientation), zip=packed)
    return encoded(photo().convert(mode), pnginfo=info)


def upright(orientation: int, mode: str = "RGB") -> np.ndarray:
    """The same image with the orientation in an EXIF chunk."""
    data = encoded(photo().convert(mode), exif=exif(orientation))
    return decode_in_graph(tf.constant(data), 3).numpy()


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", [*FORMS, "exif with nothing in front"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_turns_it(orientation: int, name: str, packed: bool) -> None:
    data, wanted = png(name, orientation, packed), upright(orientation)
    for made in (
        decode_in_graph(tf.constant(data), 3).numpy(),
        decode_bytes(data, 3),
        decode_with_pillow(data, 3),
        encoded_thumbnail(data, 100),
    ):
        assert np.array_equal(made, wanted)


def test_the_head_of_a_file_gives_the_turned_size(tmp_path: Path) -> None:
    path = write(tmp_path / "a.png", png("APP1", 6, True))
    assert head_of(path) == (40, 28, 3)
    transparent = png("exif", 6, True, mode="RGBA")
    assert np.array_equal(encoded_thumbnail(transparent, 100), upright(6))


def test_preparation_takes_it_as_one_and_as_several() -> None:
    spec = ImageSpec(40, 28, 3)
    data, decoder = png("exif", 6, True), Decoder(spec)
    several = decoder.several([data] * 3)
    assert several is not None
    assert np.array_equal(several[2], upright(6))
    assert np.array_equal(decoder.one(data), upright(6))


@pytest.mark.parametrize(
    "text",
    [
        "no hex",
        "\nexif\n      10\nzz zz\n",
        "\nexif\n       4\n12345\n",
        "\nexif\n       8\n687474703a2f2f6e\n",
        "\nexif\n",
        "\n\n\n" + "ff" * 3000,
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_damaged_profiles_change_nothing(text: str, packed: bool) -> None:
    for name in FORMS:
        data = png(name, 6, packed, text)
        assert np.array_equal(decode_in_graph(tf.constant(data), 3), upright(1))
        assert np.array_equal(decode_with_pillow(data, 3), upright(1))


def test_text_that_cannot_be_unpacked_is_passed_over() -> None:
    data = bytearray(png("exif", 6, True))
    place = data.index(b"zTXt")
    end = place + 4 + int.from_bytes(data[place - 4 : place], "big")
    data[place + 27 : place + 35] = b"\xff" * 8
    data[end : end + 4] = zlib.crc32(data[place:end]).to_bytes(4, "big")
    for made in (decode_bytes(bytes(data), 3), decode_with_pillow(bytes(data), 3)):
        assert np.array_equal(made, upright(1))


def test_own_exif_comes_first() -> None:
    info = PngInfo()
    info.add_text("Raw profile type exif", profile("exif", 3))
    data = encoded(photo(), pnginfo=info, exif=exif(6))
    for made in (decode_in_graph(tf.constant(data), 3), decode_with_pillow(data, 3)):
        assert np.array_equal(made, upright(6))


def test_xmp_turns_nothing() -> None:
    """The TensorFlow decoder ignores XMP, and all decoders must agree."""
    text = '<x:xmpmeta tiff:Orientation="6"/>'
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", text)
    data = encoded(photo(), pnginfo=info)
    for made in (decode_bytes(data, 3), encoded_thumbnail(data, 100)):
        assert np.array_equal(made, upright(1))
