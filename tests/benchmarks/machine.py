"""Where figures are measured: processor, cores, versions, and how quiet it is."""

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
"""Share of the processors that other programs may use while something is measured."""
LOOK = 1.0
"""Seconds to look at the machine before. The load average would not do: it still has
what was measured a moment ago."""


def processor() -> str:
    """The processor's name as its maker tells it."""
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
    """Watches, from its making on, whether other programs disturb a measurement.

    What is already going on is told at once, on stderr.
    """

    def __init__(self) -> None:
        self._before = psutil.cpu_percent(LOOK) / 100
        for warning in self._warnings(self._before):
            print(f"warning: {warning}", file=sys.stderr, flush=True)
        self._begun = perf_counter()
        self._busy, self._own = _busy(), _own()

    def others(self) -> float:
        """Share of all processors that others have used since, from 0 to 1.

        On a virtual machine this includes what its host has taken away.
        """
        passed = (perf_counter() - self._begun) * (psutil.cpu_count() or 1)
        used = _busy() - self._busy - (_own() - self._own)
        return min(1.0, max(0.0, used / max(passed, 1e-9)))

    def warnings(self) -> list[str]:
        """What makes the figures doubtful; empty on a quiet machine."""
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
    """Seconds all processors have worked, or were taken away by a host."""
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0.0)
    guests = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)
    return float(sum(times) - idle - guests)


def _own() -> float:
    """Seconds of this process and of its children that have ended."""
    return sum(os.times()[:4])
