"""Texts of events for the log and for marks, in the current language. No Qt."""

from __future__ import annotations

from dlstudio.document.change_descriptions import intervention_text
from dlstudio.document.events import (
    EpochEnded,
    Event,
    Intervened,
    RunEnded,
    SamplesExcluded,
)
from dlstudio.document.excluded_samples import excluded_text
from dlstudio.i18n import _
from dlstudio.ui.run_text import outcome_text
from dlstudio.value_text import metric_number

EARLY = "early_stopping"


def mark_text(event: Event) -> str:
    """The text of a mark for an intervention or early stopping."""
    if isinstance(event, Intervened):
        return intervention_text(event)
    return _("stopped early")


def log_lines(event: Event) -> list[str]:
    """The log lines of an event; empty if it is not logged."""
    if isinstance(event, SamplesExcluded):
        return [excluded_text(event)]
    if isinstance(event, EpochEnded):
        named = (
            f"{name} {metric_number(value)}" for name, value in event.metrics.items()
        )
        figures = "  ".join(named)
        return [f"{event.epoch:>4}  {figures}  ({event.seconds:.1f} s)"]
    if isinstance(event, Intervened):
        return [intervention_text(event)]
    if isinstance(event, RunEnded):
        early = [_("stopped early")] if event.reason == EARLY else []
        texts = (outcome_text(event.outcome), event.message, event.hint)
        return [*early, " ".join(each for each in texts if each)]
    return []
