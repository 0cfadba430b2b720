"""How a process ended that did not say so itself, in sentences."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from dlstudio.i18n import _

KILLED, CRASHED, VANISHED = LOST = ("killed", "crashed", "vanished")
"""Reasons of a run whose process did not end it itself."""

COUNTER = Path("/proc/vmstat")
SCARCE = 0.05
"""Less free memory than this share of all makes a kill by the system likely."""
POLL_SECONDS = 0.5
"""Seconds between two looks at the free memory."""
ENDED = ("SIGKILL", "SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
NO_MEMORY = "bad_alloc"
"""What C++ says where memory is refused, before it aborts."""
WINDOWS_FAULT = 0xC0000000


@dataclass(frozen=True, slots=True)
class ProcessExit:
    """How it ended.

    Attributes:
        reason: One of `LOST`.
        message: A sentence.
    """

    reason: str
    message: str


class MemoryMonitor:
    """Watches whether memory ran out while a process lived.

    Args:
        kills: How many processes the kernel has killed for want of memory; None
            where it does not say.
        free: The share of the memory that is free, from 0 to 1.
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
        """Note how much is free just now."""
        self._least = self._free()

    def ran_out(self) -> bool:
        """Whether the kernel has probably killed it for want of memory."""
        now = self._kills()
        more = now is not None and self._before is not None and now > self._before
        return more or self._least < SCARCE


def kernel_kills() -> int | None:
    """How many processes Linux has killed for want of memory; None elsewhere."""
    try:
        lines = COUNTER.read_text("ascii").splitlines()
    except OSError:
        return None
    counts = (line.split() for line in lines if line.startswith("oom_kill "))
    return next((int(count) for _name, count in counts), None)


def free_memory() -> float:
    """The share of the memory that is available, from 0 to 1."""
    memory = psutil.virtual_memory()
    return float(memory.available / memory.total)


def describe_exit(
    status: int, ran_out: Callable[[], bool], stderr_text: str = ""
) -> ProcessExit:
    """Why a process ended that did not report it.

    Args:
        status: As `subprocess` has it: a signal's number is negative.
        ran_out: Whether memory has probably run out; called if it was killed.
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
