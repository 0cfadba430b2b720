"""Display of a running training: one line per epoch, and a bar on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from dlstudio.cli.output import Output, duration
from dlstudio.document.change_descriptions import intervention_text
from dlstudio.document.events import (
    EpochBegan,
    EpochEnded,
    Event,
    FeaturesComputed,
    Intervened,
    RunStarted,
    SamplesExcluded,
    StepsDone,
)
from dlstudio.document.excluded_samples import excluded_text
from dlstudio.document.features_text import features_text
from dlstudio.document.metric_text import MAIN
from dlstudio.document.sample_nouns import sample_words
from dlstudio.engine.runs.run import run_label
from dlstudio.i18n import _, ngettext
from dlstudio.value_text import metric_number

SHOWN = ("loss", MAIN, "val_loss", f"val_{MAIN}")
SECONDS_BETWEEN_LINES = 10.0
"""Between two lines of progress where there is no bar."""
MOST = 10
"""Metrics that fit into a line; of more, the usual ones are shown."""


class TrainingDisplay:
    """Shows a training's events on stderr.

    Args:
        output: Output of the command.
        noun: What the samples are called, as `sample_noun` gives it.
    """

    def __init__(self, output: Output, noun: str) -> None:
        self._output = output
        self._noun = noun
        self._epochs = 0
        self._steps = 0
        self._widths: dict[str, int] = {}
        self._bar: Any = None
        self._task: Any = None
        self._told = 0.0

    @contextmanager
    def shown(self) -> Iterator[None]:
        """The context in which events are shown, with a progress bar on a terminal."""
        if not self._output.live:
            yield
            return
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TimeRemainingColumn(),
            TextColumn("{task.fields[metrics_text]}", style="dim"),
            console=self._output.progress_console,
            transient=True,
        )
        self._task = self._bar.add_task(_("Preparing"), total=None, metrics_text="")
        with self._bar:
            yield

    def preparing(self, done: int, total: int) -> None:
        """Show that `done` of `total` samples are prepared."""
        if self._bar is not None:
            self._bar.update(
                self._task,
                description=_("Preparing {samples}").format(**self._words()),
                completed=done,
                total=total or None,
            )

    def see(self, event: Event) -> None:
        """Show one event."""
        if isinstance(event, RunStarted):
            self._start(event)
        elif isinstance(event, SamplesExcluded):
            self._output_line(excluded_text(event))
        elif isinstance(event, EpochBegan):
            self._move(event.epoch, 0, "")
        elif isinstance(event, FeaturesComputed):
            self._features(event)
        elif isinstance(event, StepsDone):
            speed = _("{count} {samples}/s").format(
                count=f"{event.samples_per_second:,.0f}", **self._words()
            )
            self._move(
                event.epoch, event.step, f"{_metrics_text(event.metrics)}  {speed}"
            )
        elif isinstance(event, EpochEnded):
            self._line(event)
        elif isinstance(event, Intervened):
            self._output_line(f"  {intervention_text(event)}")

    def _words(self) -> dict[str, str]:
        return sample_words(self._noun)

    def _start(self, event: RunStarted) -> None:
        self._epochs, self._steps = event.epochs, event.steps_per_epoch
        if self._bar is not None:
            self._bar.reset(self._task, total=self._epochs * self._steps)
        text = ngettext(
            "Run {run}: {samples} sample, batch size {batch}, on {device}",
            "Run {run}: {samples} samples, batch size {batch}, on {device}",
            event.samples,
        )
        self._output_line(
            text.format(
                run=run_label(event.number, event.run),
                samples=event.samples,
                batch=event.batch_size,
                device=event.device,
            )
        )

    def _move(self, epoch: int, step: int, metrics_text: str) -> None:
        if self._bar is None:
            return
        self._bar.update(
            self._task,
            description=_("Epoch {epoch} of {epochs}").format(
                epoch=epoch, epochs=self._epochs
            ),
            completed=(epoch - 1) * self._steps + step,
            total=self._epochs * self._steps,
            metrics_text=metrics_text,
        )

    def _features(self, event: FeaturesComputed) -> None:
        """Show how many features are computed; now and then if there is no bar."""
        text = features_text(event)
        if self._bar is not None:
            self._bar.update(
                self._task,
                description=text,
                completed=event.done,
                total=event.total,
                metrics_text="",
            )
        elif event.time - self._told >= SECONDS_BETWEEN_LINES:
            self._told = event.time
            self._output_line(text)

    def _line(self, event: EpochEnded) -> None:
        width = len(str(self._epochs))
        place = f"{event.epoch:>{width}}/{self._epochs}"
        best = "  *" if event.best else ""
        self._output_line(
            f"{place}  {self._columns(event.metrics)}  {duration(event.seconds)}{best}"
        )

    def _columns(self, metrics: Mapping[str, float]) -> str:
        """Metrics as wide as in the lines before, so that they stand below them."""
        shown = []
        for name, text in _metric_texts(metrics).items():
            self._widths[name] = max(len(text), self._widths.get(name, 0))
            shown.append(f"{name} {text:>{self._widths[name]}}")
        return "  ".join(shown)

    def _output_line(self, line: str) -> None:
        if self._bar is None:
            self._output.note(line)
        else:
            self._bar.console.print(line, markup=False)


def _metrics_text(metrics: Mapping[str, float]) -> str:
    return "  ".join(f"{name} {text}" for name, text in _metric_texts(metrics).items())


def _metric_texts(metrics: Mapping[str, float]) -> dict[str, str]:
    """The metrics that are shown, by name."""
    known = [name for name in SHOWN if name in metrics]
    if MAIN not in metrics and len(metrics) <= MOST:
        known = list(metrics)
    return {name: metric_number(metrics[name]) for name in known}
