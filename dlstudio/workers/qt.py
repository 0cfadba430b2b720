"""The first import of PySide6, in one place, with what it needs to be a good guest.

PySide6 puts its own function in the place of `builtins.__import__`, for its optional
snake_case names. With it, importing TensorFlow takes up to twice as long; dlstudio
does not use those names, so Python's own function is put back at once.

Every `Signal.emit` of PySide6 6.12 gives `True` back without counting the reference.
From Python 3.12 on `True` cannot die; before, the process would be aborted after some
ten thousand signals ("deallocating True or False"), so it is given references enough
for ever.
"""

from __future__ import annotations

import builtins
import sys

_import = builtins.__import__
import PySide6.QtCore  # noqa: E402

builtins.__import__ = _import

QT_VERSION: str = PySide6.QtCore.qVersion()
FOR_EVER = 1 << 48


def keep_true_alive() -> None:
    """Give `True` more references than signals can take; once is enough."""
    if sys.version_info >= (3, 12) or sys.getrefcount(True) > FOR_EVER // 2:
        return
    import ctypes

    count = ctypes.c_ssize_t.from_address(id(True))
    # A Python that keeps its objects otherwise is left alone.
    if abs(count.value - sys.getrefcount(True)) <= 4:
        count.value += FOR_EVER


keep_true_alive()
