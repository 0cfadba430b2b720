"""What to say about a column that a table does not have."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from dlstudio.errors import UserError
from dlstudio.i18n import _

MOST_NAMES, MOST_NEAR = 20, 3


def missing_column(name: str, columns: Iterable[str]) -> UserError:
    """The error to raise; its hint has names that are like this one.

    Args:
        name: That no column has.
        columns: Those of the table.
    """
    return UserError(
        _("The table has no column called “{name}”.").format(name=name),
        column_hint(name, columns),
    )


def column_hint(name: str, columns: Iterable[str]) -> str:
    """The columns that may be meant; without any, what columns there are.

    Args:
        name: That no column has.
        columns: Those of the table.
    """
    known = list(columns)
    near = near_names(name, known)
    if near:
        return _("Did you mean {names}?").format(names=_(", ").join(near))
    shown = [*known[:MOST_NAMES], *(["…"] if len(known) > MOST_NAMES else ())]
    return _("The columns are: {names}.").format(names=_(", ").join(shown))


def near_names(name: str, names: Iterable[str]) -> list[str]:
    """Names like another one, whatever their case; the nearest first."""
    plain: dict[str, str] = {}
    for each in names:
        plain.setdefault(each.strip().casefold(), each)
    wanted = name.strip().casefold()
    found = difflib.get_close_matches(wanted, list(plain), n=MOST_NEAR)
    return [plain[each] for each in found]
