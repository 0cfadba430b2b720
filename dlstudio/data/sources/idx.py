"""MNIST's IDX files (LeCun): images and labels in pairs, plain or gzipped."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dlstudio.data.data_source import Certainty, DataSource, Recognizer
from dlstudio.data.fileinfo import resolve
from dlstudio.data.images.checks.narrow_values import complete_images
from dlstudio.data.images.columns import array_token
from dlstudio.data.limits import check_unpacked
from dlstudio.data.samples import Samples
from dlstudio.data.sources.array_splits import ArraySplit, join_splits
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors

UNSIGNED_BYTE = 0x08


def read(params: Mapping[str, object], base: Path) -> Samples:
    """Read the pairs of files in a folder, or the pair of one image file.

    Args:
        params: "path" of the folder or of a file of images.
        base: Folder of the project.

    Raises:
        UserError: A file is missing, damaged, or does not fit its partner.
    """
    path = resolve(params["path"], base)
    pairs = find_pairs(path)
    if not pairs:
        raise UserError(
            _("No IDX files with images and labels were found in {path}.").format(
                path=path
            ),
            _(
                "Use the file names of MNIST: train-images-idx3-ubyte and "
                "train-labels-idx1-ubyte, with or without .gz."
            ),
        )
    return join_splits([read_pair(*pair) for pair in pairs])


def find_pairs(path: Path) -> list[tuple[Path, Path]]:
    """Image files with their label files."""
    if path.is_dir():
        with user_errors(path, writing=False):
            names = sorted(each for each in path.iterdir() if is_idx_name(each.name))
    else:
        names = [path]
    pairs: dict[str, tuple[Path, Path]] = {}
    for images in names:
        labels = _partner(images)
        if labels is not None:
            plain = images.name.removesuffix(".gz")
            pairs.setdefault(plain, (images, labels))
    return list(pairs.values())


def is_idx_name(name: str) -> bool:
    """Whether a file name is that of IDX images."""
    plain = name.lower().removesuffix(".gz")
    return "images" in plain and plain.endswith(("idx3-ubyte", "idx4-ubyte", ".idx"))


def _partner(images: Path) -> Path | None:
    if "images" not in images.name:
        return None
    plain = images.name.removesuffix(".gz").replace("images", "labels")
    plain = plain.replace("idx3", "idx1").replace("idx4", "idx1")
    found = (images.with_name(name) for name in (plain, f"{plain}.gz"))
    return next((path for path in found if path.is_file()), None)


def read_pair(images: Path, labels: Path) -> ArraySplit:
    """The images of a file with the labels of another.

    Raises:
        UserError: One is damaged, or they do not fit each other.
    """
    pixels, numbers = read_idx(images), read_idx(labels)
    if pixels.ndim not in (3, 4) or numbers.ndim != 1:
        raise UserError(
            _("{path} does not contain images with one label each.").format(path=images)
        )
    if len(pixels) != len(numbers):
        raise UserError(
            _(
                "{images} contains {many} images, but {labels} contains {few} labels."
            ).format(images=images, many=len(pixels), labels=labels, few=len(numbers)),
            _("Use an image file and a label file that belong together."),
        )
    return ArraySplit(_split_of(images.name), pixels, numbers, array_token(images))


def _split_of(name: str) -> str:
    plain = name.lower()
    if "train" in plain:
        return "train"
    if "t10k" in plain or "test" in plain:
        return "test"
    return "validation" if "val" in plain else ""


def read_idx(path: Path) -> npt.NDArray[np.uint8]:
    """The array in an IDX file of unsigned bytes; a plain file is memory-mapped.

    Raises:
        UserError: The header is not IDX's, or the length does not match it.
    """
    with user_errors(path, writing=False):
        if path.suffix == ".gz":
            return _read_gzip(path)
        with open(path, "rb") as stream:
            shape = _shape(stream.read(4 + 4 * 255), path)
        offset = 4 + 4 * len(shape)
        expected = offset + int(np.prod(shape, dtype=object))
        if path.stat().st_size != expected:
            raise _wrong_length(path, path.stat().st_size, expected)
        if 0 in shape:
            return np.zeros(shape, np.uint8)
        return np.memmap(path, np.uint8, "r", offset, shape)


def _read_gzip(path: Path) -> npt.NDArray[np.uint8]:
    try:
        with gzip.open(path, "rb") as stream:
            head = stream.read(4)
            dimensions = head[3] if len(head) == 4 else 0
            shape = _shape(head + stream.read(4 * dimensions), path)
            size = int(np.prod(shape, dtype=object))
            check_unpacked(path, path.stat().st_size, size)
            data = stream.read(size + 1)
    except (OSError, EOFError, zlib.error) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise UserError(
            _("{path} is damaged and cannot be unpacked.").format(path=path),
            _("Download or copy the file again."),
        ) from error
    if len(data) != size:
        raise _wrong_length(path, len(data), size)
    return np.frombuffer(data, np.uint8).reshape(shape)


def _shape(head: bytes, path: Path) -> tuple[int, ...]:
    """The shape in a header."""
    valid = len(head) >= 4 and head[:2] == b"\0\0" and head[2] == UNSIGNED_BYTE
    dimensions = head[3] if valid else 0
    if not 1 <= dimensions <= 4 or len(head) < 4 + 4 * dimensions:
        raise UserError(
            _("{path} is not an IDX file with byte values.").format(path=path),
            _("Expected a file in the format of MNIST."),
        )
    numbers = np.frombuffer(head, ">u4", dimensions, 4)
    return tuple(int(number) for number in numbers)


def _wrong_length(path: Path, found: int, expected: int) -> UserError:
    return UserError(
        _("{path} has {found} bytes, but its header specifies {expected}.").format(
            path=path, found=found, expected=expected
        ),
        _("The file is truncated or damaged. Download or copy it again."),
    )


def _pairs_in_folder(path: Path) -> Path | None:
    return path if path.is_dir() and find_pairs(path) else None


def _paired_file(path: Path) -> Path | None:
    return path if path.is_file() and find_pairs(path) else None


SOURCE = DataSource(
    read,
    (
        Recognizer(Certainty.SIGNATURE, _pairs_in_folder),
        Recognizer(Certainty.FALLBACK, _paired_file),
    ),
    by_name=False,  # a packed file may be anything, and labels alone are no dataset
    complete=complete_images,
)
