"""Names and values of metrics in reports. No Qt."""

from __future__ import annotations

from dlstudio.document import metric_text
from dlstudio.document.metric_text import metric_value, signed_value
from dlstudio.ui.run_text import metric_name

__all__ = ("metric_title", "metric_value", "signed_value")


def metric_title(name: str) -> str:
    """The displayed name of a metric, as a title."""
    readable = metric_text.metric_title(name) or metric_name(name)
    return readable[:1].upper() + readable[1:]
