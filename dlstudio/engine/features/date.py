"""Dates: an input takes the numbers that a date is encoded as."""

from __future__ import annotations

from dlstudio.catalog.features.date import DATE as DESCRIPTION
from dlstudio.data.features.base import Fitted, settings
from dlstudio.document.feature import Feature
from dlstudio.engine.features.date_script import date_script
from dlstudio.engine.features.encoded_rows import encoded_rows
from dlstudio.i18n import _


def _meaning(fitted: Fitted, feature: Feature) -> str:
    del fitted
    if settings(feature, DESCRIPTION)["representation"] == "days":
        return _("Days since 1970-01-01, with the time as a fraction.")
    return _(
        "Whole days since 1970-01-01, the time as a fraction of a day, and the sine "
        "and cosine of the place in the year, in the week (from Monday) and in the day."
    )


DATE = encoded_rows(DESCRIPTION, _meaning, date_script)
