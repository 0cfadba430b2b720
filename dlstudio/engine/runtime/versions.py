"""What a run was trained with: libraries, Python, machine."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version

from dlstudio import __version__

LIBRARIES = ("tensorflow", "keras", "numpy", "pillow")


def versions_now() -> dict[str, str]:
    """Of Python, dlstudio and the libraries that decide a result."""
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
