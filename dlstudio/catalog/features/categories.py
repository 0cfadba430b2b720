"""Several names in one cell."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Implementations, Param
from dlstudio.i18n import marked as _

CATEGORIES = Description(
    kind="dlstudio.features.categories",
    family="features",
    implementation="",
    title=_("Categories"),
    category="tables",
    summary=_("Any number of names, such as the tags of an article."),
    params=(
        Param(
            "separator",
            "enum",
            default="auto",
            choices=("auto", "|", ";", ","),
            summary=_(
                "What separates the names in a cell. “auto” looks at all cells that "
                "are read together."
            ),
        ),
    ),
    implementations=Implementations(
        data="dlstudio.data.features.categories:CATEGORIES",
        engine="dlstudio.engine.features.categories:CATEGORIES",
        view="dlstudio.ui.features.categories:CATEGORIES",
    ),
)
