"""Dates: an input takes numbers that they are encoded as; an export takes texts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from dlstudio.catalog.features.date import DATE as DESCRIPTION
from dlstudio.data.columns import Cells
from dlstudio.data.features.base import Fitted, Rows, load_feature_type, settings
from dlstudio.data.features.cell_text import cell_texts
from dlstudio.data.features.date_forms import iso_texts
from dlstudio.document.feature import Feature
from dlstudio.engine.features.base import Values
from dlstudio.engine.features.date_script import date_script
from dlstudio.engine.features.feature_script import FeatureScript, ScriptColumn
from dlstudio.engine.features.input_branch import (
    BranchInput,
    InputBranch,
    number_branch,
)
from dlstudio.errors import joined
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

BLANK = ""
MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


class _DateTensor:
    """See `TensorFeature`: float32 (n, 8) or (n, 1) from strings (n,)."""

    dtype = "str"
    scalar = True
    is_file = False

    def branch(self, given: BranchInput) -> InputBranch:
        """A Normalization."""
        return number_branch(DESCRIPTION, given)

    def values(self, rows: Rows, fitted: Fitted) -> Values:
        """The rows, float32; days alone become a column."""
        del fitted
        table = np.asarray(rows, np.float32)
        return table.reshape(-1, 1) if table.ndim == 1 else table

    def raw(self, cells: Cells, fitted: Fitted, feature: Feature) -> Values:
        """The dates as they are written there, object (n,); "" where there is none."""
        del fitted
        column = load_feature_type(DESCRIPTION).parse(cells, feature).column
        values = cells.values
        if values.dtype == pl.Datetime:  # in UTC, as it is parsed
            values = values.cast(pl.Datetime("us"))
        texts = np.array(cell_texts(Cells(values)).to_list(), object)
        return np.where(column.missing(), BLANK, texts)

    def from_raw(self, values: Tensor, fitted: Fitted, feature: Feature) -> Tensor:
        """Dates in every form that a table may have, encoded; missing ones filled.

        Another text is an error: `predict` refuses it, too.
        """
        # A script needs only what needs no TensorFlow.
        import tensorflow as tf

        from dlstudio.engine.features.date_graph import calendar_rows, filled_days

        params = settings(feature, DESCRIPTION)
        fill = None if params["missing"] == "drop" else float(fitted["fill"])
        days = filled_days(values, str(params["order"]), fill)
        if params["representation"] != "days":
            return calendar_rows(days)
        column: Tensor = tf.reshape(tf.cast(days, tf.float32), (-1, 1))
        return column

    def meaning(
        self, fitted: Fitted, feature: Feature, *, encoded: bool = False
    ) -> str:
        """How a date is written, or what the numbers of its row are."""
        params = settings(feature, DESCRIPTION)
        if encoded:
            return _row_meaning(str(params["representation"]))
        parts = [
            _("A date, with or without a time, such as {example}.").format(
                example=self.example(fitted, feature)
            ),
            _order_meaning(str(params["order"])),
            _("Any other text is an error."),
        ]
        if params["missing"] == "drop":
            parts.append(_("It must not be missing."))
        return joined(*parts)

    def example(self, fitted: Fitted, feature: Feature) -> str:
        """The date that missing ones become."""
        del feature
        (text,) = iso_texts(np.array([np.floor(float(fitted["fill"]))]))
        return text

    def edge_cells(self, fitted: Fitted, feature: Feature) -> Cells:
        """The same date in other forms, with a time only where dates have one."""
        text = self.example(fitted, feature)
        year, month, day = date.fromisoformat(text).timetuple()[:3]
        numbers = (day, month)
        if settings(feature, DESCRIPTION)["order"] == "month_first":
            numbers = (month, day)
        found = [
            f"{numbers[0]}.{numbers[1]}.{year:04}",
            f"{day} {MONTHS[month - 1]} {year:04}",
            f" {year:04}年{month}月{day}日 ",
        ]
        if np.ravel(fitted["deviation"])[:2][-1] > 0:
            found.append(f"{text}T23:59:30.5+02:00")
        return Cells(pl.Series(found))

    def script(self, column: ScriptColumn) -> FeatureScript:
        """Lines that read dates and encode them."""
        return date_script(column)


def _row_meaning(representation: str) -> str:
    if representation == "days":
        return _("Days since 1970-01-01, with the time as a fraction.")
    return _(
        "Whole days since 1970-01-01, the time as a fraction of a day, and the sine "
        "and cosine of the place in the year, in the week (from Monday) and in the day."
    )


def _order_meaning(order: str) -> str:
    if order == "day_first":
        return _("In 1/5/2024 the day comes first.")
    if order == "month_first":
        return _("In 1/5/2024 the month comes first.")
    return _("In 1/5/2024 the month comes first, in 1.5.2024 the day.")


DATE = _DateTensor()
