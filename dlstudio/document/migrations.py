"""Older project files, step by step, to today's form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dlstudio.errors import UserError
from dlstudio.i18n import _

VERSION = 1

# From each version to the next one: {1: _from_1_to_2, ...}
STEPS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}


def migrate(item: dict[str, Any]) -> dict[str, Any]:
    """The same project in the form of `VERSION`.

    Raises:
        UserError: It has no version, or one of a newer program.
    """
    version = item.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise UserError(_("The project file does not say its version."))
    if version > VERSION:
        raise UserError(
            _(
                "The project was made by a newer dlstudio (file version {version})."
            ).format(version=version),
            _("Update dlstudio to open it; the file was left as it is."),
        )
    while version < VERSION:
        item = STEPS[version](item)
        version += 1
    return {**item, "version": VERSION}
