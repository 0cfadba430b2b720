"""Limits for the expansion of compressed files.

A file of a few kilobytes can decompress to gigabytes. These limits are checked with the
size of the unpacked data before anything is unpacked.
"""

from __future__ import annotations

from pathlib import Path

import psutil

from dlstudio.errors import UserError
from dlstudio.i18n import _

MOST_GROWTH = 200
"""Largest expansion ratio; more is hardly data that anybody made."""
SMALL_DATA = 64 * 2**20
"""Bytes that any packed file may expand to, however small it is."""


def grows_too_much(packed: int, unpacked: int) -> bool:
    """Whether unpacked data is implausibly large."""
    return unpacked > max(SMALL_DATA, MOST_GROWTH * packed)


def check_unpacked(path: Path, packed: int, unpacked: int, name: str = "") -> None:
    """Refuse to unpack an array that does not fit in memory.

    Args:
        packed, unpacked: Sizes in bytes.
        name: Name of the array, if the file has several.

    Raises:
        UserError: The array expands too much, or takes more than half the free memory.
    """
    free = psutil.virtual_memory().available
    if not grows_too_much(packed, unpacked) and unpacked <= free // 2:
        return
    text = _("{path} was not unpacked: its {packed} KB would expand to {size} MB.")
    raise UserError(
        text.format(
            path=f"{path} ({name})" if name else path,
            packed=f"{packed // 1024:,}",
            size=f"{unpacked // 2**20:,}",
        ),
        _(
            "If you trust it, unpack it yourself, or save it with numpy.savez: "
            "such files are read in chunks."
        ),
    )
