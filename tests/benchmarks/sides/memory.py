"""Peak memory of this process."""

from __future__ import annotations

import sys
from pathlib import Path


def peak() -> int:
    """Peak bytes of memory of this process, including mapped files."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(x for x in status.read_text().splitlines() if x[:5] == "VmHWM")
        return int(line.split()[1]) * 1024
    import psutil

    info = psutil.Process().memory_info()
    if hasattr(info, "peak_wset"):
        return int(info.peak_wset)
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(most if sys.platform == "darwin" else most * 1024)
