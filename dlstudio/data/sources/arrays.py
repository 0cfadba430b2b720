"""Images and labels in NumPy's .npz or .npy files; never unpickled."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from tokenize import TokenError
from typing import IO

import numpy as np
import numpy.typing as npt

from dlstudio.data.data_source import Certainty, DataSource, Recognizer
from dlstudio.data.fileinfo import resolve
from dlstudio.data.images.checks.narrow_values import complete_images
from dlstudio.data.images.columns import array_token
from dlstudio.data.limits import check_unpacked
from dlstudio.data.samples import Samples
from dlstudio.data.sources.array_splits import ArraySplit, join_splits
from dlstudio.data.sources.folder_tree import only_file
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors

IMAGE_KEYS = ("x", "images", "pictures", "data", "X", "image")
LABELS = ("y", "labels", "label", "targets", "Y", "target")
CLASSES = ("classes", "class_names", "label_names", "names")
DAMAGE = (
    *(ValueError, TypeError, LookupError, SyntaxError, TokenError, ArithmeticError),
    *(OSError, EOFError, MemoryError, RuntimeError, zipfile.BadZipFile, zlib.error),
)
"""Exceptions that NumPy and zipfile raise on damaged files."""
SPLIT_KEYS = {
    "train": "train",
    "val": "validation",
    "valid": "validation",
    "test": "test",
}


def read(params: Mapping[str, object], base: Path) -> Samples:
    """Read the images of an .npz file, or of an .npy file with another for the labels.

    The arrays of an .npz file are named x_train, y_train, x_val, y_val, x_test, y_test,
    or train_images, train_labels, or just images and labels; "classes" may have the
    class names.

    Args:
        params: "path", and "labels" for the path of the labels' .npy file.
        base: Folder of the project.

    Raises:
        UserError: A file is missing, damaged, holds Python objects, or lacks an array.
    """
    path = resolve(params["path"], base)
    if path.suffix.lower() != ".npz":
        return join_splits([read_npy(path, labels_file(path, params, base))])
    named, classes = read_npz(path)
    return join_splits(list(named.values()), classes)


def read_npz(
    path: Path,
) -> tuple[dict[tuple[str, str], ArraySplit], tuple[str, ...]]:
    """The arrays of an .npz file, by the names of each pair, and names of classes.

    Raises:
        UserError: It is damaged, holds Python objects, or lacks an array.
    """
    arrays = _Npz(path)
    splits = {}
    for split in ("", *SPLIT_KEYS):
        names = arrays.pair(split)
        if names:
            images, labels = (arrays.get(name) for name in names)
            _check_lengths(images, labels)
            token = array_token(path, names[0])
            splits[names] = ArraySplit(SPLIT_KEYS.get(split, ""), images, labels, token)
    if not splits:
        raise UserError(
            _("{path} does not contain images and labels under known names.").format(
                path=path
            ),
            _("It contains {names}. Rename the arrays to x_train and y_train.").format(
                names=", ".join(arrays.names) or "-"
            ),
        )
    named = next((name for name in CLASSES if name in arrays.names), "")
    classes = tuple(str(each) for each in arrays.get(named).ravel()) if named else ()
    return splits, classes


def labels_file(path: Path, params: Mapping[str, object], base: Path) -> Path:
    """The .npy file with the labels for that with the images.

    Args:
        path: Of the images.
        params: Perhaps "labels" for it; it is found by its name otherwise.
        base: Folder of the project.

    Raises:
        UserError: None is found.
    """
    labels = str(params.get("labels") or "")
    if labels:
        return resolve(labels, base)
    found = (
        path.with_name(path.name.replace(a, b))
        for a, b in zip(IMAGE_KEYS, LABELS, strict=True)
        if a in path.stem
    )
    other = next((each for each in found if each.is_file()), path)
    if other == path:
        raise UserError(
            _("No file with labels was found for {path}.").format(path=path),
            _("Choose the .npy file with the labels."),
        )
    return other


def read_npy(path: Path, labels: Path) -> ArraySplit:
    """The images of an .npy file with the labels of another.

    Raises:
        UserError: One is damaged, or they do not fit each other.
    """
    images, numbers = load_npy(path), load_npy(labels)
    _check_lengths(images, numbers)
    return ArraySplit("", images, numbers, array_token(path))


def _check_lengths(
    images: npt.NDArray[np.generic], labels: npt.NDArray[np.generic]
) -> None:
    if images.ndim and labels.ndim and len(images) == len(labels):
        return
    raise UserError(
        _(
            "The images have the shape {images}, but the labels have the shape "
            "{labels}."
        ).format(images=images.shape, labels=labels.shape),
        _("Each image needs one label."),
    )


def load_npy(path: Path) -> npt.NDArray[np.generic]:
    """The array of an .npy file, memory-mapped.

    Raises:
        UserError: It is not an .npy file, is truncated, or holds Python objects.
    """
    with user_errors(path, writing=False):
        try:
            array = np.load(path, mmap_mode="r", allow_pickle=False)
        except DAMAGE as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise _not_an_array(path) from error
    if not isinstance(array, np.ndarray):
        raise _not_an_array(path)
    return array


def _not_an_array(path: Path, name: str = "") -> UserError:
    return UserError(
        _("{path} is not a readable array.").format(
            path=f"{path} ({name})" if name else path
        ),
        _(
            "Only arrays of numbers are supported. Python objects are not loaded, "
            "as this is unsafe."
        ),
    )


class _Npz:
    """The arrays of an .npz file; uncompressed ones are memory-mapped."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with user_errors(path, writing=False):
            try:
                with zipfile.ZipFile(path) as archive:
                    infos = archive.infolist()
            except (zipfile.BadZipFile, ValueError, RuntimeError) as error:
                raise _not_an_array(path) from error
        self._infos = {i.filename.removesuffix(".npy"): i for i in infos}
        self.names = tuple(self._infos)

    def pair(self, split: str) -> tuple[str, str] | None:
        """The names of a split's images and labels ("" for the only one)."""
        for x, y in zip(IMAGE_KEYS, LABELS, strict=True):
            forms = [(f"{x}_{split}", f"{y}_{split}"), (f"{split}_{x}", f"{split}_{y}")]
            for names in forms if split else [(x, y)]:
                if all(name in self._infos for name in names):
                    return names
        return None

    def get(self, name: str) -> npt.NDArray[np.generic]:
        """Load one array.

        Raises:
            UserError: It is damaged, too large to unpack, or holds Python objects.
        """
        info = self._infos[name]
        try:
            if info.compress_type == zipfile.ZIP_STORED:
                return self._mapped(info)
            check_unpacked(self._path, info.compress_size, info.file_size, name)
            with zipfile.ZipFile(self._path) as archive:
                with archive.open(info) as stream:
                    _check_header(stream, info.file_size)
                with archive.open(info) as stream:
                    return np.lib.format.read_array(stream, allow_pickle=False)
        except DAMAGE as error:
            raise _not_an_array(self._path, name) from error

    def _mapped(self, info: zipfile.ZipInfo) -> npt.NDArray[np.generic]:
        """Map an array that is stored uncompressed."""
        with open(self._path, "rb") as stream:
            stream.seek(info.header_offset)
            local = stream.read(30)
            if local[:4] != b"PK\3\4":
                raise ValueError("not a local header")
            lengths = np.frombuffer(local, "<u2", 2, 26)
            stream.seek(info.header_offset + 30 + int(lengths.sum()))
            shape, fortran, dtype = _check_header(stream, info.file_size)
            offset = stream.tell()
        if 0 in shape:
            return np.zeros(shape, dtype)
        if fortran:
            return np.memmap(self._path, dtype, "r", offset, shape, "F")
        return np.memmap(self._path, dtype, "r", offset, shape)


def _check_header(
    stream: IO[bytes], length: int
) -> tuple[tuple[int, ...], bool, np.dtype[np.generic]]:
    """Shape, Fortran order and dtype of an array of `length` bytes.

    Raises:
        ValueError: It holds Python objects, or claims another length.
    """
    start = stream.tell()
    version = np.lib.format.read_magic(stream)
    read = (
        np.lib.format.read_array_header_1_0
        if version == (1, 0)
        else np.lib.format.read_array_header_2_0
    )
    shape, fortran, dtype = read(stream)
    size = int(np.prod(shape, dtype=object)) * dtype.itemsize
    if dtype.hasobject or stream.tell() - start + size != length:
        raise ValueError("python objects, or a wrong length")
    return shape, fortran, dtype


def find_npz(folder: Path) -> Path | None:
    """The only .npz file in a folder."""
    return only_file(folder, (".npz",)) if folder.is_dir() else None


SOURCE = DataSource(
    read, (Recognizer(Certainty.FALLBACK, find_npz),), complete=complete_images
)
