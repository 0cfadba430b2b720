"""Explains how a process ended that could not report it itself."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from dlstudio.i18n import _

KILLED, CRASHED, VANISHED = LOST = ("killed", "crashed", "vanished")
"""Reasons for runs whose process died."""

COUNTER = Path("/proc/vmstat")
SCARCE = 0.05
"""Fraction of free memory below which a kill by the system is likely."""
POLL_SECONDS = 0.5
"""Seconds between two checks of the free memory."""
ENDED = ("SIGKILL", "SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
NO_MEMORY = "bad_alloc"
"""The message of C++ before it aborts when an allocation fails."""
WINDOWS_FAULT = 0xC0000000


@dataclass(frozen=True, slots=True)
class ProcessExit:
    """How a process ended.

    Attributes:
        reason: One of `LOST`.
        message: A message for the user.
    """

    reason: str
    message: str


class MemoryMonitor:
    """Detects whether memory ran out while a process was running.

    Args:
        kills: Returns the number of processes the kernel has killed when out of memory;
            None if unknown.
        free: Returns the fraction of memory that is free, 0 to 1.
    """

    def __init__(
        self,
        kills: Callable[[], int | None] | None = None,
        free: Callable[[], float] | None = None,
    ) -> None:
        self._kills = kills or kernel_kills
        self._free = free or free_memory
        self._before = self._kills()
        self._least = 1.0

    def poll(self) -> None:
        """Record the currently free memory."""
        self._least = self._free()

    def ran_out(self) -> bool:
        """Whether the kernel probably killed the process when out of memory."""
        now = self._kills()
        more = now is not None and self._before is not None and now > self._before
        return more or self._least < SCARCE


def kernel_kills() -> int | None:
    """Number of processes Linux has killed when out of memory; None elsewhere."""
    try:
        lines = COUNTER.read_text("ascii").splitlines()
    except OSError:
        return None
    counts = (line.split() for line in lines if line.startswith("oom_kill "))
    return next((int(count) for _name, count in counts), None)


def free_memory() -> float:
    """The fraction of memory that is available, 0 to 1."""
    memory = psutil.virtual_memory()
    return float(memory.available / memory.total)


def describe_exit(
    status: int, ran_out: Callable[[], bool], stderr_text: str = ""
) -> ProcessExit:
    """Describe why a process ended that did not report it.

    Args:
        status: Exit status as in `subprocess`: negative for a signal.
        ran_out: Returns whether memory probably ran out; called if it was killed.
        stderr_text: The last lines of its standard error.
    """
    name = _signal(status)
    if name == "SIGKILL" and ran_out():
        return ProcessExit(
            KILLED,
            _(
                "The training process was killed, probably by the system "
                "because it ran out of memory."
            ),
        )
    if name in ENDED:
        text = _("The training process was killed from outside ({signal}).")
        return ProcessExit(KILLED, text.format(signal=name))
    if name and NO_MEMORY in stderr_text:
        return ProcessExit(
            CRASHED, _("The training process crashed because it ran out of memory.")
        )
    if name:
        text = _("The training process crashed ({signal}).")
        return ProcessExit(CRASHED, text.format(signal=name))
    text = _("The training process ended without a message (status {status}).")
    return ProcessExit(VANISHED, text.format(status=status))


def _signal(status: int) -> str:
    if status >= WINDOWS_FAULT:
        return f"0x{status:08X}"
    if status >= 0:
        return ""
    try:
        return signal.Signals(-status).name
    except ValueError:
        return str(-status)
