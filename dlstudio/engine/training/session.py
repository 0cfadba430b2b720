"""One session of a run: guarantees a `RunEnded` event after `RunStarted`."""

from __future__ import annotations

import os
import shutil
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dlstudio import paths, temporary_files
from dlstudio.document.events import (
    CheckpointSaved,
    Event,
    FeaturesComputed,
    Intervened,
    RunEnded,
    RunStarted,
    SamplesExcluded,
    event_to_json,
)
from dlstudio.document.values import FrozenMap
from dlstudio.engine.runs.checkpoints import Checkpoints, DamagedCheckpoint, assign
from dlstudio.engine.runs.column_reports import COLUMN_REPORTS
from dlstudio.engine.runs.evaluation_report import REPORT
from dlstudio.engine.runs.journal import Journal
from dlstudio.engine.runs.store import CHECKPOINTS, DETAILS, EVENTS, MODEL, Run
from dlstudio.engine.runs.summary import summarize
from dlstudio.engine.runtime.stop_token import StopToken
from dlstudio.engine.training.checkpoint_writer import CheckpointWriter
from dlstudio.engine.training.control import DAMAGED, EPOCHS, TrainingControl
from dlstudio.engine.training.endings import TrainingEnding, ending_of, largest_fitting
from dlstudio.engine.training.loop import Loop
from dlstudio.engine.training.resume import ResumePoint
from dlstudio.engine.training.setup import PreparedTraining
from dlstudio.engine.training.state import LoopState
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel

NAMED = 10
"""Maximum number of excluded samples named in events; the record has them all."""


class TrainingSession:
    """One process's work on a run, from `RunStarted` to `RunEnded`.

    Args:
        run: The run; locked by this process.
        made: The built model, its components and the initial state.
        emit: Called with each event, on the training thread.
        token: Checked between any two calls of the step.
        control: Interventions, live or replayed.
        excluded: Id and reason of each sample excluded as unusable.
    """

    def __init__(
        self,
        run: Run,
        made: PreparedTraining,
        emit: Callable[[Event], None],
        token: StopToken,
        control: TrainingControl,
        excluded: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self._run = run
        self._excluded = excluded
        self._made = made
        self._emit_event = emit
        self._token = token
        self._journal = Journal(run.folder / EVENTS)
        self._checkpoints = Checkpoints(run.folder / CHECKPOINTS)
        self._checkpoint_writer = CheckpointWriter(
            self._checkpoints,
            made.variables,
            len(made.weights),
            self._saved,
            made.method.states,
        )
        self._loop = Loop(
            made.components,
            made.state,
            self._checkpoint_writer,
            self._emit,
            token,
            control,
        )

    def train(self, start: ResumePoint) -> None:
        """Train to the end and record the outcome.

        Only `KeyboardInterrupt` and similar exceptions are re-raised afterwards.
        """
        try:
            try:
                self._begin(start)
                self._loop.run()
                self._checkpoint_writer.close()
                ending = self._finish()
            except BaseException as error:
                ending = self._end_by(error)
                self._write_ending(ending)
                if not isinstance(error, Exception):
                    raise
            else:
                self._write_ending(ending)
        finally:
            self._journal.close()

    def _begin(self, start: ResumePoint) -> None:
        plan, feed = self._made.components.plan, self._made.components.training
        resumed = start.checkpoint or ("start" if start.resumed else "")
        self._emit(
            RunStarted(
                time.time(),
                self._run.id,
                self._loop.epochs,
                feed.steps(plan.batch_size),
                plan.batch_size,
                len(feed),
                self._run.record.device,
                self._loop.pace.steps,
                resumed,
                self._made.smaller_is_better,
                self._run.record.number,
            )
        )
        if self._excluded:
            names, reasons = zip(*self._excluded[:NAMED], strict=True)
            self._emit(
                SamplesExcluded(time.time(), len(self._excluded), names, reasons)
            )
        for name in start.damaged:
            self._emit(Intervened(time.time(), 0, 0, DAMAGED, name))
        if start.epochs is not None:
            self._loop.steer(EPOCHS, start.epochs)

    def _finish(self) -> TrainingEnding:
        """Save the final weights to `model.keras`."""
        made, state = self._made, self._made.state
        plan = made.components.plan
        made.components.stepper.finalize()
        early = plan.early_stopping
        if early is not None and early.restore_best and state.best_checkpoint:
            self._restore(state)
        self._save()
        return TrainingEnding("succeeded", state.ended)

    def _save(self) -> None:
        """Save the model; delete the reports of earlier weights."""
        folder = self._run.folder
        with paths.user_errors(folder, writing=True):
            for report in (REPORT, COLUMN_REPORTS):
                (folder / report).unlink(missing_ok=True)
        save_model(self._made.model, folder / MODEL)

    def _restore(self, state: LoopState) -> None:
        weights = self._made.weights
        try:
            best = self._checkpoints.load(state.best_checkpoint)
        except DamagedCheckpoint:
            raise UserError(
                _("The checkpoint of the best epoch ({epoch}) is damaged.").format(
                    epoch=state.best_epoch
                ),
                _("Resume the run to train its last epochs again."),
            ) from None
        assign(weights, best.arrays[: len(weights)])
        state.metrics = dict(state.best_metrics)

    def _end_by(self, error: BaseException) -> TrainingEnding:
        """Shut down after an error, and save what can be saved."""
        ending = ending_of(error, self._fitting)
        if not ending.expected:
            text = "".join(traceback.format_exception(error))
            with suppress(UserError):
                place = self._run.folder / DETAILS
                paths.write_text(place, text, below=self._run.project_folder)
        try:
            if ending.outcome == "cancelled":
                self._checkpoint_writer.save(self._made.state)
                self._save()
            self._checkpoint_writer.close()
        except Exception as second:
            # Report the first reason, unless it was only a stop request.
            if ending.outcome == "cancelled":
                ending = ending_of(second, lambda: None)
        return ending

    def _fitting(self) -> int | None:
        """Try smaller batches; the run has failed, so its weights may change."""
        components = self._made.components
        feed, stepper = components.training, components.stepper

        def attempt(batch: int) -> None:
            shared = max(batch // stepper.replicas, 1) * stepper.replicas
            order = np.arange(min(shared, len(feed)), dtype=np.int32)
            for block in feed.blocks(order, shared, 0, lambda _step: 1):
                stepper.train(block.pool, block.index, np.zeros(1, np.float32))

        return largest_fitting(attempt, components.plan.batch_size)

    def _write_ending(self, ending: TrainingEnding) -> None:
        """Write to the record, the journal and listeners, each even if others fail."""
        try:
            self._note(ending)
        except UserError as error:
            ending = TrainingEnding("failed", "refused", error.message, error.hint)
        state = self._made.state
        event = RunEnded(
            time.time(),
            self._run.id,
            ending.outcome,
            FrozenMap(state.metrics),
            ending.message,
            ending.hint,
            ending.reason,
        )
        with suppress(UserError):  # a full disk has been reported already
            self._journal.write(event_to_json(event))
        self._emit_event(event)

    def _note(self, ending: TrainingEnding) -> None:
        state = self._made.state
        summary = summarize(self._run.folder / EVENTS)
        summary.add_time(time.time())
        best = summary.best_values(self._made.smaller_is_better)
        self._run.set_outcome(
            ending.outcome,
            reason=ending.reason,
            message=f"{ending.message} {ending.hint}".strip(),
            metrics=dict(state.metrics),
            best={"epoch": state.best_epoch, "metrics": dict(state.best_metrics)},
            epochs=state.epoch,
            seconds=state.seconds,
            elapsed=summary.elapsed,
            best_values={name: asdict(each) for name, each in best.items()},
            steps_per_execution=self._loop.pace.steps,
        )

    def _saved(self, epoch: int, step: int, name: str) -> None:
        path = f"{CHECKPOINTS}/{name}"
        self._emit(CheckpointSaved(time.time(), epoch, step, path))

    def _emit(self, event: Event) -> None:
        if not isinstance(event, FeaturesComputed):
            self._journal.write(event_to_json(event))
        self._emit_event(event)


def save_model(model: KerasModel, path: Path) -> None:
    """Write a model as a plain `.keras` file, atomically.

    It was never compiled, so Keras opens it without dlstudio.

    Raises:
        UserError: The disk is full or the folder cannot be written.
    """
    with paths.user_errors(path, writing=True):
        folder = temporary_files.temporary_folder(path)
        temporary = folder / path.name
        try:
            model.save(temporary)
            with temporary.open("rb+") as stream:
                os.fsync(stream.fileno())
            os.replace(temporary, path)
            paths.sync_folder(path.parent)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
