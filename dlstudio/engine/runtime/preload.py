"""Loads TensorFlow's largest libraries while the window stays responsive.

Python's import holds the interpreter lock while the system loads a library and runs its
static initialisers: TensorFlow's largest block the window for 0.3 to 0.6 s. If they are
loaded before through the C library's `dlopen` (a foreign call, which releases the
lock), the import finds them loaded, and the longest measured block was 15 ms.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from pathlib import Path

NAMES = {
    "linux": ("libtensorflow_framework.so.2", "libtensorflow_cc.so.2"),
    "darwin": ("libtensorflow_framework.2.dylib", "libtensorflow_cc.2.dylib"),
}


def preload_tensorflow() -> tuple[str, ...]:
    """Load the libraries that exist; errors are left to the import itself.

    Returns:
        The names of the loaded libraries.
    """
    if "tensorflow" in sys.modules or not hasattr(os, "RTLD_LAZY"):
        return ()
    found = importlib.util.find_spec("tensorflow")
    if found is None or found.origin is None:
        return ()
    folder = Path(found.origin).parent
    load = ctypes.CDLL(None).dlopen
    load.argtypes = (ctypes.c_char_p, ctypes.c_int)
    load.restype = ctypes.c_void_p
    paths = [folder / name for name in NAMES.get(sys.platform, ())]
    return tuple(
        path.name
        for path in paths
        if path.is_file() and load(os.fsencode(path), os.RTLD_LAZY | os.RTLD_LOCAL)
    )
