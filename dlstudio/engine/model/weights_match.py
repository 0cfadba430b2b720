"""What of a file of weights fits a backbone, found before a training."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from dlstudio.document.backbone import BackboneConfig
from dlstudio.document.name_lists import list_names
from dlstudio.engine.model.backbone import Shape, make_network
from dlstudio.engine.model.weights_file import MatchedWeights, find_matching
from dlstudio.i18n import _, ngettext

KEPT = 8
NAMED = 6
"""Most layers that a message names."""


def match_weights(config: BackboneConfig, shape: Shape, path: Path) -> MatchedWeights:
    """What of a file fits a network; the same file is read once.

    Args:
        config: Of the backbone.
        shape: Of what it takes, (height, width, channels).
        path: Of the file.

    Raises:
        UserError: The file cannot be read, or nothing in it fits.
    """
    found = path.stat()
    config = replace(config, trainable_from="", pooling="none")  # no weights differ
    return _match(config, shape, path, found.st_size, found.st_mtime_ns)


@lru_cache(KEPT)
def _match(
    config: BackboneConfig, shape: Shape, path: Path, _size: int, _changed: int
) -> MatchedWeights:
    return find_matching(make_network(config, shape), path)


def match_text(found: MatchedWeights, path: Path, most: int = NAMED) -> str:
    """What fits and what does not, in sentences.

    Args:
        found: Of the file.
        path: Of the file.
        most: Most layers that are named of each kind.
    """
    total = len(found.matched) + len(found.missing)
    text = ngettext(
        "{file} has the weights of {count} of {total} layer.",
        "{file} has the weights of {count} of {total} layers.",
        total,
    ).format(file=path.name, count=len(found.matched), total=total)
    if found.missing:
        more = _("Not in the file, or of another shape: {names}.")
        text += " " + more.format(names=list_names(found.missing, most))
    if found.unused:
        more = _("Not used of the file: {names}.")
        text += " " + more.format(names=list_names(found.unused, most))
    return text
