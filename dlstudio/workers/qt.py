"""The first import of PySide6, in one place.

PySide6 replaces `builtins.__import__` for its optional snake_case names. This makes
importing TensorFlow up to twice as slow; dlstudio does not use those names, so Python's
own function is restored.
"""

from __future__ import annotations

import builtins

_import = builtins.__import__
import PySide6.QtCore  # noqa: E402

builtins.__import__ = _import

QT_VERSION: str = PySide6.QtCore.qVersion()
