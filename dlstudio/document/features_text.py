"""The progress of features that are computed once, in words."""

from __future__ import annotations

from dlstudio.document.events import FeaturesComputed
from dlstudio.i18n import _


def features_text(event: FeaturesComputed) -> str:
    """How many features are computed, such as "Computing features: 1,200 of 5,000"."""
    text = _("Computing features: {done} of {total}")
    return text.format(done=f"{event.done:,}", total=f"{event.total:,}")
