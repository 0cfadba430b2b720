"""Numbers: lengths, prices, counts."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Implementations, Param
from dlstudio.i18n import marked as _

NUMBER = Description(
    kind="dlstudio.features.number",
    family="features",
    implementation="",
    title=_("Number"),
    category="tables",
    summary=_("A quantity, such as a length, a price or a count."),
    params=(
        Param(
            "missing",
            "enum",
            default="median",
            choices=("median", "mean", "value", "drop"),
            summary=_(
                "What takes the place of a missing number: the median or mean of the "
                "training split, or a fixed value. “drop” excludes the row."
            ),
        ),
        Param(
            "fill_value",
            "float",
            default=0.0,
            summary=_("The number used if missing numbers get a fixed value."),
        ),
        Param(
            "minimum",
            "float",
            optional=True,
            summary=_("Lower numbers are set to this one; empty for no limit."),
        ),
        Param(
            "maximum",
            "float",
            optional=True,
            summary=_("Higher numbers are set to this one; empty for no limit."),
        ),
        Param(
            "decimal",
            "enum",
            default="point",
            choices=("point", "comma", "auto"),
            summary=_(
                "What stands before the decimals: a point as in 1,234.5, or a comma "
                "as in 1.234,5. “auto” looks at all numbers that are read together."
            ),
            advanced=True,
        ),
        Param(
            "unit",
            "text",
            default="",
            summary=_(
                "The unit written with the numbers, such as kg or €. Numbers with "
                "another unit cannot be read. Empty for the most frequent one."
            ),
            advanced=True,
        ),
    ),
    implementations=Implementations(
        data="dlstudio.data.features.number:NUMBER",
        engine="dlstudio.engine.features.number:NUMBER",
        view="dlstudio.ui.features.number:NUMBER",
    ),
)
