"""The key of a tensor slice, in Python syntax; without Keras."""

from __future__ import annotations

import re
from types import EllipsisType
from typing import TypeAlias

from dlstudio.errors import UserError
from dlstudio.i18n import _

IndexPart: TypeAlias = "int | slice | EllipsisType | None"
GET_ITEM = "keras.ops.get_item"
_PLACE = re.compile(r"(-?\d+)?(?:(:)(-?\d+)?(?::(-?\d+)?)?)?$")


def item_key(text: str) -> IndexPart | tuple[IndexPart, ...]:
    """Parse the text between square brackets: ":, 0", "..., 1:3", "None".

    Raises:
        UserError: It is anything but integers, colons, dots and None.
    """
    parts = [_place(part.strip(), text) for part in text.split(",")]
    return tuple(parts) if len(parts) > 1 else parts[0]


def _place(part: str, text: str) -> IndexPart:
    if part == "...":
        return Ellipsis
    if part in ("None", "newaxis"):
        return None
    found = _PLACE.match(part)
    if not part or found is None:
        raise UserError(
            _("“{key}” is not a valid tensor index.").format(key=text[:60]),
            _("Use Python syntax, such as “:, 0”, “:, 1:3” or “..., -1”."),
        )
    start, colon, stop, step = found.groups()
    if colon is None:
        return int(start)
    return slice(*(None if each is None else int(each) for each in (start, stop, step)))
