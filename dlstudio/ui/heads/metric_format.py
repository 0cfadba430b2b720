"""Names and values of metrics in reports. No Qt."""

from __future__ import annotations

from dlstudio.document import metric_text
from dlstudio.document.metric_text import interval_text, metric_value, signed_value
from dlstudio.i18n import ngettext
from dlstudio.ui.run_text import metric_name

__all__ = (
    "interval_text",
    "metric_title",
    "metric_value",
    "over_samples",
    "signed_value",
)


def metric_title(name: str) -> str:
    """The displayed name of a metric, as a title."""
    titled = metric_text.metric_title(name)
    if titled:
        return titled  # "chrF" begins with a small letter
    readable = metric_name(name)
    return readable[:1].upper() + readable[1:]


def over_samples(count: int) -> str:
    """How many samples something was computed on: "over 2,000 samples"."""
    text = ngettext("over {count} sample", "over {count} samples", count)
    return text.format(count=f"{count:,}")
