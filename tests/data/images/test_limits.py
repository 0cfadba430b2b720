"""No image and no packed file takes more memory than the limits, with any decoder."""

from __future__ import annotations

import gzip
import io
import struct
import subprocess
import sys
import threading
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from small_images import encoded, exif, photo, write

from dlstudio.data.images.decoders import (
    graph_channels,
    graph_formats,
    image_decoder,
    pillow_decoder,
)
from dlstudio.data.images.decoders.decode import decode_bytes, decode_in_graph
from dlstudio.data.images.decoders.header import claimed_size
from dlstudio.data.images.decoders.image_decoder import Decoder
from dlstudio.data.images.decoders.pillow_decoder import (
    decode_with_pillow,
    head_of,
    on_white,
    opened,
)
from dlstudio.data.images.error import ImageError
from dlstudio.data.images.limits import MOST_PIXELS, DecodingRoom
from dlstudio.data.images.read import read_image
from dlstudio.data.images.scan import scan
from dlstudio.data.images.spec import ImageSpec
from dlstudio.data.images.thumbnail import encoded_thumbnail
from dlstudio.data.limits import grows_too_much
from dlstudio.data.sources import arrays, folder, idx
from dlstudio.data.sources.arrays import read
from dlstudio.errors import UserError

SPEC = ImageSpec(8, 8, 3)


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    check = struct.pack(">I", zlib.crc32(name + data))
    return struct.pack(">I", len(data)) + name + data + check


def png(width: int, height: int, colour: int = 2) -> bytes:
    """A PNG of a few bytes whose header claims a size."""
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + pixels + chunk(b"IEND", b"")


def webp(kind: str) -> bytes:
    """A WebP whose header claims 16000 × 16000 pixels, in each of its three forms."""
    options = {"VP8 ": {"quality": 50}, "VP8L": {"lossless": True}}
    if kind == "VP8X":
        data = bytearray(encoded(photo(), "WEBP", exif=exif(1)))
        data[24:30] = (15999).to_bytes(3, "little") * 2
        return bytes(data)
    data = bytearray(encoded(photo(), "WEBP", **options[kind]))
    if kind == "VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        bits = bits & ~0xFFFFFFF | 15999 | 15999 << 14
        struct.pack_into("<I", data, 21, bits)
    else:
        struct.pack_into("<HH", data, 26, 16000, 16000)
    assert bytes(data[12:16]).decode() == kind
    return bytes(data)


def gif() -> bytes:
    """A GIF of a few bytes with a screen of 16000 × 16000."""
    size = struct.pack("<HH", 16000, 16000)
    frame = b"," + struct.pack("<HH", 0, 0) + size + b"\0\2\2\x44\1\0;"
    return b"GIF89a" + size + b"\x80\0\0" + b"\0\0\0\xff\xff\xff" + frame


def jpeg() -> bytes:
    """A JPEG whose frame claims 16000 × 16000, with EXIF in front of it."""
    data = bytearray(encoded(photo(), "JPEG", exif=exif(6)))
    place = data.index(b"\xff\xc0")
    data[place + 5 : place + 9] = struct.pack(">HH", 16000, 16000)
    return bytes(data)


def bmp() -> bytes:
    """A BMP that claims 16000 × -16000."""
    data = bytearray(encoded(photo(), "BMP"))
    struct.pack_into("<ii", data, 18, 16000, -16000)
    return bytes(data)


def tiff() -> bytes:
    """A TIFF that claims 16000 × 16000 in a single strip."""
    data = bytearray(encoded(photo(), "TIFF"))
    (start,) = struct.unpack_from("<I", data, 4)
    for number in range(struct.unpack_from("<H", data, start)[0]):
        place = start + 2 + 12 * number
        if struct.unpack_from("<H", data, place)[0] in (256, 257, 278):
            struct.pack_into("<HII", data, place + 2, 4, 1, 16000)
    return bytes(data)


def icon() -> bytes:
    """An icon with a PNG of 16000 × 16000 inside, which its directory calls small."""
    inside = png(16000, 16000, 6)
    entry = struct.pack("<BBBBHHII", 32, 32, 0, 0, 1, 32, len(inside), 22)
    return struct.pack("<HHH", 0, 1, 1) + entry + inside


LARGE = {
    "png": png(16000, 16000),
    "webp": webp("VP8 "),
    "webp lossless": webp("VP8L"),
    "webp extended": webp("VP8X"),
    "gif": gif(),
    "jpeg": jpeg(),
    "bmp": bmp(),
    "tiff": tiff(),
    "icon": icon(),
}
WAYS: dict[str, Callable[[bytes], object]] = {
    "one": lambda data: Decoder(SPEC).one(data),
    "bytes": lambda data: decode_bytes(data, 3),
    "read": lambda data: read_image(data, SPEC),
    "thumbnail": lambda data: encoded_thumbnail(data, 64),
    "pillow": lambda data: decode_with_pillow(data, 3),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", LARGE)
def test_too_large_an_image_is_refused_every_way(name: str, way: str) -> None:
    with pytest.raises(ImageError, match="256,000,000 pixels") as caught:
        WAYS[way](LARGE[name])
    assert caught.value.kind == "too-large"


@pytest.mark.parametrize("name", [*LARGE][:7])
def test_graph_refuses_what_is_too_large(name: str) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match="too large"):
        decode_in_graph(tf.constant(LARGE[name]), 3)
    assert Decoder(SPEC).several([LARGE[name]] * 3) is None


def test_nothing_is_decoded_past_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit nothing is decoded, below it all decoders are tried."""
    calls: list[str] = []

    def load(image: Image.Image) -> None:
        calls.append("pillow")
        raise OSError("it was tried")

    def graph(_self: Decoder, name: str, _ratio: int = 0) -> None:
        calls.append(name)
        raise tf.errors.InvalidArgumentError(None, None, "it was tried")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", load)
    monkeypatch.setattr(Decoder, "_graph", graph)
    side = 1 << 13
    assert side * side == MOST_PIXELS
    with pytest.raises(ImageError, match="pixels"):
        Decoder(SPEC).one(png(side, side + 1))
    assert not calls
    with pytest.raises(ImageError, match="tried"):
        Decoder(SPEC).one(png(side, side))
    assert calls == ["PNG", "pillow"]


def test_a_refused_image_is_a_finding_and_the_others_are_read(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path / name / "good.png", encoded(photo()))
    write(tmp_path / "a" / "large.webp", LARGE["webp"])
    found = scan(folder.read({"path": str(tmp_path)}, tmp_path))
    large = [each for each in found.findings if each.kind == "too-large"]
    assert [each.path for each in large] == ["a/large.webp"]
    assert "67,108,864" in large[0].message
    assert found.formats == {"PNG": 2}
    with pytest.raises(UserError, match="pixels"):
        head_of(tmp_path / "a" / "large.webp")


@pytest.mark.parametrize("name", LARGE)
def test_sizes_are_read_from_headers(name: str) -> None:
    form = {"tiff": "", "icon": ""}.get(name, name.split()[0].upper())
    form = {"WEBP": "WebP"}.get(form, form)
    expected = (16000, 16000) if form else None
    assert claimed_size(form, LARGE[name]) == expected
    for end in range(0, 60, 7):
        claimed_size(form, LARGE[name][:end])  # truncated anywhere


@pytest.mark.parametrize("channels", [1, 3])
def test_pieces_give_the_same_pixels(
    channels: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = photo().convert("RGBA")
    image.putalpha(photo(1).convert("L"))
    whole = decode_in_graph(tf.constant(encoded(image)), channels).numpy()
    on = on_white(np.asarray(image), channels)
    monkeypatch.setattr(graph_channels, "LARGE", 10)
    monkeypatch.setattr(pillow_decoder, "_PIECE", 7)
    pieces = decode_in_graph(tf.constant(encoded(image)), channels).numpy()
    assert np.array_equal(whole, pieces)
    assert np.array_equal(on, on_white(np.asarray(image), channels))
    batch = np.stack([np.asarray(image)] * 2)
    assert np.array_equal(on_white(batch, channels)[1], on)


def test_room_is_shared() -> None:
    """Two large images take turns; each is admitted although one alone is too large."""
    room = DecodingRoom(2 << 20)
    inside, most, lock = 0, 0, threading.Lock()
    both = threading.Barrier(3)

    def work() -> None:
        nonlocal inside, most
        both.wait()
        with room(3 << 20):
            with lock:
                inside += 1
                most = max(most, inside)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=work) for _n in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert most == 1


def test_a_packed_array_does_not_grow_without_end(tmp_path: Path) -> None:
    big = np.zeros((2000, 100, 500), np.uint8)
    path = tmp_path / "bomb.npz"
    np.savez_compressed(path, x=big, y=np.zeros(2000, np.uint8))
    assert grows_too_much(path.stat().st_size, big.nbytes)
    with pytest.raises(UserError, match="would expand to 95 MB"):
        read({"path": str(path)}, tmp_path)
    small = tmp_path / "small.npz"
    np.savez_compressed(small, x=big[:20], y=np.arange(20))
    assert len(arrays.read({"path": str(small)}, tmp_path)) == 20


def test_a_packed_array_has_the_length_it_claims(tmp_path: Path) -> None:
    stream = io.BytesIO()
    shape = (10**6, 10**6)
    header = {"descr": "|u1", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, header)
    path = tmp_path / "claims.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("x.npy", "y.npy"):
            archive.writestr(name, stream.getvalue() + b"\0" * 100)
    with pytest.raises(UserError, match="not a readable array"):
        read({"path": str(path)}, tmp_path)


def test_a_packed_idx_file_does_not_grow_without_end(tmp_path: Path) -> None:
    shape = (1000, 300, 300)
    head = b"\0\0\x08\x03" + struct.pack(">III", *shape)
    path = tmp_path / "train-images-idx3-ubyte.gz"
    with gzip.open(path, "wb") as stream:
        stream.write(head + bytes(int(np.prod(shape))))
    with pytest.raises(UserError, match="would expand to 85 MB"):
        idx.read_idx(path)


def test_images_in_arrays_have_the_same_limit(tmp_path: Path) -> None:
    wide = np.lib.format.open_memmap(
        tmp_path / "x.npy", "w+", np.uint8, (1, 2, MOST_PIXELS)
    )
    del wide
    np.save(tmp_path / "y.npy", np.zeros(1, np.uint8))
    with pytest.raises(ImageError, match="pixels"):
        read({"path": str(tmp_path / "x.npy")}, tmp_path)


CODE = """
import os, resource, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
from dlstudio.engine.runtime.startup import start_tensorflow
start_tensorflow()
from dlstudio.data.images.decoders.image_decoder import Decoder
from dlstudio.data.images.spec import ImageSpec
from dlstudio.errors import UserError
decoder = Decoder(ImageSpec(8, 8, 3))
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before = peak()
for path in sys.argv[1:]:
    try:
        decoder.one(open(path, "rb").read())
    except UserError:
        pass
print(peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss in kilobytes")
def test_peak_memory(tmp_path: Path) -> None:
    """Bombs of some kilobytes, and a large image that is read."""
    bomb, large = tmp_path / "bomb.png", tmp_path / "large.png"
    Image.new("L", (9000, 9000)).save(bomb)
    Image.new("L", (6000, 6000)).save(large)
    claims = [write(tmp_path / name, data) for name, data in LARGE.items()]
    command = [sys.executable, "-c", CODE, bomb, large, *claims]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert float(done.stdout) < 400, "MB"


def test_bounds_of_the_two_ways_are_one() -> None:
    assert graph_formats.MOST_PIXELS == MOST_PIXELS == 2 * Image.MAX_IMAGE_PIXELS
    with pytest.raises(ImageError), opened(png(16000, 16000)):
        pass
    assert image_decoder.MOST_PIXELS_AT_ONCE < MOST_PIXELS
