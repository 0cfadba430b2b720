"""Jobs on the word vectors an Embedding layer begins with; none needs TensorFlow."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dlstudio.document.vectors_reference import VectorsReference
from dlstudio.workers.jobs import JobContext


@dataclass(frozen=True, slots=True)
class ChosenVectors:
    """A file of word vectors.

    Attributes:
        size: Numbers in each vector.
    """

    reference: VectorsReference
    size: int


@dataclass(frozen=True, slots=True)
class VectorsState:
    """What is known of the word vectors of a layer.

    Attributes:
        size: Numbers in each vector; 0 if the file is not as it was.
        run: Name of the newest run that began with them; "" for none.
        found: Words of the layer that have a vector, in that run.
        words: All words of the layer, in that run.
    """

    size: int = 0
    run: str = ""
    found: int = 0
    words: int = 0


@dataclass(frozen=True, slots=True)
class WordsRun:
    """A run that has learned word vectors."""

    id: str
    name: str


def refer_to_file(_context: JobContext, path: str, folder: Path) -> ChosenVectors:
    """Refer to a file of word vectors.

    Args:
        path: Relative to the project's folder, or absolute.
        folder: Of the project.

    Raises:
        UserError: The file cannot be read, or has no word vectors.
    """
    from dlstudio.engine.words.initial_vectors import file_sha256
    from dlstudio.engine.words.vector_files import vector_size

    place = folder / path
    size = vector_size(place)
    return ChosenVectors(VectorsReference(path, file_sha256(place)), size)


def copy_from_run(
    context: JobContext, source: Path, run: str, folder: Path
) -> ChosenVectors:
    """Write the vectors of a run beside the project that uses them.

    Other vectors get another name, so that a step can be undone.

    Args:
        source: Folder of the project that has learned them.
        run: Id of the run; "" for the newest.
        folder: Of the project that uses them.

    Raises:
        UserError: There is no such run, or a file cannot be read or written.
    """
    from dlstudio.engine.words.run_vectors import choose_words_run, read_run_vectors
    from dlstudio.engine.words.vector_export import write_vectors

    found = read_run_vectors(choose_words_run(source, run)).vectors
    digest = hashlib.sha256("\n".join(found.words).encode())
    digest.update(found.vectors.tobytes())
    name = f"word_vectors_{digest.hexdigest()[:8]}.bin"
    write_vectors(found, folder / name, binary=True)
    return refer_to_file(context, name, folder)


def list_word_runs(_context: JobContext, folder: Path) -> tuple[WordsRun, ...]:
    """The runs of a project that have learned word vectors, the newest first."""
    from dlstudio.engine.runs.store import RunStore
    from dlstudio.engine.words.run_vectors import has_vectors, learns_words

    every = [each for each in RunStore(folder).all() if learns_words(each)]
    found = [WordsRun(each.id, each.label) for each in every if has_vectors(each)]
    return tuple(reversed(found))


def read_vectors_state(
    context: JobContext, reference: VectorsReference, folder: Path, node: str
) -> VectorsState:
    """What is known of the word vectors of a layer.

    Args:
        context: Context of the job.
        reference: The file.
        folder: Of the project.
        node: Id of the Embedding layer.
    """
    from dlstudio.engine.model.call_arguments import layer_names
    from dlstudio.engine.preprocessing.learned_layers import LEARNED, read_learned
    from dlstudio.engine.runs.run import Run
    from dlstudio.engine.runs.store import run_folders
    from dlstudio.engine.words.initial_vectors import FOUND, WORDS
    from dlstudio.engine.words.vectors_check import check_reference
    from dlstudio.errors import UserError

    size = 0
    with suppress(UserError):  # it is reported as a problem of the layer
        size = check_reference(reference, folder)
    for place in reversed(run_folders(folder)):
        if context.should_stop():
            break
        if not (place / LEARNED).exists():
            continue
        try:
            run = Run.read(place)
            project = run.project()
            if project.word_vectors.get(node) != reference:
                continue
            name = layer_names(project.model)[node]
            learned = read_learned(place, str(run.record.data.get("learned", "")))
        except UserError:
            continue  # a damaged run; the Train room reports it
        known = (learned or {}).get(name, {})
        if FOUND in known:
            return VectorsState(
                size, str(run.number or run.id), known[FOUND], known[WORDS]
            )
    return VectorsState(size)
