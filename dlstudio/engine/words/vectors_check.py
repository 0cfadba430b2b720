"""What is wrong with a file of word vectors that a project refers to."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from dlstudio.document.vectors_reference import VectorsReference
from dlstudio.engine.words.initial_vectors import file_sha256
from dlstudio.engine.words.vector_files import vector_size
from dlstudio.errors import UserError
from dlstudio.i18n import _

KEPT = 32


def check_reference(reference: VectorsReference, folder: Path) -> int:
    """The size of the vectors in a file; a file that stays the same is read once.

    Args:
        reference: The file and what was in it.
        folder: Of the project.

    Raises:
        UserError: The file is missing, is in no known format, or was changed.
    """
    path = folder / reference.path
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        raise UserError(
            _("The file of word vectors {path} is missing.").format(path=path),
            _("Put it back, choose another file, or remove the word vectors."),
        ) from error
    size, sha256 = _known(path, found.st_size, found.st_mtime_ns)
    if sha256 != reference.sha256:
        raise UserError(
            _("The word vectors in {path} have changed since they were chosen.").format(
                path=path
            ),
            _("Choose the file again, or remove the word vectors."),
        )
    return size


def changed_reference(
    reference: VectorsReference, folder: Path
) -> VectorsReference | None:
    """The reference to a file as it is now; None if it is as it was, or unusable.

    Args:
        reference: The file and what was in it.
        folder: Of the project.
    """
    path = folder / reference.path
    try:
        found = path.stat()
        _size, sha256 = _known(path, found.st_size, found.st_mtime_ns)
    except (OSError, ValueError, UserError):
        return None
    return None if sha256 == reference.sha256 else replace(reference, sha256=sha256)


@lru_cache(KEPT)
def _known(path: Path, _size: int, _changed: int) -> tuple[int, str]:
    return vector_size(path), file_sha256(path)
