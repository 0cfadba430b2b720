"""Atomically exchanging two files or folders, where the system supports it."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path

_LINUX_HERE = -100
"""AT_FDCWD: paths are relative to the working directory."""
_LINUX_EXCHANGE = 2
"""RENAME_EXCHANGE"""
_MAC_SWAP = 2
"""RENAME_SWAP"""
_CANNOT = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two files or folders of one disk; neither is missing at any time.

    Returns:
        False if the system or the file system does not support it; nothing changes
        then.

    Raises:
        OSError: The exchange is supported, but failed for these two.
    """
    names = os.fsencode(one), os.fsencode(other)
    try:
        system = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            failed = system.renameat2(
                _LINUX_HERE, names[0], _LINUX_HERE, names[1], _LINUX_EXCHANGE
            )
        elif sys.platform == "darwin":
            failed = system.renamex_np(*names, _MAC_SWAP)
        else:
            return False
    except (AttributeError, OSError, TypeError):  # no such function, or no library
        return False
    if not failed:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))
