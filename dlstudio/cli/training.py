"""Shared by `train` and `reproduce`: displaying, stopping, reporting a training."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from dlstudio.cli.command_text import command_text
from dlstudio.cli.error_output import StdoutClosed
from dlstudio.cli.opened_project import OpenedProject
from dlstudio.cli.output import Output, duration
from dlstudio.cli.run_verdict import judge_run
from dlstudio.cli.signals import stop_request_first
from dlstudio.cli.training_display import TrainingDisplay
from dlstudio.document.metric_text import MAIN, TRAINING_TITLES
from dlstudio.document.sample_nouns import sample_noun
from dlstudio.document.training_method import trains_layers
from dlstudio.engine.runtime.stop_token import Stopped, StopSource, StopToken
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.labelled_text import labelled
from dlstudio.percent_text import percent

if TYPE_CHECKING:
    from dlstudio.data.pipeline import PreparedSamples
    from dlstudio.document.events import Event, RunEnded
    from dlstudio.document.project import Project
    from dlstudio.engine.runs.store import Run
    from dlstudio.engine.training.trainer import TrainerDependencies

T = TypeVar("T")

INTERRUPTED = 130


class Training:
    """A training of an opened project, displayed on the terminal.

    Args:
        opened: The project.
        output: Output of the command.
        show_events: Whether to print the events as JSON, one per line.
    """

    def __init__(
        self, opened: OpenedProject, output: Output, *, show_events: bool = False
    ) -> None:
        self._opened = opened
        self._output = output
        self._show_events = show_events
        noun = sample_noun(opened.project, opened.catalog)
        self._curves = TrainingDisplay(output, noun)
        self._judged = trains_layers(opened.project, opened.catalog)
        self._stop = StopSource()
        self._ended: RunEnded | None = None
        self._last_line: dict[str, Any] | None = None

    def watch(self, work: Callable[[StopToken, TrainerDependencies], T]) -> T:
        """Run `work`, which trains; the first interruption is a request to stop.

        Raises:
            UserError: The training could not start.
            KeyboardInterrupt: The training was stopped before it started.
        """
        with self._curves.shown():
            from dlstudio.engine.runtime.startup import start_tensorflow

            token = self._stop.token
            with stop_request_first(self._request_stop):
                start_tensorflow()
                try:
                    return work(token, self._dependencies(token))
                except Stopped:
                    raise KeyboardInterrupt from None
                except BaseException:
                    self._print_last()
                    raise

    def see(self, event: Event) -> None:
        """Show one event."""
        from dlstudio.document.events import RunEnded, event_to_json

        if self._show_events and isinstance(event, RunEnded):
            # Printed last, after the verdict.
            self._last_line = event_to_json(event)
        elif self._show_events:
            try:
                self._output.json(event_to_json(event))
            except StdoutClosed:  # like an interruption: the run is kept
                self._show_events = False
                self._stop.stop()
        self._curves.see(event)
        if isinstance(event, RunEnded):
            self._ended = event

    def preparing(self, done: int, total: int) -> None:
        """Show how many samples are prepared."""
        self._curves.preparing(done, total)

    def report(self, run: Run, *, evaluate: bool = False) -> None:
        """Report how the training ended, and exit with the matching status.

        Args:
            evaluate: Whether to evaluate the run and print the verdict.
        """
        ended = self._ended
        assert ended is not None
        if not self._output.as_json:
            self._show(run, ended)
        try:
            if evaluate and self._judged:
                judge_run(self._opened, run, self._output, self._show_events)
        finally:
            self._print_last()
        if not self._output.as_json:
            self._show_next(run, ended)
        if ended.outcome == "cancelled":
            raise typer.Exit(INTERRUPTED)
        if ended.outcome != "succeeded":
            raise typer.Exit(1)

    def _print_last(self) -> None:
        line, self._last_line = self._last_line, None
        if line is not None and self._show_events:
            self._output.json(line)

    def _dependencies(self, token: StopToken) -> TrainerDependencies:
        from dlstudio.engine.project.data import prepare_project
        from dlstudio.engine.training.trainer import TrainerDependencies

        opened, progress = self._opened, self.preparing

        def prepare(project: Project) -> PreparedSamples:
            return prepare_project(
                project, opened.folder, opened.catalog, progress, token
            )

        return TrainerDependencies(prepare)

    def _request_stop(self) -> None:
        self._stop.stop()
        self._output.note(
            _(
                "Stopping; all progress is saved. Press Ctrl+C again to stop "
                "immediately."
            )
        )

    def _show(self, run: Run, ended: RunEnded) -> None:
        output, record = self._output, run.record
        if ended.message:
            output.note(UserError(ended.message, ended.hint).__str__())
        sentences = {
            "succeeded": _("Run {run} succeeded in {time}; epochs: {epochs}."),
            "cancelled": _("Run {run} was stopped after {time}; epochs: {epochs}."),
        }
        sentence = sentences.get(
            ended.outcome, _("Run {run} failed after {time}; epochs: {epochs}.")
        )
        elapsed = record.elapsed or record.seconds
        output.text(
            sentence.format(
                run=run.label, epochs=record.epochs, time=duration(elapsed)
            ),
            "bold",
        )
        output.text(
            _("Time in training steps: {time}").format(time=duration(record.seconds))
        )
        if record.project.get("word_vectors"):
            self._show_word_vectors(run)
        if record.project.get("initial_weights"):
            self._show_initial_weights(run)
        best = record.best.get("metrics") or record.metrics
        for name, validated in ((MAIN, False), (f"val_{MAIN}", True)):
            value = best.get(name)
            if value is not None:
                title = _(TRAINING_TITLES[MAIN, validated])
                output.text(labelled(title, percent(value)))

    def _show_word_vectors(self, run: Run) -> None:
        """Report how many words of each Embedding began with a vector of a file."""
        from dlstudio.engine.preprocessing.learned_layers import read_learned
        from dlstudio.engine.words.initial_vectors import FOUND, WORDS

        expected = str(run.record.data.get("learned", ""))
        learned = read_learned(run.folder, expected) if expected else None
        for name, known in (learned or {}).items():
            if FOUND in known:
                text = _("{layer}: {found} of {words} words found in the word vectors")
                found, words = f"{known[FOUND]:,}", f"{known[WORDS]:,}"
                self._output.text(text.format(layer=name, found=found, words=words))

    def _show_initial_weights(self, run: Run) -> None:
        """Report which layers began with the weights that are kept for them."""
        from dlstudio.document.name_lists import list_names
        from dlstudio.engine.model.initial_weights import KEPT
        from dlstudio.engine.preprocessing.learned_layers import read_learned

        expected = str(run.record.data.get("learned", ""))
        learned = read_learned(run.folder, expected) if expected else None
        known = (learned or {}).get(KEPT)
        if known is None:
            return
        count = int(known["matched"])
        text = ngettext(
            "{count} layer began with the initial weights.",
            "{count} layers began with the initial weights.",
            count,
        )
        self._output.text(text.format(count=count))
        lost = [*known["changed"], *known["missing"]]
        if lost:
            more = _("Layers that began with random weights: {names}")
            self._output.text(more.format(names=list_names(lost)))
        for name in known.get("different", ()):
            self._output.note(
                _(
                    "The output {name} begins with weights for other classes than "
                    "those of the data, and has to learn these anew."
                ).format(name=name)
            )

    def _show_next(self, run: Run, ended: RunEnded) -> None:
        output, folder = self._output, self._opened.folder
        command = command_text("evaluate", folder)
        if not self._judged:
            command = command_text("words", folder, "neighbours", "WORD")
        if ended.outcome != "succeeded":
            command = command_text("train", folder, "--resume", run.number or run.id)
        output.text(_("Next: {command}").format(command=command))
