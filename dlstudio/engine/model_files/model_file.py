"""What a file of a Keras model says: its configuration in Keras 3's form, and weights.

Nothing in a file is run: no class of it is imported, and no function is restored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.catalog.keras_files import CONVERTED_SUFFIXES
from dlstudio.engine.model.hdf5_file import opened_hdf5, text_of
from dlstudio.engine.model_files.keras_archive import (
    DEEPEST_JSON,
    KerasArchive,
    read_keras_archive,
)
from dlstudio.engine.model_files.legacy_config import modern_config
from dlstudio.engine.model_files.legacy_weights import Named, legacy_arrays
from dlstudio.engine.model_files.saved_model import (
    is_saved_model,
    saved_arrays,
    saved_config,
)
from dlstudio.engine.model_files.serialized_objects import with_single_ends
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import parse_json, read_regular
from dlstudio.json_values import JsonValue
from dlstudio.paths import user_errors

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LARGEST_JSON = 64 * 2**20
ZIP, HDF5 = b"PK\x03\x04", b"\x89HDF\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of a Keras model, read.

    Attributes:
        path: Of the file.
        config: Of the model, as Keras 3 writes it.
        version: Of the Keras that wrote it; "" if not said.
        notes: What of the configuration could not be brought to Keras 3's form.
        archive: Of a `.keras` file; its configuration is `config`.
        layers: Weights of each layer, as Keras 2 wrote them, if it did.
        ordered: Weights of all layers in order, of a SavedModel.
    """

    path: Path
    config: Mapping[str, JsonValue]
    version: str = ""
    notes: tuple[str, ...] = ()
    archive: KerasArchive | None = None
    layers: Mapping[str, Named] | None = None
    ordered: tuple[npt.NDArray[np.generic], ...] | None = None

    @property
    def has_weights(self) -> bool:
        """Whether it has the model's weights, or else only its configuration."""
        archived = self.archive is not None and self.archive.weights is not None
        return archived or self.layers is not None or self.ordered is not None


def read_model_file(path: Path) -> ModelFile:
    """Read a file, or a folder, of a Keras model.

    Args:
        path: `.keras`, `.h5`, a JSON configuration, or a SavedModel's folder.

    Raises:
        UserError: It is none of these, is damaged, or is not safe to open.
    """
    if path.is_dir():
        return _saved_model(path)
    with user_errors(path, writing=False):
        begin = _beginning(path)
    if path.suffix.lower() in CONVERTED_SUFFIXES:
        raise UserError(
            _("{path} is a converted model, which cannot be trained.").format(
                path=path.name
            ),
            _("Choose the Keras model that it was made from."),
        )
    if begin.startswith(ZIP):
        return _archive(path)
    if begin.startswith(HDF5):
        return _hdf5(path)
    if begin.lstrip()[:1] == b"{":
        return _json(path)
    raise UserError(
        _("{path} is not a file of a Keras model.").format(path=path.name),
        _("Choose a .keras or .h5 file, a JSON configuration, or a SavedModel folder."),
    )


def _beginning(path: Path) -> bytes:
    from dlstudio.json_file import open_regular

    with open_regular(path) as stream:
        return stream.read(64)


def _archive(path: Path) -> ModelFile:
    archive = read_keras_archive(path)
    if archive.version.startswith("3"):
        config = with_single_ends(dict(archive.config))
        return ModelFile(path, _object(config, path), archive.version, (), archive)
    found = modern_config(archive.config, archive.version)
    made = KerasArchive(found.config, archive.version, archive.weights, archive.assets)
    return ModelFile(path, found.config, archive.version, tuple(found.unknown), made)


def _hdf5(path: Path) -> ModelFile:
    with opened_hdf5(path, path.name) as file:
        text = file.attrs.get("model_config")
        version = text_of(file.attrs.get("keras_version", ""))
        if text is None:
            raise WeightsAlone(
                _(
                    "{path} has only weights; it does not say what the layers are."
                ).format(path=path.name),
                _(
                    "Give the model, and these weights with --weights; or give them "
                    "to a project that has the same layers."
                ),
            )
        layers = legacy_arrays(file)
    config = parse_json(text_of(text).encode(), DEEPEST_JSON)
    found = modern_config(_object(config, path), version)
    return ModelFile(
        path, found.config, version, tuple(found.unknown), layers=layers or {}
    )


class WeightsAlone(UserError):
    """A file of weights without the configuration of their model."""


def _json(path: Path) -> ModelFile:
    with user_errors(path, writing=False):
        data = read_regular(path, LARGEST_JSON)
    config = dict(_object(parse_json(data, DEEPEST_JSON), path))
    version = str(config.get("keras_version", ""))
    if not version and config.get("registered_name") is not None:
        version = "3"
    if "module" in config and _is_three(config):
        return ModelFile(path, _object(with_single_ends(config), path), version or "3")
    found = modern_config(config, version)
    return ModelFile(path, found.config, version, tuple(found.unknown))


def _is_three(config: Mapping[str, JsonValue]) -> bool:
    """Whether Keras 3 wrote a configuration; tf-keras 2.13 and later are alike."""
    text = str(config)
    return "batch_input_shape" not in text and "'inbound_nodes': [[" not in text


def _saved_model(path: Path) -> ModelFile:
    if not is_saved_model(path):
        raise UserError(
            _("The folder {path} has no saved model.").format(path=path.name),
            _("Choose a .keras or .h5 file, or the folder of a SavedModel."),
        )
    config, version = saved_config(path)
    found = modern_config(config, version)
    return ModelFile(
        path,
        found.config,
        version,
        tuple(found.unknown),
        ordered=tuple(saved_arrays(path)),
    )


def _object(config: object, path: Path) -> Mapping[str, JsonValue]:
    if not isinstance(config, dict) or "class_name" not in config:
        raise UserError(
            _("{path} is not the configuration of a Keras model.").format(
                path=path.name
            ),
            _("It needs “class_name” and “config”, as model.to_json() writes them."),
        )
    return config
