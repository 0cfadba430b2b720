"""What the layers of a model learn from the training split, and its file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dlstudio import paths
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import read_json
from dlstudio.json_values import JsonObject

LEARNED = "fitted.json"
"""The file in a run's folder."""
VERSION = 1

LearnedLayers = Mapping[str, Mapping[str, Any]]
"""What layers have learned by their names; plain JSON."""


def checksum(learned: LearnedLayers) -> str:
    """SHA-256 of what layers have learned."""
    text = json.dumps(learned, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def write_learned(folder: Path, learned: LearnedLayers) -> None:
    """Write what layers have learned into a run's folder, atomically.

    Raises:
        UserError: The disk is full or the folder cannot be written.
    """
    item: JsonObject = {
        "version": VERSION,
        "sha256": checksum(learned),
        "layers": {name: dict(state) for name, state in learned.items()},
    }
    text = json.dumps(item, indent=1, ensure_ascii=False, allow_nan=False)
    paths.write_text(folder / LEARNED, text + "\n", below=folder)


def read_learned(folder: Path, expected: str) -> LearnedLayers | None:
    """Read what layers have learned; None if it was not written yet.

    Args:
        folder: The run's folder.
        expected: The checksum in the run's record.

    Raises:
        UserError: The file is damaged or belongs to another run.
    """
    path = folder / LEARNED
    if not path.exists():
        return None
    item = read_json(path)
    layers = item.get("layers") if isinstance(item, dict) else None
    if not isinstance(layers, dict) or checksum(layers) != expected:
        raise UserError(
            _("{path} was changed or is damaged.").format(path=path),
            _("It has what layers learned from the data. Start a new run."),
        )
    return layers
