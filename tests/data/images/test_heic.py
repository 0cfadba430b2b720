"""HEIC: consistent decoding with the extra, one message without it."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, features
from prepared_images import prepare
from small_images import CATALOG, encoded, exif, photo, write

from dlstudio.data.images import heic
from dlstudio.data.images.cache import cache_builder
from dlstudio.data.images.columns import Pixels
from dlstudio.data.images.decoders import pillow_decoder
from dlstudio.data.images.decoders.decode import decode_bytes
from dlstudio.data.images.decoders.image_decoder import Decoder
from dlstudio.data.images.decoders.pillow_decoder import head_of
from dlstudio.data.images.error import ImageError
from dlstudio.data.images.files import looks_like_image
from dlstudio.data.images.heic import is_heic
from dlstudio.data.images.read import read_image
from dlstudio.data.images.scan import scan
from dlstudio.data.images.spec import ImageSpec
from dlstudio.data.images.thumbnail import encoded_thumbnail
from dlstudio.data.sources import csv, folder
from dlstudio.document.plan import DataRecipe
from dlstudio.document.values import FrozenMap, Spec

SPEC = ImageSpec(12, 10, 3)
HEADER = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 40
WAYS: dict[str, Callable[[bytes], Pixels]] = {
    "decode_bytes": lambda data: decode_bytes(data, 3),
    "thumbnail": lambda data: encoded_thumbnail(data, 100),
}
installed = pytest.mark.skipif(
    not heic.can_read_heic(), reason="the extra is not installed"
)


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulates that the extra is not installed."""
    for module in (heic, cache_builder, pillow_decoder):
        monkeypatch.setattr(module, "can_read_heic", lambda: False)


def phone_photo(orientation: int = 1, seed: int = 0) -> bytes:
    """A HEIC file as written by a phone, with an EXIF orientation."""
    return encoded(
        photo(seed, 64, 48), "HEIF", quality=95, exif=exif(orientation).tobytes()
    )


def classes(root: Path, data: Callable[[int], bytes], count: int = 2) -> Path:
    """A folder of two classes with a PNG, and some HEIC files, each."""
    for number, name in enumerate(("cat", "dog")):
        write(root / name / "a.png", encoded(photo(number)))
        for index in range(count):
            write(root / name / f"IMG_{index}.HEIC", data(10 * number + index))
    return root


@installed
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_it_is_turned_once_everywhere(orientation: int, way: str) -> None:
    turned = encoded(photo(0, 64, 48), "PNG", exif=exif(orientation))
    wanted = decode_bytes(turned, 3).astype(int)
    made = WAYS[way](phone_photo(orientation))
    assert made.shape == wanted.shape
    assert np.abs(made - wanted).mean() < 6


@installed
def test_training_and_prediction_take_the_same(tmp_path: Path) -> None:
    root = classes(tmp_path / "set", lambda seed: phone_photo(6, seed))
    source = Spec("dlstudio.sources.folder", FrozenMap({"path": str(root)}))
    made = prepare(DataRecipe(source), SPEC, CATALOG, root, tmp_path / "cache")
    assert made.skipped == () and len(made) == 6
    row = made.ids.index("cat/IMG_1.HEIC")
    path = root / "cat" / "IMG_1.HEIC"
    assert np.array_equal(made.rows["image"][row], read_image(path, SPEC))
    assert np.array_equal(made.rows["image"][row], Decoder(SPEC).one(path.read_bytes()))
    assert head_of(path) == (64, 48, 3)
    found = scan(folder.read({"path": str(root)}, root))
    assert found.formats == {"HEIF": 4, "PNG": 2}
    (export,) = [each for each in found.findings if each.kind == "not-in-export"]
    assert "4" in export.message and "HEIF" in export.message


@installed
def test_a_table_may_name_such_files(tmp_path: Path) -> None:
    write(tmp_path / "IMG_1.HEIC", phone_photo())
    write(tmp_path / "two.heif", phone_photo(seed=2))
    table = write(tmp_path / "t.csv", b"file,label\nIMG_1.HEIC,a\ntwo.heif,b\n")
    assert len(csv.read({"path": str(table)}, tmp_path)) == 2


@installed
def test_a_small_image_inside_does_not_hide_that_it_is_damaged(tmp_path: Path) -> None:
    """Embedded previews are never used as the image."""
    data = encoded(photo(0, 640, 480), "HEIF", quality=90, thumbnails=[128])
    write(tmp_path / "a" / "bad.heic", data[: len(data) * 2 // 3])
    write(tmp_path / "b" / "good.heic", data)
    found = scan(folder.read({"path": str(tmp_path)}, tmp_path))
    assert [each.path for each in found.findings if each.path.endswith("heic")] == [
        "a/bad.heic"
    ]


@installed
def test_too_large_a_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dlstudio.data.images.limits.MOST_PIXELS", 1000)
    with pytest.raises(ImageError) as caught:
        decode_bytes(phone_photo(), 3)
    assert caught.value.kind == "too-large"


def test_without_the_extra_one_finding_names_it(tmp_path: Path, without: None) -> None:
    root = classes(tmp_path, lambda _seed: HEADER, count=3)
    found = scan(folder.read({"path": str(root)}, root))
    (finding,) = [each for each in found.findings if each.kind == "heic"]
    assert "6 images" in finding.message and "dlstudio[heic]" in finding.message
    assert not [each for each in found.findings if each.path.endswith(".HEIC")]
    with pytest.raises(ImageError, match=r"dlstudio\[heic\]") as caught:
        read_image(root / "cat" / "IMG_0.HEIC", SPEC)
    assert caught.value.kind == "heic"


@installed
def test_once_it_is_installed_they_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = classes(tmp_path / "set", lambda seed: phone_photo(1, seed))
    source = Spec("dlstudio.sources.folder", FrozenMap({"path": str(root)}))

    def made() -> int:
        cache = tmp_path / "cache"
        return len(prepare(DataRecipe(source), SPEC, CATALOG, root, cache))

    with monkeypatch.context() as patch:
        for module in (heic, cache_builder, pillow_decoder):
            patch.setattr(module, "can_read_heic", lambda: False)
        assert made() == 2
    assert made() == 6


def test_an_installation_without_the_extra(tmp_path: Path) -> None:
    """The command line where Python cannot import pillow-heif."""
    root = classes(tmp_path / "set", lambda _seed: HEADER)
    program = (
        "import sys; sys.modules['pillow_heif'] = None;"
        "from dlstudio.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", program, "--lang", "en", "scan", str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (
        "4 images are in HEIC format" in done.stdout and "dlstudio[heic]" in done.stdout
    )
    assert "IMG_0" not in done.stdout and done.stderr == ""


def test_heic_is_recognized_by_the_first_bytes(tmp_path: Path) -> None:
    avif = b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif" + b"\0" * 40
    assert is_heic(HEADER) and not is_heic(avif)
    assert is_heic(b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic")
    assert not is_heic(b"\0\0\0\x18ftypisom\0\0\0\0mp41avc1")
    assert looks_like_image(write(tmp_path / "IMG", HEADER))
    assert not looks_like_image(write(tmp_path / "V", b"\0\0\0\x18ftypmp42" + avif))


@pytest.mark.skipif(not features.check("avif"), reason="Pillow without AVIF")
def test_avif_needs_no_extra(without: None) -> None:
    data = encoded(photo(0, 64, 48), "AVIF", quality=95, exif=exif(6))
    for way in WAYS.values():
        assert way(data).shape == (64, 48, 3)
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "AVIF"
