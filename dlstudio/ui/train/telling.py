"""What the header and the notices say of a training."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.document.events import Event, RunEnded
from dlstudio.errors import UserError
from dlstudio.i18n import _, marked
from dlstudio.ui.runs.names import RunNames
from dlstudio.ui.studio import Studio
from dlstudio.ui.train.cards import clock
from dlstudio.ui.train.series import Series

ENDINGS = {
    "succeeded": marked("Run {run} finished"),
    "cancelled": marked("Run {run} stopped"),
    "failed": marked("Run {run} failed"),
}
TONES = {"succeeded": "good", "cancelled": "warning", "failed": "bad"}


def tell_header(studio: Studio, state: str, series: Series, project: str = "") -> None:
    """Say how a training goes, whatever room is shown.

    Args:
        project: Its name, if another one is open.
    """
    if state == "preparing":
        studio.activity.show(lambda: _of(_("Preparing the data"), project), "train")
        return
    names = studio.kept.get("run-names", RunNames)
    names.note(series.run, series.number)
    run, epoch, epochs = names.name(series.run), series.epoch, series.epochs
    left, paused = series.left(), state == "paused"

    def say() -> str:
        text = _("Run {run} · epoch {epoch}/{epochs}")
        text = text.format(run=run, epoch=epoch, epochs=epochs)
        if paused:
            text += " · " + _("paused")
        elif left is not None:
            text += " · " + _("{time} left").format(time=clock(left))
        return _of(text, project)

    studio.activity.show(say, "train", "warning" if paused else "accent")


def ended_in(events: Sequence[Event]) -> RunEnded | None:
    """The ending, if it is among them."""
    return next((event for event in events if isinstance(event, RunEnded)), None)


def tell_ending(studio: Studio, ended: RunEnded, project: str = "") -> None:
    """Say how it ended; a failure with its reason.

    Args:
        project: Its name, if another one is open.
    """
    run = studio.kept.get("run-names", RunNames).name(ended.run)
    text = ENDINGS.get(ended.outcome, "{run}")
    tone = TONES.get(ended.outcome, "bad")
    studio.activity.show(lambda: _of(_(text).format(run=run), project), "train", tone)
    if ended.message:
        error = UserError(_of(ended.message, project), ended.hint)
        studio.notices.error(error, topic="train")


def _of(text: str, project: str) -> str:
    return f"{project}: {text}" if project else text
