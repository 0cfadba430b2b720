"""Damaged images: output of libraries about them never reaches the terminal."""

from __future__ import annotations

import json
import os
import re
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, TiffImagePlugin
from small_images import encoded, photo, write

from dlstudio.cli import main
from dlstudio.data.images.decoders.image_decoder import Decoder
from dlstudio.data.images.spec import ImageSpec
from dlstudio.data.images.thumbnail import encoded_thumbnail
from dlstudio.data.standard_error import quiet_stderr
from tests.cli.conftest import Done, finish, start

OURS = re.compile(r"(warning: |Run 1 \(|\d+ samples are excluded|1/1  loss )")


def not_ours(err: str) -> list[str]:
    """The lines on stderr that dlstudio did not write."""
    return [line for line in err.splitlines() if not OURS.match(line)]


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    check = struct.pack(">I", zlib.crc32(name + data))
    return struct.pack(">I", len(data)) + name + data + check


def changed(data: bytes, new: bytes) -> bytes:
    """A copy of a file with changed bytes in the middle."""
    place = len(data) // 2
    return data[:place] + new + data[place + len(new) :]


def tiff(**options: object) -> bytes:
    """A TIFF with an unknown tag."""
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[65000] = "hello"
    return encoded(photo(5, 60, 50), "TIFF", tiffinfo=tags, **options)


def messy(root: Path) -> Path:
    """Two classes, with files that libraries complain about."""
    jpeg = encoded(photo(3, 200, 150), "JPEG", quality=90)
    png = encoded(photo(4))
    palette = photo(6, 60, 50).quantize(16)
    files = {
        "corrupt.jpg": changed(jpeg, b"\x55" * 40),
        "extraneous.jpg": jpeg[:-2] + bytes(37) + jpeg[-2:],
        "cut.jpg": jpeg[: len(jpeg) * 2 // 3],
        "exif.jpg": encoded(
            photo(7),
            "JPEG",
            exif=b"Exif\0\0II*\0\x08\0\0\0\x05\0\x12\1\3\0\1\0\0\0\6",
        ),
        "palette.png": encoded(palette, transparency=bytes(range(16))),
        "frames.png": png[:33] + chunk(b"acTL", bytes(8)) + png[33:],
        "profile.png": png[:33]
        + chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(200)))
        + png[33:],
        "lzw.tif": changed(tiff(compression="tiff_lzw"), b"\xff" * 20),
        "inner.tif": changed(tiff(compression="jpeg"), b"\xff" * 20),
        "cut.tif": tiff()[:-200],
        "cut.gif": encoded(photo(8).quantize(32), "GIF")[:-60],
        "large.png": encoded(Image.new("1", (9000, 9000))),
        "words.jpg": b"these are words",
        "empty.png": b"",
        "IMG_1.HEIC": b"\0\0\0\x18ftypheic" + bytes(40),
    }
    for name, data in files.items():
        write(root / "cat" / name, data)
    for number in range(12):
        write(root / "cat" / f"{number}.png", encoded(photo(number)))
        write(root / "dog" / f"{number}.png", encoded(photo(100 + number)))
    return root


@pytest.mark.usefixtures("verified_warm")
def test_no_command_prints_what_libraries_say(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """One in its own process, which loads the libraries, the others in this one."""

    def run(*arguments: object) -> Done:
        capfd.readouterr()
        status = main([str(each) for each in arguments])
        return Done(status, *capfd.readouterr())

    images, project = messy(tmp_path / "set"), tmp_path / "project"
    made = run("new", project, "--template", "image-cnn", "--data", images)
    assert (made.status, made.err) == (0, "")
    scanned = run("scan", images, "--json")
    assert (scanned.status, scanned.err) == (0, "")
    kinds = {each["kind"] for each in scanned.json["findings"]}
    assert {"too-large", "truncated", "not-an-image", "zero-byte"} <= kinds
    train = ["train", project, "--epochs", 1, "--json"]
    trained = finish(start(train, TF_CPP_MIN_LOG_LEVEL="0"))
    assert trained.status == 0
    assert trained.lines[0]["event"] == "RunStarted"
    assert trained.lines[-1]["outcome"] == "succeeded"
    assert not_ours(trained.err) == []
    assert "8 samples are excluded" in trained.err
    for arguments in (["predict", project, images], ["evaluate", project]):
        done = run(*arguments, "--json")
        assert not_ours(done.err) == [], arguments
    export = ["export", project, "--format", "savedmodel", "--out", tmp_path / "out"]
    done = run(*export, "--json")
    assert (done.status, not_ours(done.err)) == (0, [])
    assert json.loads(done.out)


WAYS: dict[str, Callable[[bytes], object]] = {
    "decoder": lambda data: Decoder(ImageSpec(8, 8, 3)).several([data] * 2),
    "thumbnail": lambda data: encoded_thumbnail(data, 32),
}


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_printed_and_stderr_comes_back(
    way: str, capfd: pytest.CaptureFixture[str]
) -> None:
    jpeg = encoded(photo(3, 200, 150), "JPEG", quality=90)
    noisy = {
        "decoder": changed(jpeg, b"\x55" * 40),
        "thumbnail": changed(tiff(compression="jpeg"), b"\xff" * 20),
    }
    WAYS[way](noisy[way])
    os.write(2, b"ours\n")
    assert capfd.readouterr().err == "ours\n"


def test_threads_share_the_silence(capfd: pytest.CaptureFixture[str]) -> None:
    """Silencing ends with the last thread inside."""
    inside, leave = threading.Event(), threading.Event()

    def work() -> None:
        with quiet_stderr():
            inside.set()
            leave.wait(30)

    thread = threading.Thread(target=work)
    thread.start()
    inside.wait(30)
    with quiet_stderr():
        pass
    os.write(2, b"lost\n")
    leave.set()
    thread.join()
    os.write(2, b"ours\n")
    assert capfd.readouterr().err == "ours\n"


PROGRAM = """
import os, sys
from dlstudio.data import standard_error
standard_error.keep_python_stderr()
with standard_error.quiet_stderr():
    os.write(2, b"of a library\\n")
    print("of ours", file=sys.stderr)
os.write(2, b"at the end\\n")
"""


def test_what_python_prints_is_not_lost(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", PROGRAM], capture_output=True, check=True
    )
    assert done.stderr.split() == b"of ours at the end".split()
