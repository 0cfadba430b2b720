"""Applies interventions between two calls of the step, and reports them."""

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
"""Seconds between two checks for a stop while paused."""


class InterventionHandler:
    """Applies interventions, pauses and the plan's phases, in recorded order.

    Args:
        state: The loop's state; updated by interventions.
        steering: Applies the interventions.
        control: The source of interventions.
        emit: Called with an event for each applied intervention.
        token: Checked while paused.
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
        """The place of an intervention; during validation, that of the next step."""
        state = self._state
        if self.validating:
            return state.epoch + 2, 0
        return state.epoch + 1, state.step

    def steer(self, what: str, value: object) -> None:
        """Apply an intervention and report it, or report that it failed."""
        try:
            done = self._steering.apply(self._state, what, value)
        except UserError as error:
            self.report(REFUSED, str(error))
        else:
            self.report(what, done)

    def report(self, what: str, value: object) -> None:
        """Report an intervention at the current place."""
        self._emit(Intervened(time.time(), *self.place, what, value))

    def follow(self, keep: Callable[[], None]) -> tuple[bool, float]:
        """Apply due interventions, and wait while paused.

        Args:
            keep: Called before waiting.

        Returns:
            Whether there was an intervention, and the seconds waited.
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
        """Enter the plan's next phase, if it starts with this epoch.

        It is recorded like an intervention, so that everything is replayed in the same
        order.
        """
        if self._state.phase >= phase_at(plan, self._state.epoch):
            return
        self._steer_all()  # earlier ones first; a replayed record may include the phase
        wanted = phase_at(plan, self._state.epoch)
        if self._state.phase < wanted:
            self.steer(PHASE, (wanted, 0.0))

    def _steer_all(self) -> bool:
        done = False
        for what, value in self._control.due(self.place):
            self.steer(what, value)
            done = True
        return done
