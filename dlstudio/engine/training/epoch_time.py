"""Estimates the duration of an epoch from a few real steps."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from dlstudio.catalog.store import Catalog
from dlstudio.data.pipeline import PreparedSamples
from dlstudio.document.project import Project
from dlstudio.engine.runtime.devices import choose_placement
from dlstudio.engine.runtime.stop_token import StopToken
from dlstudio.engine.training.endings import is_memory
from dlstudio.engine.training.setup import assemble
from dlstudio.errors import UserError
from dlstudio.i18n import _

CALLS = 4
STEPS = 4
"""Steps per call, so that the overhead of a call is small."""


def epoch_seconds(
    project: Project, samples: PreparedSamples, catalog: Catalog, token: StopToken
) -> float:
    """Seconds for the training steps of an epoch, without validation.

    A temporary model is built; nothing is saved.

    Args:
        project: The project with model and plan.
        samples: The training data, prepared.
        catalog: Describes layers, optimizers and losses.
        token: Checked before each call.

    Raises:
        UserError: Model, plan and data do not match, or do not fit into memory.
        Stopped: `token` was set.
    """
    placement = choose_placement(project.plan.device)
    batch = project.plan.batch_size
    try:
        with placement.scope():
            made = assemble(project, samples, catalog, placement)
            feed, stepper = made.components.training, made.components.stepper
            order = np.arange(len(feed), dtype=np.int32)
            times: list[float] = []
            began = perf_counter()
            for block in feed.blocks(order, batch, 0, lambda _step: STEPS):
                token.check()
                steps = len(block.index)
                stepper.train(block.pool, block.index, np.zeros(steps, np.float32))
                now = perf_counter()
                times.append((now - began) / steps)
                began = now
                if len(times) > CALLS:
                    break
    except Exception as error:
        if not is_memory(error):
            raise
        raise UserError(
            _("There is not enough memory for this batch size."),
            _("Use a smaller batch size or a smaller model."),
        ) from error
    # The first call also traces the step.
    return float(np.median(times[1:] or times)) * feed.steps(batch)
