"""The files of small models that several versions of Keras wrote."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.engine.file_import.opened_model import open_model, rebuilt_model

FOLDER = Path(__file__).parent / "keras_files"
VERSIONS = tuple(
    path.stem.removeprefix("keras-") for path in sorted(FOLDER.glob("keras-*.zip"))
)
TOLERANCE, ROUGH = 2e-4, 2e-2
Values = npt.NDArray[np.float32]


@lru_cache
def archive(version: str) -> zipfile.ZipFile:
    """The archive that a version of Keras wrote; see `tests/support/keras_files`."""
    return zipfile.ZipFile(FOLDER / f"keras-{version}.zip")


@lru_cache
def values(version: str) -> dict[str, Values]:
    """Inputs and outputs of all models."""
    data = archive(version).read("values.npz")
    with np.load(io.BytesIO(data), allow_pickle=False) as kept:
        return {name: kept[name] for name in kept.files}


def files(version: str) -> tuple[str, ...]:
    """The files and folders in the archive."""
    names = [name for name in archive(version).namelist() if name != "values.npz"]
    return tuple(dict.fromkeys(name.split("/")[0] for name in names))


def placed(version: str, name: str, folder: Path) -> Path:
    """A file or folder of the archive, in a folder."""
    for each in archive(version).namelist():
        if each.split("/")[0] == name:
            archive(version).extract(each, folder)
    return folder / name


def of(kept: dict[str, Values], model: str, way: str) -> list[Values]:
    """The inputs ("in") or outputs ("out") of a model."""

    def numbered() -> Iterator[Values]:
        number = 0
        while (found := kept.get(f"{model}.{way}.{number}")) is not None:
            yield found
            number += 1

    return list(numbered())


def difference(version: str, name: str, folder: Path, catalog: Catalog) -> float:
    """How far outputs are from those that Keras gave then, relative to the largest.

    Args:
        version: Of the Keras that wrote the file.
        name: Of the file; a JSON file has no weights and is only opened.
        folder: Where to put the file.
        catalog: Describes layers.
    """
    path, model = placed(version, name, folder), name.partition(".")[0]
    opened = open_model(path, catalog)
    assert opened.original is not None, opened.reason
    assert not opened.file.notes, opened.file.notes
    built, changed = rebuilt_model(opened, catalog)
    if not opened.has_weights:
        return changed
    inputs: Any = of(values(version), model, "in")
    given = keras.tree.pack_sequence_as(built._inputs_struct, inputs)
    outputs = keras.tree.flatten(built(given, training=False))
    worst = 0.0
    expected = of(values(version), model, "out")
    shapes = [sorted(tuple(np.shape(e)) for e in each) for each in (outputs, expected)]
    assert shapes[0] == shapes[1]
    for one in expected:
        near = [
            float(np.abs(one - np.asarray(other, np.float32)).max())
            for other in outputs
            if tuple(np.shape(other)) == one.shape
        ]
        worst = max(worst, min(near) / max(float(np.abs(one).max()), 1e-6))
    return worst
