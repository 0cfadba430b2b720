"""Messages about a training in the header and in notices."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.document.events import Event, RunEnded
from dlstudio.document.features_text import features_text
from dlstudio.errors import UserError
from dlstudio.i18n import _, marked
from dlstudio.labelled_text import labelled
from dlstudio.ui.run_text import run_name
from dlstudio.ui.services.training.run_history import RunHistory
from dlstudio.ui.studio import Studio
from dlstudio.ui.train.metric_cards import duration_text
from dlstudio.workers.training import IDLE, PAUSED, PREPARING

ENDINGS = {
    "succeeded": marked("Run {run} finished"),
    "cancelled": marked("Run {run} stopped"),
    "failed": marked("Run {run} failed"),
}
TONES = {"succeeded": "good", "cancelled": "warning", "failed": "bad"}


def report_progress(
    studio: Studio, state: str, history: RunHistory, project: str = ""
) -> None:
    """Show the progress of a training, visible from every room.

    Args:
        studio: Its header shows it.
        state: Of the trainings; nothing is shown of an idle one.
        history: Of the run; nothing is shown before its first event, or after its last,
            when the thread may still be busy.
        project: Name of the project, if another one is open.
    """
    if state == PREPARING:
        studio.activity.show(
            lambda: _with_project(_("Preparing data"), project), "train"
        )
        return
    if state == IDLE or not history.run:
        return
    names = studio.services.run_names
    names.note(history.run, history.number)
    if history.outcome:
        return
    run, epoch, epochs = names.name(history.run), history.epoch, history.epochs
    left, paused = history.left(), state == PAUSED
    features = history.features

    def make_text() -> str:
        if features is not None:
            return _with_project(features_text(features), project)
        text = _("Run {run} · epoch {epoch}/{epochs}")
        text = text.format(run=run, epoch=epoch, epochs=epochs)
        if paused:
            text += " · " + _("paused")
        elif left is not None:
            text += " · " + _("{time} left").format(time=duration_text(left))
        return _with_project(text, project)

    studio.activity.show(make_text, "train", "warning" if paused else "accent")


def find_end(events: Sequence[Event]) -> RunEnded | None:
    """The end of the run, if among the events."""
    return next((event for event in events if isinstance(event, RunEnded)), None)


def report_ending(studio: Studio, ended: RunEnded, project: str = "") -> None:
    """Report how a run ended; failures with their reason.

    Args:
        project: Name of the project, if another one is open.
    """
    run = studio.services.run_names.name(ended.run)
    text = ENDINGS.get(ended.outcome, "{run}")
    tone = TONES.get(ended.outcome, "bad")
    studio.activity.show(
        lambda: _with_project(_(text).format(run=run), project), "train", tone
    )
    if ended.message:
        error = UserError(_with_project(ended.message, project), ended.hint)
        studio.notices.error(error, topic="train")


def not_started_text(project: str) -> str:
    """That a training could not start.

    Args:
        project: Name of the project, if another one is open; else "".
    """
    if project:
        return _("Training of “{name}” could not start.").format(name=project)
    return _("Training could not start.")


def ending_text(history: RunHistory) -> str:
    """Why a run ended; "" if there is nothing to say about it."""
    if not history.message or history.outcome != "failed":
        return history.message
    text = _("Run {run} failed: {reason}")
    run = run_name(history.number, history.run)
    return text.format(run=run, reason=history.message)


def _with_project(text: str, project: str) -> str:
    return labelled(project, text) if project else text
