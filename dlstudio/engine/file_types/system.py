"""The registration of this system."""

from __future__ import annotations

import sys

from dlstudio.engine.file_types.linux import LinuxFileTypes
from dlstudio.engine.file_types.mac import MacFileTypes
from dlstudio.engine.file_types.registration import FileTypes
from dlstudio.engine.file_types.windows import UserRegistry, WindowsFileTypes


def system_file_types(platform: str = sys.platform) -> FileTypes:
    """Return how files are registered here.

    Args:
        platform: Value of `sys.platform`.
    """
    if platform == "win32":
        return WindowsFileTypes(UserRegistry())
    if platform == "darwin":
        return MacFileTypes()
    return LinuxFileTypes()
