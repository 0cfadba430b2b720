"""What the header and the notices say of a training."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.document.events import Event, RunEnded
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.runs.words import short_id
from dlstudio.ui.studio import Studio
from dlstudio.ui.train.cards import clock
from dlstudio.ui.train.series import Series

TONES = {"succeeded": "good", "cancelled": "warning", "failed": "bad"}


def tell_header(studio: Studio, state: str, series: Series) -> None:
    """Say how a training goes, whatever room is shown."""
    if state == "preparing":
        studio.activity.show(_("Preparing the data"), "train")
        return
    text = _("Run {run} · epoch {epoch}/{epochs}").format(
        run=short_id(series.run), epoch=series.epoch, epochs=series.epochs
    )
    left = series.left()
    if state == "paused":
        text += " · " + _("paused")
    elif left is not None:
        text += " · " + _("{time} left").format(time=clock(left))
    studio.activity.show(text, "train", "warning" if state == "paused" else "accent")


def ended_in(events: Sequence[Event]) -> RunEnded | None:
    """The ending, if it is among them."""
    return next((event for event in events if isinstance(event, RunEnded)), None)


def tell_ending(studio: Studio, ended: RunEnded) -> None:
    """Say how it ended; a failure with its reason."""
    texts = {
        "succeeded": _("Run {run} finished"),
        "cancelled": _("Run {run} stopped"),
        "failed": _("Run {run} failed"),
    }
    text = texts.get(ended.outcome, "{run}").format(run=short_id(ended.run))
    studio.activity.show(text, "train", TONES.get(ended.outcome, "bad"))
    if ended.message:
        studio.notices.error(UserError(ended.message, ended.hint))
