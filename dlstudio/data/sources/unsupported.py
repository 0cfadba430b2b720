"""Errors for paths that are not datasets of images, with hints on what to do."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dlstudio.catalog.schema import Description
from dlstudio.catalog.source_queries import drop_hints
from dlstudio.data.images.files import IMAGE_FILE_SUFFIXES, looks_like_image
from dlstudio.errors import UserError
from dlstudio.i18n import _, marked, ngettext

PROJECT = "project.json"
MOST = 1000  # files of a folder that are examined


@dataclass(frozen=True)
class Unfit:
    """A kind of file that is not a dataset.

    Attributes:
        message: Message with the placeholder {path}.
        hint: What to do instead.
    """

    suffixes: tuple[str, ...]
    message: str
    hint: str
    starts: tuple[bytes, ...] = ()


KINDS = (
    Unfit(
        (".keras", ".h5", ".hdf5", ".tflite", ".onnx", ".pb", ".ckpt", ".safetensors"),
        marked("{path} is a trained model, not a dataset."),
        marked("Use the images to train a model on."),
    ),
    Unfit(
        (".pt", ".pth", ".pkl", ".pickle", ".joblib"),
        marked(
            "{path} is a Python pickle file, which can run arbitrary code when opened."
        ),
        marked("Save the images as image files or as an .npz file, and use these."),
    ),
    Unfit(
        (".zip",),
        marked("{path} is an archive."),
        marked("Unpack the archive and choose the folder."),
        (b"PK\3\4",),
    ),
    Unfit(
        (".7z", ".rar", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst"),
        marked("{path} is an archive."),
        marked("Unpack the archive and choose the folder, or pack it as .zip."),
        (b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ"),
    ),
    Unfit(
        (".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v", ".mpg", ".mpeg", ".wmv"),
        marked("{path} is a video, which cannot be read as data."),
        marked(
            "Save its frames as images, for example with: ffmpeg -i VIDEO -vf "
            "fps=1 frame_%05d.jpg"
        ),
    ),
    Unfit(
        (".wav", ".mp3", ".flac", ".ogg", ".m4a", ".aac"),
        marked("{path} is an audio file, which cannot be read as data."),
        marked("Save its spectrograms as images, and use these."),
    ),
    Unfit(
        (".pdf", ".ps", ".eps"),
        marked("{path} is a document, not an image."),
        marked("Save its pages as images, for example with: pdftoppm -png FILE page"),
        (b"%PDF",),
    ),
    Unfit(
        (".xlsx", ".xls", ".ods", ".numbers"),
        marked("{path} is a spreadsheet."),
        marked(
            "Save the sheet as CSV with a column of image files, and use the CSV file."
        ),
    ),
    Unfit(
        (".parquet", ".feather", ".arrow", ".tfrecord", ".tfrecords", ".mat", ".lmdb"),
        marked("{path} is a dataset in an unsupported format."),
        marked("Save the images as files in one folder per class, or as an .npz file."),
    ),
    Unfit(
        (".json", ".jsonl", ".ndjson", ".xml", ".yaml", ".yml"),
        marked("{path} describes images in an unsupported format."),
        marked(
            "Write a CSV table with a column of image files and a column of labels."
        ),
    ),
    Unfit(
        (".md", ".doc", ".docx", ".rtf", ".odt", ".html", ".htm", ".log"),
        marked("{path} is a document that cannot be read as data."),
        marked(
            "Save its text as .txt files in one folder per class, or in a column of a "
            "table."
        ),
    ),
    Unfit(
        (".svg", ".ai", ".psd", ".xcf", ".cr2", ".cr3", ".nef", ".arw", ".dng"),
        marked("{path} is an image in an unsupported format."),
        marked("Export such images as JPEG or PNG into one folder per class."),
    ),
)


def unfit(path: Path, sources: Sequence[Description]) -> UserError:
    """The error for a path that none of the sources reads."""
    if path.is_dir():
        return _folder(path, sources)
    if path.name == PROJECT:
        return _project(path.parent)
    kind = kind_of_file(path)
    if kind is not None:
        return UserError(_(kind.message).format(path=path), _(kind.hint))
    if path.suffix.lower() in IMAGE_FILE_SUFFIXES or looks_like_image(path):
        return UserError(
            _("{path} is a single image, not a dataset.").format(path=path),
            _("Use the folder that contains one subfolder of images per class."),
        )
    return _unknown(path, sources)


def kind_of_file(path: Path) -> Unfit | None:
    """The kind of a file by its extension or its first bytes; None if unknown."""
    suffix = path.suffix.lower()
    for each in KINDS:
        if suffix in each.suffixes:
            return each
    head = _head(path)
    return next((each for each in KINDS if head.startswith(each.starts)), None)


def _head(path: Path) -> bytes:
    try:
        if not os.path.isfile(path):
            return b""
        with open(path, "rb") as stream:
            return stream.read(16)
    except OSError:
        return b""


def _folder(folder: Path, sources: Sequence[Description]) -> UserError:
    if (folder / PROJECT).is_file():
        return _project(folder)
    kind, count = _commonest(folder)
    if kind is None:
        return _unknown(folder, sources)
    name, number = count
    text = ngettext(
        "{path} contains no images, but {count} file such as {name}.",
        "{path} contains no images, but {count} files such as {name}.",
        number,
    )
    return UserError(text.format(path=folder, count=number, name=name), _(kind.hint))


def _commonest(folder: Path) -> tuple[Unfit | None, tuple[str, int]]:
    """The most common kind of a folder's files, the first of them, and their number."""
    counts: Counter[str] = Counter()
    first: dict[str, tuple[Unfit, str]] = {}
    try:
        with os.scandir(folder) as entries:
            names = [each.name for each, _n in zip(entries, range(MOST), strict=False)]
    except OSError:
        names = []
    for name in sorted(names):
        suffix = os.path.splitext(name)[1].lower()
        kind = next((each for each in KINDS if suffix in each.suffixes), None)
        if kind is not None:
            counts[kind.message] += 1
            first.setdefault(kind.message, (kind, name))
    if not counts:
        return None, ("", 0)
    message, count = counts.most_common(1)[0]
    kind, name = first[message]
    return kind, (name, count)


def _project(folder: Path) -> UserError:
    return UserError(
        _("{path} is a dlstudio project, not a dataset.").format(path=folder),
        _("Use the images that the project was created from."),
    )


def _unknown(path: Path, sources: Sequence[Description]) -> UserError:
    return UserError(
        _("No data can be read from {path}.").format(path=path),
        _("Use {sources}.").format(sources=drop_hints(sources)),
    )
