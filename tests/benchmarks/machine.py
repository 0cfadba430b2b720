"""The machine of the measurements: processor, cores, versions, other load."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter

import psutil

LIBRARIES = {
    "tensorflow": "TensorFlow",
    "keras": "Keras",
    "numpy": "NumPy",
    "PySide6-Essentials": "PySide6",
}
OTHERS = 0.05
"""Fraction of CPU time that other programs may use during a measurement."""
LOOK = 1.0
"""Seconds to observe the machine beforehand. The load average is unsuitable: it still
includes earlier measurements.
"""


def processor() -> str:
    """The processor's name from its vendor."""
    found = ""
    with suppress(OSError, subprocess.SubprocessError, StopIteration):
        if sys.platform == "linux":
            lines = Path("/proc/cpuinfo").read_text().splitlines()
            line = next(each for each in lines if each.startswith("model name"))
            found = line.partition(":")[2]
        elif sys.platform == "darwin":
            command = ["sysctl", "-n", "machdep.cpu.brand_string"]
            found = subprocess.check_output(command, text=True)
        elif sys.platform == "win32":
            import winreg

            key = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key) as opened:
                found = str(winreg.QueryValueEx(opened, "ProcessorNameString")[0])
    return found.strip() or platform.processor() or platform.machine()


def describe() -> str:
    """One line: processor, cores, memory, system, versions of the libraries."""
    cores = psutil.cpu_count(logical=False) or 0
    logical = psutil.cpu_count() or 1
    threads = f", {logical} threads" if cores and logical != cores else ""
    memory = psutil.virtual_memory().total / 2**30
    parts = [
        processor(),
        f"{cores or logical} cores{threads}",
        f"{memory:.0f} GiB",
        platform.system(),
        f"Python {platform.python_version()}",
    ]
    for name, title in LIBRARIES.items():
        with suppress(PackageNotFoundError):
            parts.append(f"{title} {version(name)}")
    return "; ".join(parts)


class Quiet:
    """Monitors, from its creation on, whether other programs disturb a measurement.

    Existing load is reported immediately on stderr.
    """

    def __init__(self) -> None:
        self._before = psutil.cpu_percent(LOOK) / 100
        for warning in self._warnings(self._before):
            print(f"warning: {warning}", file=sys.stderr, flush=True)
        self._begun = perf_counter()
        self._busy, self._own = _busy(), _own()

    def others(self) -> float:
        """Fraction of CPU time used by other programs since then, 0 to 1.

        On a virtual machine this includes time stolen by the host.
        """
        passed = (perf_counter() - self._begun) * (psutil.cpu_count() or 1)
        used = _busy() - self._busy - (_own() - self._own)
        return min(1.0, max(0.0, used / max(passed, 1e-9)))

    def warnings(self) -> list[str]:
        """Reasons why results are unreliable; empty on an idle machine."""
        return self._warnings(max(self._before, self.others()))

    def _warnings(self, share: float) -> list[str]:
        if share <= OTHERS:
            return []
        load = psutil.getloadavg()[0]
        return [
            f"The machine is not quiet: other programs use {100 * share:.0f} % of the "
            f"processors (load average {load:.1f}). Close them and measure again."
        ]


def _busy() -> float:
    """CPU seconds of all cores, including time stolen by a host."""
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0.0)
    guests = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)
    return float(sum(times) - idle - guests)


def _own() -> float:
    """CPU seconds of this process and its finished children."""
    return sum(os.times()[:4])
