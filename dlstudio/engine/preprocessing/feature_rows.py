"""The features of samples as rows that are computed when they are first needed."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from zipfile import BadZipFile

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from dlstudio import paths
from dlstudio.engine.preprocessing.frozen_features import FrozenFront, feature_bytes
from dlstudio.errors import UserError
from dlstudio.json_file import open_regular
from dlstudio.safe_files import make_folder

if TYPE_CHECKING:
    from dlstudio.data.pipeline import Rows
    from dlstudio.data.typing import Tensor
    from dlstudio.engine.typing import KerasModel

AT_ONCE = 32
LARGEST_FILE = 2**29
FOLDER = "features"
MOST_FILES = 4
FrontInput = tuple[str, "Callable[[Tensor], Tensor]"]
"""Name of the rows that enter an input, and how a batch of them does."""


Report = Callable[[int, int], None]
"""Called between batches with how many samples are done, and of how many."""


def _nothing(_done: int, _total: int) -> None:
    """Nobody is told."""


@dataclass(slots=True)
class FrontFeatures:
    """Computes the features of some samples once, and keeps them.

    Attributes:
        divided: The model's front.
        inputs: What enters it, in order.
        rows: Of all samples of the dataset.
        chosen: Which samples are needed, (n,), in ascending order; those of the splits
            that are trained on and validated.
        fingerprint: Of the data.
        folder: For files that may be deleted; None to keep none.
        looked_up: Which of the rows are no data themselves but computed from it.
        outdated: How often the front was thawed.
    """

    divided: FrozenFront
    inputs: Sequence[FrontInput]
    rows: Rows
    chosen: npt.NDArray[np.int64]
    fingerprint: str
    folder: Path | None = None
    looked_up: Collection[str] = ()
    outdated: int = 0
    _tables: list[npt.NDArray[Any]] = field(default_factory=list)
    _computed_at: int = -1

    @property
    def count(self) -> int:
        """Samples of the dataset."""
        return len(next(iter(self.rows.values())))

    def compute(self, report: Report = _nothing) -> None:
        """Compute all of them, unless they are there.

        Args:
            report: Called between batches; raises to stop.
        """
        if self._computed_at == self.outdated:
            return
        path = self._path()
        tables = self._read(path)
        if tables is None:
            tables = self._computed(report)
            self._write(path, tables)
        self._tables, self._computed_at = tables, self.outdated

    def at(self, number: int, places: Any) -> npt.NDArray[Any]:
        """A feature of samples of the dataset, a copy.

        Args:
            number: Which output of the front.
            places: Of the samples; all among those that are needed.
        """
        if self.divided.is_frozen or not self._tables:
            self.compute()  # otherwise read ahead, and not used
        codes = np.searchsorted(self.chosen, places)
        rows: npt.NDArray[Any] = self._tables[number][codes]
        return rows

    def follow(self) -> None:
        """Compute them anew before their next use if the front is trained now."""
        if not self.divided.is_frozen and self._computed_at == self.outdated:
            self.outdated += 1

    def _computed(self, report: Report) -> list[npt.NDArray[Any]]:
        front = self.divided.front
        tables = [
            np.empty((len(self.chosen), *shape), tensor.dtype)
            for tensor, shape in zip(front.outputs, self.divided.shapes, strict=True)
        ]
        answer = tf.function(
            lambda given: front(given, training=False), autograph=False
        )
        for start in range(0, len(self.chosen), AT_ONCE):
            report(start, len(self.chosen))
            places = self.chosen[start : start + AT_ONCE]
            # Batches of one size give the same bits for a sample, and one graph.
            padded = np.resize(places, AT_ONCE)
            given = [of(tf.constant(self.rows[row][padded])) for row, of in self.inputs]
            found = keras.tree.flatten(answer(given if given[1:] else given[0]))
            for table, values in zip(tables, found, strict=True):
                table[start : start + len(places)] = values.numpy()[: len(places)]
        report(len(self.chosen), len(self.chosen))
        return tables

    def _key(self) -> str:
        digest = hashlib.sha256(self.fingerprint.encode())
        digest.update(keras.__version__.encode())
        config = json.dumps(self._config(), sort_keys=True, default=str)
        digest.update(config.encode())
        digest.update(np.ascontiguousarray(self.chosen).tobytes())
        for row in self._looked_up():
            digest.update(np.ascontiguousarray(self.rows[row][self.chosen]).tobytes())
        for weight in self.divided.front.weights:
            digest.update(np.ascontiguousarray(weight.numpy()).tobytes())
        return digest.hexdigest()

    def _looked_up(self) -> list[str]:
        return [row for row, _of in self.inputs if row in self.looked_up]

    def _config(self) -> list[object]:
        """What tells a front from others of the same weights."""
        tensors = (*self.divided.front.inputs, *self.divided.front.outputs)
        rows = [row for row, _of in self.inputs]
        kinds = [[str(tensor.shape), str(tensor.dtype)] for tensor in tensors]
        front = self.divided.front
        names = {name: f"#{place}" for place, name in enumerate(_names(front))}
        return [rows, kinds, _renamed(front.get_config(), names)]

    def _path(self) -> Path | None:
        size = feature_bytes(self.divided, len(self.chosen))
        types = [np.dtype(each.dtype) for each in self.divided.front.outputs]
        plain = all(each.kind in "fiu" for each in types)  # bfloat16 cannot be read
        if self.folder is None or size > LARGEST_FILE or not plain:
            return None
        return self.folder / FOLDER / f"{self._key()}.npz"

    def _read(self, path: Path | None) -> list[npt.NDArray[Any]] | None:
        """The features in a file; None if it is missing or is not of these."""
        if path is None or self.folder is None:
            return None
        wanted = [
            ((len(self.chosen), *shape), np.dtype(tensor.dtype))
            for tensor, shape in zip(
                self.divided.front.outputs, self.divided.shapes, strict=True
            )
        ]
        try:
            with open_regular(path) as stream:
                kept = np.load(io.BytesIO(stream.read()), allow_pickle=False)
                tables = [kept[str(number)] for number in range(len(wanted))]
        except (OSError, EOFError, ValueError, KeyError, BadZipFile, UserError):
            return None
        fits = [(table.shape, table.dtype) for table in tables] == wanted
        return tables if fits else None

    def _write(self, path: Path | None, tables: Sequence[npt.NDArray[Any]]) -> None:
        """Keep the features in a file; a full disk is no reason to stop."""
        if path is None or self.folder is None:
            return
        stream = io.BytesIO()
        arrays: Mapping[str, Any] = {str(i): table for i, table in enumerate(tables)}
        np.savez(stream, allow_pickle=False, **arrays)
        with suppress(OSError, UserError):
            make_folder(path.parent, self.folder.parent)
            paths.write_bytes(path, stream.getvalue(), below=self.folder)
            files = sorted(path.parent.glob("*.npz"), key=lambda p: p.stat().st_mtime)
            for old in files[:-MOST_FILES]:
                old.unlink()


@dataclass(frozen=True, eq=False, slots=True)
class FeatureRows:
    """One output of a front as rows of all samples of the dataset.

    Attributes:
        features: Computes them.
        number: Which output of the front.
    """

    features: FrontFeatures
    number: int

    base = None

    @property
    def shape(self) -> tuple[int, ...]:
        """(n, ...)."""
        return (self.features.count, *self.features.divided.shapes[self.number])

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Data type of the rows."""
        return np.dtype(self.features.divided.front.outputs[self.number].dtype)

    @property
    def itemsize(self) -> int:
        """Bytes of a value."""
        return self.dtype.itemsize

    def __len__(self) -> int:
        return self.features.count

    def __getitem__(self, chosen: Any) -> npt.NDArray[Any]:
        """A copy of some rows."""
        return self.features.at(self.number, chosen)


def _names(model: KerasModel) -> list[str]:
    """Names of a model and all that it calls; Keras numbers those without their own."""
    found = [model.name]
    operations: Iterable[Any] = cast("Any", model).operations
    for each in operations:
        inner = isinstance(each, keras.Model)
        found += _names(each) if inner else [each.name]
    return list(dict.fromkeys(found))


def _renamed(config: object, names: Mapping[str, str]) -> object:
    """The same JSON with other names."""
    if isinstance(config, dict):
        return {key: _renamed(value, names) for key, value in config.items()}
    if isinstance(config, (list, tuple)):
        return [_renamed(value, names) for value in config]
    return names.get(config, config) if isinstance(config, str) else config
