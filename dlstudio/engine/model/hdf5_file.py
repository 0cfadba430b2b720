"""HDF5 files that are safe to read: no other file is opened, and no array is a bomb."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import h5py

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors

LARGEST = 16 * 2**30
"""Most bytes of all arrays together."""
SMALL = 64 * 2**20
RATIO = 200
"""How many times larger than in the file an array that is not small may be."""
MOST_OBJECTS = 200_000
DEEPEST = 64


@contextmanager
def opened_hdf5(source: Path | IO[bytes], name: str) -> Iterator[h5py.File]:
    """An HDF5 file, open for reading, after everything in it was checked.

    Args:
        source: The file, or a stream of its bytes.
        name: What messages call it.

    Raises:
        UserError: It is none, is damaged, refers to other files, or would become
            excessively large.
    """
    with user_errors(source if isinstance(source, Path) else Path(name), writing=False):
        try:
            with h5py.File(source, "r") as file:
                _check(file, name)
                yield file
        except (OSError, RuntimeError, ValueError, KeyError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise UserError(
                _("{name} is not a readable HDF5 file.").format(name=name),
                _("Save the model again, with Keras."),
            ) from error


def _check(file: h5py.File, name: str) -> None:
    size = count = 0
    waiting: list[tuple[h5py.Group, int]] = [(file, 0)]
    while waiting:
        group, depth = waiting.pop()
        if depth > DEEPEST:
            raise _unsafe(name, _("it is nested too deeply"))
        for key in group:
            if not isinstance(group.get(key, getlink=True), h5py.HardLink):
                raise _unsafe(
                    name, _("“{key}” refers to another place").format(key=key)
                )
            count += 1
            if count > MOST_OBJECTS:
                raise _unsafe(name, _("it has too many entries"))
            value = group[key]
            if isinstance(value, h5py.Group):
                waiting.append((value, depth + 1))
            elif isinstance(value, h5py.Dataset):
                size += _checked_size(value, name)
    if size > LARGEST:
        raise _unsafe(name, _("its arrays are too large"))


def _checked_size(array: h5py.Dataset, name: str) -> int:
    if array.external or array.is_virtual:
        raise _unsafe(name, _("“{key}” is in another file").format(key=array.name))
    size = math.prod(array.shape or ()) * int(array.dtype.itemsize)
    if size > max(SMALL, RATIO * array.id.get_storage_size()):
        raise _unsafe(name, _("“{key}” is larger than the file").format(key=array.name))
    return size


def _unsafe(name: str, reason: str) -> UserError:
    return UserError(
        _("{name} was not opened: {reason}.").format(name=name, reason=reason),
        _("Keras does not write such files. Do not trust this one."),
    )


def text_of(value: object) -> str:
    """A text of an HDF5 attribute."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
