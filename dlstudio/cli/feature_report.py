"""Printing the sections of a report about features."""

from __future__ import annotations

from dlstudio.cli.output import Output
from dlstudio.document.feature_sections import (
    GroupMetrics,
    Importance,
    PartialDependence,
)
from dlstudio.document.metric_text import (
    gap_text,
    metric_title,
    metric_value,
    signed_value,
)
from dlstudio.i18n import _
from dlstudio.percent_text import percent
from dlstudio.value_text import value_text

BAR = 24
"""Characters of the longest bar."""


def show_importance(output: Output, section: Importance) -> None:
    """Print how much each feature matters.

    Args:
        output: Output to print to.
        section: The features, the most important one first.
    """
    metric = section.metric
    text = _("Feature importance: how much lower “{metric}” is if permuted")
    output.text(text.format(metric=metric_title(metric)))
    most = max((each.loss for each in section.features), default=0.0)
    rows = [
        (
            each.feature,
            metric_value(metric, each.loss),
            f"± {metric_value(metric, each.deviation)}",
            _bar(each.loss, most),
        )
        for each in section.features
    ]
    heads = (_("Feature"), _("Difference"), _("Deviation"), "")
    output.table(heads, rows, numbers=(1, 2))


def show_dependence(output: Output, section: PartialDependence) -> None:
    """Print the average prediction for each value of a feature.

    Args:
        output: Output to print to.
        section: Values and predictions.
    """
    text = _("Average prediction by {feature}")
    output.text(text.format(feature=section.feature))
    units = section.units or (_("Prediction"),)
    share = bool(section.units)
    rows = [
        (_shown(value), *(_unit(each, share) for each in mean))
        for value, mean in zip(section.values, section.mean, strict=True)
    ]
    output.table(
        (section.feature, *units), rows, numbers=tuple(range(1, len(units) + 1))
    )


def show_groups(output: Output, section: GroupMetrics) -> None:
    """Print a metric for each group, and the largest gap.

    Args:
        output: Output to print to.
        section: The groups.
    """
    metric, title = section.metric, metric_title(section.metric)
    text = _("{metric} by {feature}, {value} overall")
    overall = metric_value(metric, section.overall)
    output.text(text.format(metric=title, feature=section.feature, value=overall))
    rows = [
        (
            each.group or _("no value"),
            f"{each.samples:,}",
            metric_value(metric, each.value),
            ""
            if each.value is None
            else signed_value(metric, each.value - section.overall),
            _("uncertain: few samples") if each.uncertain else "",
        )
        for each in section.groups
    ]
    heads = (section.feature, _("Samples"), title, _("Difference"), "")
    output.table(heads, rows, numbers=(1, 2, 3))
    output.text(gap_text(section))


def _bar(value: float, most: float) -> str:
    return "█" * round(BAR * value / most) if most > 0 and value > 0 else ""


def _shown(value: float | str) -> str:
    return value or _("no value") if isinstance(value, str) else value_text(value)


def _unit(value: float, share: bool) -> str:
    return percent(value) if share else value_text(value)
