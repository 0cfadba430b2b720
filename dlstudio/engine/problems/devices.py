"""Checks the plan's device against those of this machine."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.plan import DEVICE
from dlstudio.engine.runtime.devices import devices_for
from dlstudio.errors import UserError
from dlstudio.i18n import _


def devices(context: CheckContext) -> Iterator[Problem]:
    """A GPU that does not exist, or a batch that cannot be divided over several."""
    plan = context.project.plan
    if plan.device in ("auto", "cpu") or not DEVICE.fullmatch(plan.device):
        return
    try:
        count = len(devices_for(plan.device))
    except UserError as error:
        label = _("Set {name} to {value}").format(name="device", value="auto")
        fix = Fix.set_plan(label, "device", "auto")
        yield context.problem("error", "no-device", str(error), fixes=[fix])
        return
    if plan.batch_size > 0 and plan.batch_size % count:
        size = -(-plan.batch_size // count) * count
        label = _("Set the batch size to {size}").format(size=size)
        yield context.problem(
            "error",
            "batch-not-shared",
            _(
                "A batch size of {batch} cannot be divided evenly among {count} "
                "devices."
            ).format(batch=plan.batch_size, count=count),
            fixes=[Fix.set_plan(label, "batch_size", size)],
        )


DEVICES = (devices,)
