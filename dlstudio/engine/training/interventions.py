"""What is wished while a training runs, done between two calls and told of."""

from __future__ import annotations

import time
from collections.abc import Callable

from dlstudio.document.events import Event, Intervened
from dlstudio.document.plan import TrainingPlan
from dlstudio.engine.runtime.stop_token import StopToken
from dlstudio.engine.training.control import (
    PAUSE,
    PHASE,
    REFUSED,
    RESUME,
    TrainingControl,
    TrainingPlace,
)
from dlstudio.engine.training.phases import phase_at
from dlstudio.engine.training.state import LoopState
from dlstudio.engine.training.steering import Steering
from dlstudio.errors import UserError

POLL_SECONDS = 0.05
"""Seconds between two looks, while it waits, whether to stop."""


class InterventionHandler:
    """Interventions, pauses and the plan's own phases, in the order of the record.

    Args:
        state: Changed by what is done.
        steering: Does it.
        control: Where wishes come from.
        emit: Called with what was done.
        token: Checked whether to stop, while it waits.
    """

    def __init__(
        self,
        state: LoopState,
        steering: Steering,
        control: TrainingControl,
        emit: Callable[[Event], None],
        token: StopToken,
    ) -> None:
        self._state = state
        self._steering = steering
        self._control = control
        self._emit = emit
        self._token = token
        self.validating = False

    @property
    def place(self) -> TrainingPlace:
        """Where something is done; what comes in validation counts for what follows."""
        state = self._state
        if self.validating:
            return state.epoch + 2, 0
        return state.epoch + 1, state.step

    def steer(self, what: str, value: object) -> None:
        """Do what was wished, and tell of it; what cannot be done is told too."""
        try:
            done = self._steering.apply(self._state, what, value)
        except UserError as error:
            self.report(REFUSED, str(error))
        else:
            self.report(what, done)

    def report(self, what: str, value: object) -> None:
        """Tell of something that was done here and now."""
        self._emit(Intervened(time.time(), *self.place, what, value))

    def follow(self, keep: Callable[[], None]) -> tuple[bool, float]:
        """Do what is due, and wait if that is wished.

        Args:
            keep: Called before it waits.

        Returns:
            Whether there was anything, and how many seconds it waited.
        """
        done = self._steer_all()
        if not self._control.paused:
            return done, 0.0
        since = time.perf_counter()
        self.report(PAUSE, None)
        keep()
        while self._control.paused:
            self._token.check()
            self._steer_all()
            self._control.wait(POLL_SECONDS)
        self.report(RESUME, None)
        return True, time.perf_counter() - since

    def enter_phase(self, plan: TrainingPlan) -> None:
        """Enter the plan's next phase, if it begins with this epoch.

        It is in the record as what is wished is, so that all of it is repeated in the
        same order.
        """
        if self._state.phase >= phase_at(plan, self._state.epoch):
            return
        self._steer_all()  # what came before it; of a record, it may be among that
        wanted = phase_at(plan, self._state.epoch)
        if self._state.phase < wanted:
            self.steer(PHASE, (wanted, 0.0))

    def _steer_all(self) -> bool:
        done = False
        for what, value in self._control.due(self.place):
            self.steer(what, value)
            done = True
        return done
