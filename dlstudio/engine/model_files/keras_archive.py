"""`.keras` files: zip archives that are checked before anything of them is read."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from dlstudio.data.archive import DAMAGE, read_contents
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import parse_json
from dlstudio.json_values import JsonValue
from dlstudio.paths import user_errors

CONFIG, METADATA = "config.json", "metadata.json"
WEIGHTS = "model.weights.h5"
ASSETS = "assets"
LARGEST_JSON = 64 * 2**20
LARGEST_ASSETS = 2**30
LARGEST_WEIGHTS = 16 * 2**30
DEEPEST_JSON = 256
PICKLED = (".pkl", ".pickle", ".pt", ".pth", ".joblib", ".dill", ".npy", ".npz")
"""Names of what could be, or hold, pickled objects; Keras saves none of them."""


@dataclass(frozen=True, slots=True)
class KerasArchive:
    """What a `.keras` file holds.

    Attributes:
        config: Of the model.
        version: Of the Keras that wrote it; "" if not said.
        weights: The bytes of its HDF5 file; None if it has none.
        assets: Files that layers keep, such as vocabularies, by their place.
    """

    config: Mapping[str, JsonValue]
    version: str = ""
    weights: bytes | None = None
    assets: Mapping[str, bytes] = field(default_factory=dict)


def read_keras_archive(path: Path) -> KerasArchive:
    """The contents of a `.keras` file; nothing is unpacked or run.

    Raises:
        UserError: It is not one, is damaged, or has what Keras would not put there:
            paths outside, pickled objects, parts that expand excessively.
    """
    try:
        entries = {each.name: each.info for each in read_contents(path).entries}
    except UserError as error:
        raise UserError(
            error.message, _("Do not trust this file, or save the model again.")
        ) from error
    for name in entries:
        _check_name(name, path)
    if CONFIG not in entries:
        raise UserError(
            _("{path} has no {file}.").format(path=path.name, file=CONFIG),
            _("Choose a file that was saved with model.save(“….keras”)."),
        )
    with (
        user_errors(path, writing=False),
        _reported(path),
        zipfile.ZipFile(path) as archive,
    ):
        members = _Members(archive, entries, path)
        config = members.json(CONFIG)
        metadata = members.json(METADATA) if METADATA in entries else {}
        weights = members.read(WEIGHTS, LARGEST_WEIGHTS)
        return KerasArchive(
            config, str(metadata.get("keras_version", "")), weights, members.assets()
        )


def write_keras_archive(archive: KerasArchive, stream: io.BytesIO) -> None:
    """Write an archive that Keras reads.

    Args:
        archive: What it holds.
        stream: Where to.
    """
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr(CONFIG, json.dumps(archive.config))
        made.writestr(METADATA, json.dumps({"keras_version": "3.0.0"}))
        if archive.weights is not None:
            made.writestr(WEIGHTS, archive.weights)
        for name, data in archive.assets.items():
            made.writestr(name, data)


def _check_name(name: str, path: Path) -> None:
    place = PurePosixPath(name)
    if place.suffix.lower() in PICKLED:
        raise UserError(
            _("{path} was not opened: it holds {name}, which can run code.").format(
                path=path.name, name=name
            ),
            _("Keras does not write such files. Do not trust this one."),
        )


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    """Convert the reader's exceptions for damaged archives to a UserError."""
    try:
        yield
    except DAMAGE as error:
        raise UserError(
            _("{path} is damaged.").format(path=path.name),
            _("Copy or download it again."),
        ) from error


class _Members:
    """The files of an open archive, by their checked names."""

    def __init__(
        self,
        archive: zipfile.ZipFile,
        entries: Mapping[str, zipfile.ZipInfo],
        path: Path,
    ) -> None:
        self._archive = archive
        self._entries = entries
        self._path = path

    def read(self, name: str, largest: int) -> bytes | None:
        info = self._entries.get(name)
        if info is None:
            return None
        if info.file_size > largest:
            raise UserError(
                _("{path}: {name} is too large.").format(
                    path=self._path.name, name=name
                )
            )
        return self._archive.read(info)

    def json(self, name: str) -> Mapping[str, JsonValue]:
        found = parse_json(self.read(name, LARGEST_JSON) or b"", DEEPEST_JSON)
        if not isinstance(found, dict):
            raise UserError(
                _("{path}: {name} is damaged.").format(path=self._path.name, name=name)
            )
        return found

    def assets(self) -> dict[str, bytes]:
        left, found = LARGEST_ASSETS, {}
        for name in self._entries:
            if PurePosixPath(name).parts[0] == ASSETS:
                data = self.read(name, left) or b""
                left -= len(data)
                found[name] = data
        return found
