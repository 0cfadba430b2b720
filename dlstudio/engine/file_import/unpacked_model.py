"""Zip archives with the file of a model and its labels, as Teachable Machine makes."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dlstudio.catalog.keras_files import MODEL_SUFFIXES
from dlstudio.data.archive import read_contents, unpack
from dlstudio.engine.model_files.keras_archive import CONFIG
from dlstudio.errors import UserError
from dlstudio.i18n import _


@contextmanager
def unpacked_model(path: Path) -> Iterator[Path]:
    """The file of a model, unpacked for as long as it is needed if it is in an archive.

    Args:
        path: Of the model, or of an archive with one.

    Raises:
        UserError: The archive is damaged or unsafe, or does not hold exactly one model.
    """
    if not path.is_file() or not zipfile.is_zipfile(path):
        yield path
        return
    names = [entry.name for entry in read_contents(path).entries]
    if CONFIG in names or path.suffix.lower() in MODEL_SUFFIXES:
        yield path
        return
    models = [name for name in names if name.lower().endswith(MODEL_SUFFIXES)]
    if len(models) != 1:
        raise UserError(
            _("{path} does not hold exactly one Keras model.").format(path=path.name),
            _("Unpack it, and choose the .keras or .h5 file."),
        )
    with tempfile.TemporaryDirectory(prefix="dlstudio-") as place:
        yield unpack(path, Path(place) / path.stem) / models[0]
