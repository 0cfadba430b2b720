"""Dates and times."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Implementations, Param
from dlstudio.i18n import marked as _

DATE = Description(
    kind="dlstudio.features.date",
    family="features",
    implementation="",
    title=_("Date"),
    category="tables",
    summary=_("A date, with or without a time."),
    params=(
        Param(
            "missing",
            "enum",
            default="median",
            choices=("median", "drop"),
            summary=_(
                "What takes the place of a missing date: the median of the training "
                "split. “drop” excludes the row."
            ),
        ),
        Param(
            "representation",
            "enum",
            default="calendar",
            choices=("calendar", "days"),
            summary=_(
                "What the model sees: “calendar” for the days since 1970, the time, "
                "and where in the year, week and day it is; “days” for the days alone."
            ),
        ),
        Param(
            "order",
            "enum",
            default="auto",
            choices=("auto", "day_first", "month_first"),
            summary=_(
                "Which comes first in 1/5/2024. “auto” looks at all dates that are "
                "read together."
            ),
            advanced=True,
        ),
    ),
    # A number to predict, not where in the week and the year it is.
    extra={"target_params": {"representation": "days"}},
    implementations=Implementations(
        data="dlstudio.data.features.date:DATE",
        engine="dlstudio.engine.features.date:DATE",
        view="dlstudio.ui.features.date:DATE",
    ),
)
