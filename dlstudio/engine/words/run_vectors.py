"""The word vectors that a run has learned, read without Keras."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlstudio.engine.preprocessing.learned_layers import read_learned
from dlstudio.engine.runs.checkpoints import Checkpoints
from dlstudio.engine.runs.store import Run, RunStore
from dlstudio.engine.words.corpus import WordCounts
from dlstudio.engine.words.word_vectors import Floats, WordVectors
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors

LOOKUP = "words"
"""The layer that knows the words."""
WEIGHTS = "model.weights.h5"
WORD2VEC = "dlstudio.methods.word2vec"


@dataclass(frozen=True, slots=True)
class LearnedWords:
    """What a run knows of words.

    Attributes:
        vectors: The most frequent words first.
        counts: How often each word occurs in the training split.
        from_checkpoint: Whether the run has not finished.
    """

    vectors: WordVectors
    counts: tuple[int, ...]
    from_checkpoint: bool = False


def learns_words(run: Run) -> bool:
    """Whether a run learns word vectors."""
    plan = run.record.project.get("plan", {})
    return bool(plan.get("method", {}).get("kind", "") == WORD2VEC)


def choose_words_run(folder: Path, name: str) -> Run:
    """A run by its name, or the newest one of a project that has learned words.

    Args:
        folder: Of the project.
        name: Number, ID or name of a run; "" for the newest.

    Raises:
        UserError: There is none.
    """
    store = RunStore(folder)
    if name:
        return store.find(name)
    found = [each for each in store.all() if learns_words(each) and has_vectors(each)]
    if found:
        return found[-1]
    raise UserError(
        _("No run of this project has learned word vectors yet."),
        _("Train a project of the template word-vectors."),
    )


def has_vectors(run: Run) -> bool:
    """Whether a run has a model, or at least a checkpoint."""
    return run.model_path is not None or bool(Checkpoints(run.checkpoints).names())


def read_run_vectors(run: Run) -> LearnedWords:
    """The vectors of a run: of its model, or else of its newest checkpoint.

    Raises:
        UserError: It has learned no words, or its files are damaged.
    """
    expected = str(run.record.data.get("learned", ""))
    learned = read_learned(run.folder, expected) if expected else None
    if not learns_words(run) or learned is None or LOOKUP not in learned:
        raise UserError(
            _("Run {id} has learned no word vectors.").format(id=run.label),
            _("Train a project of the template word-vectors."),
        )
    known = WordCounts.from_json(learned[LOOKUP])
    path = run.model_path
    vectors = _of_checkpoint(run) if path is None else _of_model(path)
    if len(vectors) != len(known.words) + 1:
        raise _damaged(run.folder)
    words = WordVectors(known.words, vectors[1:])  # the first one is of unknown words
    return LearnedWords(words, known.counts, path is None)


def _of_checkpoint(run: Run) -> Floats:
    newest, _damaged_ones = Checkpoints(run.checkpoints).newest()
    if newest is None:
        raise UserError(
            _("Run {id} has no checkpoint yet.").format(id=run.label),
            _("Wait for its first epoch."),
        )
    found: Floats = newest.arrays[0]
    return found


def _of_model(path: Path) -> Floats:
    """The only matrix of a Keras file, whose weights are an HDF5 file in an archive."""
    import h5py

    tables: list[Floats] = []

    def visit(_name: str, item: object) -> None:
        if isinstance(item, h5py.Dataset) and item.ndim == 2:
            tables.append(np.asarray(item, np.float32))

    try:
        with user_errors(path, writing=False), zipfile.ZipFile(path) as archive:
            data = io.BytesIO(archive.read(WEIGHTS))
        with h5py.File(data) as file:
            file.visititems(visit)
    except (zipfile.BadZipFile, KeyError) as error:
        raise _damaged(path) from error
    if len(tables) != 1:
        raise _damaged(path)
    return tables[0]


def _damaged(path: Path) -> UserError:
    return UserError(
        _("{path} is damaged: it has no word vectors.").format(path=path),
        _("Resume the run, or train it again."),
    )
