"""Categories: one of a few names in each cell."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Implementations, Param
from dlstudio.i18n import marked as _

CATEGORY = Description(
    kind="dlstudio.features.category",
    family="features",
    implementation="",
    title=_("Category"),
    category="tables",
    summary=_("One of a few names, such as a color, a country or a class."),
    params=(
        Param(
            "missing",
            "enum",
            default="own_class",
            choices=("own_class", "most_frequent", "drop"),
            summary=_(
                "What takes the place of a missing category: a class of its own, or "
                "the most frequent one of the training split. “drop” excludes the row."
            ),
        ),
    ),
    implementations=Implementations(
        data="dlstudio.data.features.category:CATEGORY",
        engine="dlstudio.engine.features.category:CATEGORY",
        view="dlstudio.ui.features.category:CATEGORY",
    ),
)
