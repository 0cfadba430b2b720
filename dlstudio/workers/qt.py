"""The first import of PySide6, in one place, with what it needs to be a good guest.

PySide6 puts its own function in the place of `builtins.__import__`, for its optional
snake_case names. With it, importing TensorFlow takes up to twice as long; dlstudio
does not use those names, so Python's own function is put back at once.

PySide6 6.12 gives `True` (from every `Signal.emit`) and `None` (from every empty
property or item) back without counting the reference. From Python 3.12 on these cannot
die; before, the process would be aborted after some ten thousand signals or painted
rows ("deallocating None"), so they are given references enough for ever.
"""

from __future__ import annotations

import builtins
import sys

_import = builtins.__import__
import PySide6.QtCore  # noqa: E402

builtins.__import__ = _import

QT_VERSION: str = PySide6.QtCore.qVersion()
FOR_EVER = 1 << 48


def keep_alive(*constants: object) -> None:
    """Give Python's own constants more references than can ever be lost."""
    if sys.version_info >= (3, 12):
        return
    import ctypes

    for each in constants:
        counted = sys.getrefcount(each)
        count = ctypes.c_ssize_t.from_address(id(each))
        # A Python that keeps its objects otherwise is left alone, and so is what was
        # given enough before.
        if abs(count.value - counted) <= 8 and counted < FOR_EVER // 2:
            count.value += FOR_EVER


keep_alive(True, False, None)
