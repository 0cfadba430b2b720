"""Decoding: graph, saved model, preparation and prediction agree."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps
from small_images import encoded, exif, photo, rotated_jpeg

from dlstudio.data.images.decoders.decode import (
    decode_bytes,
    decode_in_graph,
    prepare_in_graph,
    resize,
)
from dlstudio.data.images.decoders.image_decoder import Decoder
from dlstudio.data.images.decoders.jpeg_header import (
    plain_jpeg_size,
    plain_jpeg_sizes,
    ratio_for,
)
from dlstudio.data.images.error import ImageError
from dlstudio.data.images.read import read_image
from dlstudio.data.images.spec import ImageSpec
from dlstudio.errors import UserError

COLOUR = ImageSpec(12, 10, 3, antialias=False)


def pillow_pixels(data: bytes, mode: str = "RGB") -> np.ndarray:
    """The upright pixels as decoded by Pillow."""
    with Image.open(io.BytesIO(data)) as image:
        pixels = np.asarray(ImageOps.exif_transpose(image).convert(mode))
    return pixels[..., np.newaxis] if mode == "L" else pixels


def in_graph(data: bytes, channels: int = 3) -> np.ndarray:
    """The pixels as decoded in a graph."""
    return decode_in_graph(tf.constant(data), channels).numpy()


def half_transparent(mode: str = "RGBA") -> Image.Image:
    """An image whose left half is transparent."""
    image = photo().convert("RGBA")
    alpha = np.full((28, 40), 255, np.uint8)
    alpha[:, :20] = 51
    image.putalpha(Image.fromarray(alpha))
    return image.convert(mode)


LOSSLESS = {
    "png": encoded(photo()),
    "png grey": encoded(photo().convert("L")),
    "png 1 bit": encoded(photo().convert("1")),
    "png palette": encoded(photo().quantize(200)),
    "png palette of 4": encoded(photo().quantize(4), bits=2),
    "png interlaced": encoded(photo(), interlace=1),
    "gif": encoded(photo().quantize(64), "GIF"),
    "bmp": encoded(photo(), "BMP"),
    "bmp 32": encoded(photo().convert("RGBA"), "BMP"),
    "webp": encoded(photo(), "WEBP", lossless=True),
}


@pytest.mark.parametrize("name", LOSSLESS)
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_graph_gives_what_pillow_shows(name: str, channels: int) -> None:
    data = LOSSLESS[name]
    mode = {1: "L", 3: "RGB", 4: "RGBA"}[channels]
    shown = pillow_pixels(data, "RGB")
    if channels == 1:
        grey = Image.fromarray(shown).convert("L")
        assert np.array_equal(in_graph(data, 1)[..., 0], np.asarray(grey))
        return
    made = in_graph(data, channels)
    assert np.array_equal(made[..., :3], shown), mode
    if channels == 4:
        assert (made[..., 3] == 255).all()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["jpeg", "png", "webp"])
def test_graph_turns_images_upright(orientation: int, form: str) -> None:
    if form == "jpeg":
        data = rotated_jpeg(orientation)
    elif form == "png":
        data = encoded(photo(), "PNG", exif=exif(orientation))
    else:
        data = encoded(photo(), "WEBP", lossless=True, exif=exif(orientation))
    shown, made = pillow_pixels(data), in_graph(data)
    assert made.shape == shown.shape
    assert np.abs(made.astype(int) - shown).mean() < (3 if form == "jpeg" else 0.01)


def test_exif_of_motorola_order_behind_other_segments_is_found() -> None:
    jpeg = encoded(photo(), "JPEG", quality=95)
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, 6, 0, 0)
    segment = b"Exif\0\0" + tiff
    other = b"\xff\xfe" + struct.pack(">H", 9) + b"comment"
    app1 = b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment
    data = jpeg[:20] + other + app1 + jpeg[20:]
    assert in_graph(data).shape == (40, 28, 3)
    assert np.array_equal(in_graph(data), np.rot90(in_graph(jpeg), -1))


def test_damaged_exif_changes_nothing() -> None:
    good = rotated_jpeg(6)
    place = good.index(b"Exif")
    for change in (b"\xff" * 24, b"\0" * 24, b"MM\0*\x7f\xff\xff\xff" + b"\xff" * 10):
        data = good[: place + 6] + change + good[place + 6 + len(change) :]
        assert in_graph(data).shape == (28, 40, 3)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
@pytest.mark.parametrize("channels", [1, 3])
def test_transparent_images_lie_on_white(mode: str, channels: int) -> None:
    image = half_transparent(mode)
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image.convert("RGBA"))
    shown = np.asarray(white.convert("L" if channels == 1 else "RGB"))
    data = encoded(image)
    made = in_graph(data, channels)
    assert np.abs(made.reshape(shown.shape).astype(int) - shown).max() <= 2


def test_transparent_webp_lies_on_white() -> None:
    data = encoded(half_transparent(), "WEBP", lossless=True, exact=True)
    assert np.array_equal(in_graph(data), in_graph(encoded(half_transparent())))


def test_transparent_palette_lies_on_white() -> None:
    image = Image.new("P", (6, 4), 0)
    image.putpalette([10, 20, 30, 200, 100, 50])
    image.putpixel((0, 0), 1)
    made = in_graph(encoded(image, transparency=0))
    assert made[0, 0].tolist() == [200, 100, 50]
    assert (made[1:] == 255).all()


def test_four_channels_keep_opacity() -> None:
    image = half_transparent()
    assert np.array_equal(in_graph(encoded(image), 4), np.asarray(image))


def test_16_bits_keep_their_upper_8() -> None:
    values = np.linspace(0, 65535, 28 * 40).astype(np.uint16).reshape(28, 40)
    data = encoded(Image.fromarray(values))
    assert np.array_equal(in_graph(data, 1)[..., 0], values >> 8)
    tiff = encoded(Image.fromarray(values), "TIFF")
    assert np.array_equal(decode_bytes(tiff, 1)[..., 0], values >> 8)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_cmyk_jpeg_has_the_right_colours(channels: int) -> None:
    image = Image.new("RGB", (32, 32), (200, 40, 90))
    data = encoded(image.convert("CMYK"), "JPEG", quality=95)
    wanted = {1: [94], 3: [200, 40, 90], 4: [200, 40, 90, 255]}[channels]
    for made in (in_graph(data, channels), decode_bytes(data, channels)):
        assert np.abs(made.astype(int) - wanted).max() <= 6


def test_moving_gif_shows_its_first_frame() -> None:
    frames = [photo(seed).quantize(64) for seed in range(3)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert np.array_equal(in_graph(data), np.asarray(frames[0].convert("RGB")))


PILLOW_ONLY = {
    "tiff": (encoded(photo(), "TIFF"), 0),
    "tiff turned": (encoded(photo(), "TIFF", exif=exif(6)), 0),
    "tiff of floats": (encoded(photo().convert("F"), "TIFF"), 90),
    "bmp with palette": (encoded(photo().quantize(64), "BMP"), 0),
    "moving webp": (
        encoded(
            photo(),
            "WEBP",
            save_all=True,
            lossless=True,
            append_images=[photo(1)],
        ),
        0,
    ),
    "lab": (encoded(Image.new("LAB", (8, 8), (120, 128, 128)), "TIFF"), 255),
}


@pytest.mark.parametrize("name", PILLOW_ONLY)
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_pillow_decodes_what_the_graph_refuses(name: str, channels: int) -> None:
    data, tolerance = PILLOW_ONLY[name]
    with pytest.raises(tf.errors.InvalidArgumentError):
        in_graph(data, channels)
    made = decode_bytes(data, channels)
    assert made.dtype == np.uint8 and made.shape[2] == channels
    if channels == 3:
        shown = pillow_pixels(data)
        assert made.shape == shown.shape
        assert np.abs(made.astype(int) - shown).max() <= tolerance


def gif_that_claims(width: int, height: int) -> bytes:
    """A GIF of a few bytes that claims a huge screen."""
    size = struct.pack("<HH", width, height)
    frame = b"," + struct.pack("<HHHH", 0, 0, width, height) + b"\0"
    colours = b"\0\0\0\xff\xff\xff"
    return b"GIF89a" + size + b"\x80\0\0" + colours + frame + b"\2\2\x44\1\0;"


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims a huge size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def jpeg_that_claims(width: int, height: int) -> bytes:
    """A JPEG with a modified frame header."""
    data = bytearray(encoded(photo(), "JPEG"))
    place = data.index(b"\xff\xc0")
    data[place + 5 : place + 9] = struct.pack(">HH", height, width)
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        gif_that_claims(65535, 65535),
        png_that_claims(60000, 60000),
        jpeg_that_claims(65000, 65000),
    ],
    ids=["gif", "png", "jpeg"],
)
def test_bombs_are_refused_unopened(data: bytes) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match="too large"):
        in_graph(data)
    with pytest.raises(ImageError) as caught:
        decode_bytes(data, 3)
    assert caught.value.kind == "too-large"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "zero-byte"),
        (b"these are words, not an image", "not-an-image"),
        (encoded(photo(), "JPEG")[:400], "truncated"),
        (encoded(photo())[:400], "truncated"),
        (b"\x89PNG\r\n\x1a\n", "not-an-image"),
    ],
)
def test_the_kind_of_error_is_reported(data: bytes, kind: str) -> None:
    for decode in (lambda: decode_bytes(data, 3), lambda: Decoder(COLOUR).one(data)):
        with pytest.raises(ImageError) as caught:
            decode()
        assert caught.value.kind in (
            kind,
            "unreadable" if kind == "truncated" else kind,
        )


SPECS = [
    COLOUR,
    ImageSpec(9, 14, 1, antialias=True),
    ImageSpec(9, 14, 3, interpolation="bicubic", antialias=False),
    ImageSpec(9, 14, 3, interpolation="nearest", antialias=False),
    ImageSpec(9, 14, 3, crop_to_aspect_ratio=True),
    ImageSpec(9, 30, 3, pad_to_aspect_ratio=True, fill_value=7.0),
    ImageSpec(60, 90, 4, interpolation="lanczos3"),
]


@pytest.mark.parametrize("spec", SPECS)
def test_resizing_is_the_layers_own(spec: ImageSpec) -> None:
    import keras

    settings = {k: v for k, v in spec.to_json().items() if k != "channels"}
    layer = keras.layers.Resizing(**settings, data_format="channels_last")
    image = in_graph(encoded(photo()), spec.channels)
    wanted = np.asarray(layer(image.astype(np.float32)[np.newaxis]))[0]
    made = resize(tf.constant(image), spec).numpy()
    assert np.array_equal(made, np.clip(np.rint(wanted), 0, 255).astype(np.uint8))
    # Prepared images pass through the model's layer unchanged.
    again = np.asarray(layer(made.astype(np.float32)[np.newaxis]))[0]
    assert np.abs(again - made).max() < 1e-3


class Saved(tf.Module):
    """A module that takes encoded images when saved."""

    def __init__(self, spec: ImageSpec) -> None:
        super().__init__()
        self.spec = spec

    def run(self, encoded_images: tf.Tensor) -> tf.Tensor:
        """Prepare each image."""
        return tf.map_fn(
            lambda each: prepare_in_graph(each, self.spec),
            encoded_images,
            fn_output_signature=tf.TensorSpec(self.spec.shape, tf.uint8),
        )


@pytest.mark.parametrize("spec", [SPECS[0], SPECS[1]])
def test_saved_model_prepares_bit_for_bit_alike(
    spec: ImageSpec, tmp_path: Path
) -> None:
    big = encoded(photo(3, 500, 375), "JPEG", quality=80)
    turned = encoded(photo(3, 500, 375), "JPEG", exif=exif(6))
    grey = encoded(photo(3, 90, 75).convert("L"), "JPEG")
    images = [big, turned, grey, rotated_jpeg(8), encoded(half_transparent())]
    images += LOSSLESS.values()
    module = Saved(spec)
    signature = tf.TensorSpec((None,), tf.string)
    function = tf.function(module.run, input_signature=[signature])
    tf.saved_model.save(module, str(tmp_path / "saved"), signatures={"f": function})
    loaded = tf.saved_model.load(str(tmp_path / "saved")).signatures["f"]
    made = next(iter(loaded(tf.constant(images)).values())).numpy()
    decoder = Decoder(spec)
    for data, wanted in zip(images, made, strict=True):
        assert np.array_equal(decoder.one(data), wanted)
        assert np.array_equal(read_image(data, spec), wanted)
    for group in ([big, turned, grey], [big], [big] * 20, [grey] * 8):
        together = decoder.several(group)
        wanted = [made[images.index(data)] for data in group]
        assert together is not None and np.array_equal(together, wanted)


def test_large_jpeg_decoded_smaller_is_close_to_the_whole() -> None:
    data = encoded(photo(3, 500, 375), "JPEG", quality=90)
    spec = ImageSpec(96, 96, 3, antialias=True)
    whole = resize(tf.constant(in_graph(data)), spec).numpy().astype(int)
    made = Decoder(spec).one(data)
    assert np.abs(made - whole).mean() < 2
    for least, ratio in ((105, 2), (104, 4), (96, 4), (53, 4), (52, 8), (209, 1)):
        assert ratio_for((375, 500), (least, least)) == ratio
        shape = decode_in_graph(tf.constant(data), 3, (least, least)).shape
        assert shape == (-(-375 // ratio), -(-500 // ratio), 3)
    # Rotated by 90 degrees, the minimum width and height are swapped.
    turned = encoded(photo(3, 500, 375), "JPEG", exif=exif(6))
    assert decode_in_graph(tf.constant(turned), 3, (240, 90)).shape == (250, 188, 3)
    assert decode_in_graph(tf.constant(turned), 3, (90, 240)).shape == (500, 375, 3)


def test_only_plain_jpegs_are_taken_for_such() -> None:
    plain = encoded(photo(), "JPEG")
    assert plain_jpeg_size(plain) == (28, 40)
    assert plain_jpeg_size(encoded(photo().convert("L"), "JPEG")) == (28, 40)
    assert plain_jpeg_size(encoded(photo(), "JPEG", progressive=True)) == (28, 40)
    larger = encoded(photo(0, 60, 40), "JPEG")
    group = [plain, plain, larger, plain, encoded(photo(1), "JPEG"), rotated_jpeg(6)]
    assert plain_jpeg_sizes(group) == {(28, 40), (40, 60), None}
    assert plain_jpeg_sizes(group[:2]) == {(28, 40)}
    for other in (
        rotated_jpeg(6),
        encoded(photo().convert("CMYK"), "JPEG"),
        encoded(photo()),
        plain[:40],
        b"",
    ):
        assert plain_jpeg_size(other) is None


@given(st.binary(max_size=100))
def test_any_bytes_as_a_jpeg_header(data: bytes) -> None:
    size = plain_jpeg_size(encoded(photo(), "JPEG")[:22] + data)
    assert size is None or min(size) > 0


def test_read_image_names_the_file_it_cannot_use(tmp_path: Path) -> None:
    bad = tmp_path / "notes.jpg"
    bad.write_text("words")
    with pytest.raises(UserError, match=r"notes\.jpg"):
        read_image(bad, COLOUR)
    with pytest.raises(UserError, match=r"gone\.jpg"):
        read_image(tmp_path / "gone.jpg", COLOUR)
    with pytest.raises(UserError, match="not a file"):
        read_image(tmp_path, COLOUR)


def test_an_undecodable_error_message_is_still_an_image_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """TensorFlow's message about a damaged image can contain its bytes."""

    def refuses(_name: str, _ratio: int = 0) -> None:
        raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")

    decoder = Decoder(ImageSpec(4, 4))
    monkeypatch.setattr(decoder, "_graph", refuses)
    whole = encoded(photo(), "PNG")
    assert decoder.several([whole]) is None
    assert decoder.one(whole).shape == (4, 4, 3)
    with pytest.raises(ImageError):
        decoder.one(b"\xff\xd8\xff nothing")
