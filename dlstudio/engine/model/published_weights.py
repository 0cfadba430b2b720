"""Weights that Keras publishes, in Keras' cache folder; nothing is downloaded here."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from dlstudio.catalog.backbones import SUBFOLDER, PublishedWeights
from dlstudio.document.backbone import (
    BackboneConfig,
    images_height,
    is_pretrained,
)
from dlstudio.document.graph import Graph
from dlstudio.engine.model.hub_catalog import find_preset
from dlstudio.engine.model.preset_files import cache_place, is_complete
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import open_regular
from dlstudio.paths import user_errors

KEPT = 32
MD5_DIGITS = 32


def keras_folder() -> Path:
    """The folder that Keras keeps downloaded weights in."""
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path.home() / ".keras") / SUBFOLDER


def place_of(weights: PublishedWeights) -> Path:
    """Where Keras or KerasHub keeps these weights, whether they are there or not."""
    if weights.handle:
        return cache_place(weights.handle)
    return keras_folder() / weights.file


def published(config: BackboneConfig, size: int | None) -> PublishedWeights:
    """The weights that Keras or KerasHub publishes for a backbone.

    Raises:
        UserError: There are none for its arguments.
    """
    if config.preset:
        return find_preset(config.preset.strip()).weights
    found = config.network.published(size, config.arguments)
    if found is None:
        known = [each.arguments for each in config.network.weights if not each.size]
        raise UserError(
            _("Keras has no ImageNet weights for {network} with {arguments}.").format(
                network=config.architecture, arguments=_text(config.arguments)
            ),
            _("It has some for {known}.").format(known="; ".join(map(_text, known))),
        )
    return found


def missing_weights(graph: Graph) -> tuple[PublishedWeights, ...]:
    """The published weights that a model begins with and that are not in Keras' cache.

    Args:
        graph: The model.
    """
    found: dict[str, PublishedWeights] = {}
    for node in filter(is_pretrained, graph.nodes.values()):
        config = BackboneConfig.of(node.params)
        if config.own_file or config.preset_folder or node.shares is not None:
            continue
        try:
            weights = published(config, images_height(graph, node.id))
        except UserError:
            continue  # none are published, as the checks say
        if not at_hand(weights):
            found[weights.file] = weights
    return tuple(found.values())


def at_hand(weights: PublishedWeights) -> bool:
    """Whether the files of these weights are there."""
    place = place_of(weights)
    return is_complete(place) if weights.handle else place.exists()


def check_at_hand(weights: PublishedWeights) -> Path:
    """The file of these weights, complete.

    Raises:
        UserError: It is missing or damaged; says what to put where.
    """
    path = place_of(weights)
    try:
        found = path.stat()
    except (OSError, ValueError):
        raise _missing(weights, path) from None
    if weights.hash:
        digest = file_digest(path, _kind(weights), found.st_size, found.st_mtime_ns)
        if digest != weights.hash:
            raise damaged(weights, path)
    return path


def damaged(weights: PublishedWeights, path: Path) -> UserError:
    """The error where a file does not have these weights."""
    return UserError(
        _("{path} is damaged or is another file.").format(path=path),
        _("Delete it, and put the file from {address} in its place.").format(
            address=weights.address
        ),
    )


def _missing(weights: PublishedWeights, path: Path) -> UserError:
    return UserError(
        _(
            "The pretrained weights {file} (about {size:.0f} MB) are not at hand."
        ).format(file=weights.file, size=max(weights.megabytes, 1)),
        _(
            "Press Train in the window or use “dlstudio train --download” to "
            "download {address}, or save it as {path} by hand. Nothing is downloaded "
            "unasked."
        ).format(address=weights.address, path=path),
    )


def _kind(weights: PublishedWeights) -> str:
    return "md5" if len(weights.hash) == MD5_DIGITS else "sha256"


@lru_cache(KEPT)
def file_digest(path: Path, kind: str, _size: int, _changed: int) -> str:
    """The digest of a file, hexadecimal; one that stays the same is read once.

    Args:
        path: Of the file.
        kind: "md5" or "sha256".
        _size: Of the file; another one has another digest.
        _changed: When it was changed, likewise.

    Raises:
        UserError: It cannot be read.
    """
    digest = hashlib.new(kind, usedforsecurity=False)
    with user_errors(path, writing=False), open_regular(path) as stream:
        while piece := stream.read(2**20):
            digest.update(piece)
    return digest.hexdigest()


def _text(arguments: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={value}" for name, value in arguments.items())
