"""File helpers: paths of data, and files that systems leave behind."""

from __future__ import annotations

import os
from pathlib import Path

from dlstudio.catalog.source_hints import CHOOSE_PATH
from dlstudio.errors import UserError
from dlstudio.i18n import _

LITTER = frozenset({"__MACOSX", "Thumbs.db", "ehthumbs.db", "desktop.ini", "@eaDir"})


def is_network_path(text: str) -> bool:
    """Whether a path names another machine (`\\\\host\\share`, `//host/share`)."""
    return text.replace("\\", "/").startswith("//")


def resolve(path: object, base: Path) -> Path:
    """Make a recipe's path absolute, relative to `base`.

    Raises:
        UserError: The path is empty or not text.
    """
    if not isinstance(path, str) or not path or "\0" in path:
        raise UserError(
            _("The data source has no path."),
            _(CHOOSE_PATH),
        )
    return Path(os.path.abspath(base / Path(path).expanduser()))
