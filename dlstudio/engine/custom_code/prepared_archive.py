"""`.keras` files of our own whose configuration names trusted code."""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dlstudio.engine.custom_code.code_scope import current_code
from dlstudio.engine.custom_code.lambda_code import BYTECODE
from dlstudio.json_file import parse_json

CONFIG = "config.json"
LARGEST_CONFIG = 64 * 2**20
DEEPEST_CONFIG = 256


def archived_config(path: Path) -> dict[str, Any]:
    """The configuration of the model in a `.keras` file.

    Raises:
        UserError, ValueError, OSError, KeyError, zipfile.BadZipFile: It is damaged.
    """
    config = parse_json(_text(path), DEEPEST_CONFIG)
    if not isinstance(config, dict):
        raise ValueError(CONFIG)
    return config


@contextmanager
def prepared_archive(path: Path) -> Iterator[Path]:
    """The file itself or, if it has trusted Lambda layers, a copy that Keras can read.

    Args:
        path: Of a `.keras` file.

    Raises:
        UserError, ValueError, OSError, KeyError, zipfile.BadZipFile: It is damaged.
    """
    code = current_code()
    if not code.objects and BYTECODE.encode() not in _text(path):
        yield path  # as nearly all; their configurations may be large
        return
    config = archived_config(path)
    prepared = code.prepared(config)
    if prepared == config:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="dlstudio-") as folder:
        place = Path(folder) / "model.keras"
        with zipfile.ZipFile(path) as archive, zipfile.ZipFile(place, "w") as made:
            made.writestr(CONFIG, json.dumps(prepared))
            for name in archive.namelist():
                if name == CONFIG:
                    continue
                with archive.open(name) as source, made.open(name, "w") as target:
                    shutil.copyfileobj(source, target)
        yield place


def _text(path: Path) -> bytes:
    """The configuration, as it is in a file."""
    with zipfile.ZipFile(path) as archive:
        if archive.getinfo(CONFIG).file_size > LARGEST_CONFIG:
            raise ValueError(CONFIG)
        return archive.read(CONFIG)
