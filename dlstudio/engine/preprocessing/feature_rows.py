"""The features of samples as rows that are computed when they are first needed."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from dlstudio import paths
from dlstudio.engine.preprocessing.augmented_passes import (
    AugmentedPasses,
    generators,
    kept_states,
)
from dlstudio.engine.preprocessing.front_config import unnumbered_config
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
NO_PASSES = AugmentedPasses()
Answer = Callable[[Any], Any]
"""The features of a batch of samples."""
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
        passes: Draws of random layers in the front.
        turns: How often another pass was begun.
    """

    divided: FrozenFront
    inputs: Sequence[FrontInput]
    rows: Rows
    chosen: npt.NDArray[np.int64]
    fingerprint: str
    folder: Path | None = None
    looked_up: Collection[str] = ()
    outdated: int = 0
    passes: AugmentedPasses = NO_PASSES
    turns: int = 0
    _turn: int = 0
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
        rows = self.passes.row(self._turn, self.chosen, places)
        found: npt.NDArray[Any] = self._tables[number][rows]
        return found

    def begin(self, epoch: int) -> None:
        """Use the pass of an epoch.

        Args:
            epoch: Number of the epoch, from 0.
        """
        turn = epoch % max(self.passes.count, 1)
        if turn != self._turn:
            self._turn = turn
            self.turns += 1

    def follow(self) -> None:
        """Compute them anew before their next use if the front is trained now."""
        if not self.divided.is_frozen and self._computed_at == self.outdated:
            self.outdated += 1

    def _computed(self, report: Report) -> list[npt.NDArray[Any]]:
        front = self.divided.front
        tables = [
            np.empty((self._height, *shape), tensor.dtype)
            for tensor, shape in zip(front.outputs, self.divided.shapes, strict=True)
        ]
        augmented = np.isin(self.chosen, self.passes.places)
        states = generators(front)
        done = 0
        with kept_states(states):
            for turn, training in self._turns():
                answer = _answer(front, training=training)
                taken = self.passes.places
                if not training:
                    taken = self.chosen[~augmented]
                for start in range(0, len(taken), AT_ONCE):
                    report(done + start, self._height)
                    places = taken[start : start + AT_ONCE]
                    for number, state in enumerate(states if training else ()):
                        state.assign(self.passes.draw(turn, start, number))
                    rows = self.passes.row(turn, self.chosen, places)
                    found = self._batch(answer, places)
                    for table, values in zip(tables, found, strict=True):
                        table[rows] = values
                done += len(taken)
        report(self._height, self._height)
        return tables

    def _turns(self) -> list[tuple[int, bool]]:
        """What is computed: the number of each pass, and whether layers draw."""
        return [(0, False), *((turn, True) for turn in range(self.passes.count))]

    def _batch(self, answer: Answer, places: npt.NDArray[np.int64]) -> list[Any]:
        """The features of a few samples, as arrays."""
        # Batches of one size give the same bits for a sample, and one graph.
        padded = np.resize(places, AT_ONCE)
        given = [of(tf.constant(self.rows[row][padded])) for row, of in self.inputs]
        found = keras.tree.flatten(answer(given if given[1:] else given[0]))
        return [values.numpy()[: len(places)] for values in found]

    @property
    def _height(self) -> int:
        """Rows of the tables."""
        return len(self.chosen) + self.passes.more

    def _key(self) -> str:
        digest = hashlib.sha256(self.fingerprint.encode())
        digest.update(keras.__version__.encode())
        config = json.dumps(self._config(), sort_keys=True, default=str)
        digest.update(config.encode())
        digest.update(np.ascontiguousarray(self.chosen).tobytes())
        if self.passes.count:
            digest.update(f"{self.passes.count}/{self.passes.seed}".encode())
            digest.update(np.ascontiguousarray(self.passes.places).tobytes())
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
        return [rows, kinds, unnumbered_config(self.divided.front)]

    def _path(self) -> Path | None:
        size = feature_bytes(self.divided, self._height)
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
            ((self._height, *shape), np.dtype(tensor.dtype))
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


def _answer(front: KerasModel, *, training: bool) -> Answer:
    compiled: Answer = tf.function(
        lambda given: front(given, training=training), autograph=False
    )
    return compiled
