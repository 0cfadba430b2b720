"""Versions of Python and libraries, and the machine, for records."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version

from dlstudio import __version__

LIBRARIES = ("tensorflow", "keras", "numpy", "pillow")


def versions_now() -> dict[str, str]:
    """Versions of Python, dlstudio and the libraries that affect results."""
    found = {"dlstudio": __version__, "python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def platform_now() -> dict[str, str | int]:
    """This machine and process."""
    return {
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "host": platform.node(),
        "cpus": os.cpu_count() or 1,
        "pid": os.getpid(),
    }
