"""A number."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Implementations
from dlstudio.i18n import marked as _

REGRESSION = Description(
    kind="dlstudio.heads.regression",
    family="heads",
    implementation="",
    title=_("Regression"),
    summary=_("Each sample has a number, such as a price or a date."),
    extra={
        "features": ("dlstudio.features.number", "dlstudio.features.date"),
        "labels": "number",
    },
    implementations=Implementations(
        engine="dlstudio.engine.heads.regression:REGRESSION",
        view="dlstudio.ui.heads.number_view:NUMBERS",
    ),
)
