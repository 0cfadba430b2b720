"""The file that a backbone's pretrained weights are in; needs no Keras."""

from __future__ import annotations

from pathlib import Path

from dlstudio.data.fileinfo import is_network_path
from dlstudio.document.backbone import BackboneConfig
from dlstudio.engine.model.preset_files import preset_weights
from dlstudio.engine.model.published_weights import (
    check_at_hand,
    file_digest,
    published,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _


def weights_path(config: BackboneConfig, size: int | None, folder: Path) -> Path:
    """The file with a backbone's pretrained weights, unchanged since it was chosen.

    Args:
        config: Of the backbone.
        size: Height of what it takes.
        folder: Of the project.

    Raises:
        UserError: It is missing, damaged or another one, or Keras publishes none.
    """
    if config.has_preset_weights:
        return _unchanged(preset_weights(config, folder), config)
    if not config.own_file:
        return check_at_hand(published(config, size))
    if is_network_path(config.own_file):
        raise UserError(
            _("{path} is on another machine.").format(path=config.own_file),
            _("Copy it beside the project."),
        )
    path = folder / Path(config.own_file).expanduser()
    if not path.is_file():
        raise UserError(
            _("The weights {path} are missing.").format(path=path),
            _("Put the file back, or choose other weights."),
        )
    return _unchanged(path, config)


def _unchanged(path: Path, config: BackboneConfig) -> Path:
    """The file, if it is the one that was chosen.

    Raises:
        UserError: It is another one.
    """
    if config.weights_sha256 and path_sha256(path) != config.weights_sha256:
        raise UserError(
            _("The weights {path} have changed since they were chosen.").format(
                path=path
            ),
            _("Choose them again, or put the former file back."),
        )
    return path


def path_sha256(path: Path) -> str:
    """SHA-256 of a file; one that stays the same is read once."""
    found = path.stat()
    return file_digest(path, "sha256", found.st_size, found.st_mtime_ns)
