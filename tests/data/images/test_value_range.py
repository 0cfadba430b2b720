"""Images with more than 8 bits: detecting and applying their value range."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf
from PIL import Image
from prepared_images import prepare
from small_images import CATALOG, class_folders, encoded, photo, write

from dlstudio.catalog.sources import SOURCES
from dlstudio.data.findings import Finding
from dlstudio.data.guess_source import guess_source
from dlstudio.data.images.decoders.decode import prepare_in_graph
from dlstudio.data.images.decoders.image_decoder import Decoder
from dlstudio.data.images.decoders.pillow_decoder import decode_with_pillow
from dlstudio.data.images.samples import image_pixels, images_of
from dlstudio.data.images.spec import ImageSpec, image_spec
from dlstudio.data.images.thumbnail import thumbnail
from dlstudio.data.open_source import open_source
from dlstudio.data.prepared import Prepared
from dlstudio.document.graph import Graph, node
from dlstudio.document.plan import DataRecipe
from dlstudio.document.values import Spec, freeze_map
from dlstudio.errors import UserError

LOW, HIGH = 966, 1550
SPEC = ImageSpec(24, 32, 1)
RANGED = replace(SPEC, value_range=(LOW, HIGH))


def values(seed: int = 0, low: float = LOW, high: float = HIGH) -> npt.NDArray[Any]:
    """Smooth values between two ends, both of them frequent; (24, 32)."""
    grey = np.asarray(photo(seed, 32, 24).convert("L")).astype(np.float64)
    grey = np.clip((grey - 60) / 130, 0, 1)
    grey[:4], grey[-4:] = 0, 1
    return np.rint(low + grey * (high - low))


def tiff(array: npt.NDArray[Any]) -> bytes:
    return encoded(Image.fromarray(array), "TIFF")


FORMS = {
    "PNG of 16 bits": lambda v: encoded(Image.fromarray(v.astype(np.uint16)), "PNG"),
    "TIFF of 16 bits": lambda v: tiff(v.astype(np.uint16)),
    "TIFF of 32 bits": lambda v: tiff(v.astype(np.int32)),
    "TIFF of floats": lambda v: tiff(v.astype(np.float32)),
}
ENDINGS = {"PNG of 16 bits": "png"}


def png(samples: npt.NDArray[np.uint16]) -> bytes:
    """A PNG with 16 bits for each of 3 or 4 channels, which Pillow cannot write."""
    height, width, channels = samples.shape
    rows = samples.astype(">u2").reshape(height, -1)
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    kind = {3: 2, 4: 6}[channels]
    head = struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0)
    stream = io.BytesIO(b"\x89PNG\r\n\x1a\n")
    stream.seek(0, 2)
    for name, data in ((b"IHDR", head), (b"IDAT", zlib.compress(raw)), (b"IEND", b"")):
        check = zlib.crc32(name + data)
        stream.write(struct.pack(">I", len(data)) + name + data)
        stream.write(struct.pack(">I", check))
    return stream.getvalue()


def expected(v: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    scaled = (np.clip(v, LOW, HIGH) - LOW) * (255 / (HIGH - LOW))
    return np.rint(scaled).astype(np.uint8)


def folder(root: Path, form: str = "PNG of 16 bits", **more: Any) -> Path:
    ending = ENDINGS.get(form, "tif")
    for number in range(8):
        data = FORMS[form](values(number, **more))
        write(root / f"{'ab'[number % 2]}/{number}.{ending}", data)
    return root


def source(root: Path, **params: Any) -> Spec:
    spec = guess_source(root, CATALOG)
    return Spec(spec.kind, spec.params.merge(freeze_map(params)))


def notes(root: Path, **params: Any) -> list[Finding]:
    samples = open_source(source(root, **params), CATALOG, root)
    return [each for each in samples.notes if each.kind == "narrow-values"]


def prepared(root: Path, spec: ImageSpec, **params: Any) -> Prepared:
    recipe = DataRecipe(source=source(root, **params))
    return prepare(recipe, spec, CATALOG, root, root.parent / "cache")


# Decoding


@pytest.mark.parametrize("form", FORMS)
def test_values_are_scaled_by_the_range(form: str) -> None:
    data = FORMS[form](values())
    assert np.array_equal(Decoder(RANGED).one(data)[..., 0], expected(values()))


def test_pillow_and_the_graph_agree() -> None:
    data = FORMS["PNG of 16 bits"](values(3, 0, 4000))
    mine = decode_with_pillow(data, 1, (LOW, HIGH))
    graph = np.asarray(prepare_in_graph(tf.constant(data), RANGED))
    assert np.array_equal(mine, graph)
    assert np.array_equal(graph, Decoder(RANGED).several([data, data])[1])  # type: ignore[index]


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_colours_are_scaled_and_opacity_is_not(channels: int) -> None:
    grey = values(1).astype(np.uint16)
    opaque = np.full_like(grey, 65535)
    colour = np.stack([grey, grey, grey, opaque], axis=-1)
    spec = replace(RANGED, channels=channels)
    for data in (png(colour), png(colour[..., :3])):
        made = Decoder(spec).one(data)
        assert np.array_equal(made[..., 0], expected(values(1)))
        assert channels < 4 or (made[..., 3] == 255).all()


def test_eight_bits_stay_as_they_are() -> None:
    for name in ("PNG", "JPEG", "TIFF"):
        data = encoded(photo(), name)
        assert np.array_equal(Decoder(RANGED).one(data), Decoder(SPEC).one(data))


# Findings


@pytest.mark.parametrize("form", FORMS)
def test_a_narrow_range_is_found_with_a_fix(tmp_path: Path, form: str) -> None:
    root = folder(tmp_path / "set", form)
    (found,) = notes(root)
    (fix,) = found.fixes
    assert fix.params["value_range"] == (LOW, HIGH)
    assert f"{LOW}" in found.message and f"{HIGH:,}" in found.message
    assert not notes(root, value_range=[LOW, HIGH])


def test_colours_of_16_bits_are_found_too(tmp_path: Path) -> None:
    for number in range(8):
        colour = np.stack([values(number)] * 3, axis=-1).astype(np.uint16)
        write(tmp_path / f"set/{'ab'[number % 2]}/{number}.png", png(colour))
    (found,) = notes(tmp_path / "set")
    low, high = found.fixes[0].params["value_range"]  # type: ignore[misc]
    assert 768 <= low <= LOW and HIGH <= high <= 1791


@pytest.mark.parametrize(
    ("low", "high", "form"),
    [
        (0, 65535, "PNG of 16 bits"),
        (300, 60000, "TIFF of 16 bits"),
        (0, 255, "TIFF of floats"),
    ],
)
def test_a_full_range_is_not(tmp_path: Path, low: int, high: int, form: str) -> None:
    assert not notes(folder(tmp_path / "set", form, low=low, high=high))


def test_floats_beyond_the_range_are_found(tmp_path: Path) -> None:
    root = folder(tmp_path / "set", "TIFF of floats", low=-1000, high=3000)
    (found,) = notes(root)
    assert found.fixes[0].params["value_range"] == (-1000, 3000)


def test_usual_images_are_not_even_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = class_folders(tmp_path / "set", count=4, suffix=".jpg")
    monkeypatch.setattr("dlstudio.data.images.checks.narrow_values.read_file", None)
    assert not notes(root)


def test_arrays(tmp_path: Path) -> None:
    pixels = np.stack([values(n) for n in range(8)]).astype(np.uint16)
    np.savez(tmp_path / "x.npz", x=pixels, y=np.arange(8) % 2)
    (found,) = notes(tmp_path / "x.npz")
    assert found.fixes[0].params["value_range"] == (LOW, HIGH)
    spec = source(tmp_path / "x.npz", value_range=[LOW, HIGH])
    samples = open_source(spec, CATALOG, tmp_path)
    assert np.array_equal(image_pixels(samples, 3)[..., 0], expected(values(3)))
    assert not samples.notes


# Persistence


def test_without_a_range_nothing_changes(tmp_path: Path) -> None:
    before = {
        **{"height": 24, "width": 32, "channels": 1, "interpolation": "bilinear"},
        **{"antialias": True, "crop_to_aspect_ratio": False},
        **{"pad_to_aspect_ratio": False, "fill_mode": "constant", "fill_value": 0.0},
    }
    assert SPEC.to_json() == before and list(SPEC.to_json()) == list(before)
    assert ImageSpec.from_json(before) == SPEC
    assert ImageSpec.from_json(RANGED.to_json()) == RANGED
    root = folder(tmp_path / "set", low=0, high=65535)
    assert prepared(root, SPEC).rows["image"].std() > 60


def test_other_numbers_make_another_set(tmp_path: Path) -> None:
    root = folder(tmp_path / "set")
    plain, ranged = prepared(root, SPEC), prepared(root, RANGED)
    assert plain.fingerprint != ranged.fingerprint
    assert len(np.unique(plain.rows["image"])) == 4
    assert len(np.unique(ranged.rows["image"])) > 100


def test_the_model_takes_what_the_recipe_says() -> None:
    graph = Graph.chain([node("in", "keras.layers.InputLayer", shape=(24, 32, 1))])
    kind = "dlstudio.sources.folder"
    plain = Spec(kind, freeze_map({"path": "x"}))
    ranged = Spec(kind, freeze_map({"path": "x", "value_range": [LOW, HIGH]}))
    assert image_spec(graph, plain) == image_spec(graph) == SPEC
    assert image_spec(graph, ranged) == RANGED


@pytest.mark.parametrize("bad", [[5, 5], [9, 1], [1, 2, 3], "high", [0, None]])
def test_a_range_that_is_none_is_refused(tmp_path: Path, bad: Any) -> None:
    root = class_folders(tmp_path / "set")
    with pytest.raises(UserError, match="value range"):
        open_source(source(root, value_range=bad), CATALOG, root)


def test_thumbnails_show_what_the_model_sees(tmp_path: Path) -> None:
    root = folder(tmp_path / "set")
    for params, fewest in (({}, 0), ({"value_range": [LOW, HIGH]}, 200)):
        samples = open_source(source(root, **params), CATALOG, root)
        small = thumbnail(images_of(samples), 0, 64)
        assert int(small.max()) - int(small.min()) >= fewest


def test_each_source_of_deep_images_has_it() -> None:
    having = {s.name for s in SOURCES if s.param("value_range")}
    assert having == {"folder", "csv", "arrays"}
