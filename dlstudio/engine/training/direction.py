"""Which figures should rise, and which one a plan can watch."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.errors import UserError
from dlstudio.i18n import _

_SMALL = ("loss", "error", "entropy", "hinge", "divergence", "poisson", "false")


def larger_is_better(name: str) -> bool:
    """Whether a figure of this name should rise."""
    return not any(part in name.lower() for part in _SMALL)


def watched(monitor: str, metrics: Sequence[str], *, validated: bool) -> str:
    """The figure to watch: `monitor`, or its training twin without validation data.

    Args:
        metrics: Names of the plan's metrics.

    Raises:
        UserError: Nothing is called so; the hint has the names.
    """
    known = ["loss", *metrics]
    if validated:
        known += [f"val_{name}" for name in known]
    elif monitor.startswith("val_"):
        monitor = monitor.removeprefix("val_")
    if monitor not in known:
        raise UserError(
            _("The plan watches “{name}”, which is not measured.").format(name=monitor),
            _("It can watch {names}.").format(names=", ".join(known)),
        )
    return monitor
