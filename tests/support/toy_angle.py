"""A feature type for tests: angles such as "30°", which are the same after a turn.

This is the description and the data part; the engine part is `toy_angle_tensor`
and the view part `toy_angle_view`. Nothing in the package knows of it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from dlstudio.catalog.schema import Description, Implementations, Param
from dlstudio.data.columns import Cells, Column, Indices, Numbers
from dlstudio.data.features.base import (
    ColumnStatistics,
    Fitted,
    InputForm,
    ParsedColumn,
    Rows,
    missing_refused,
    settings,
)
from dlstudio.data.features.cell_text import cell_texts
from dlstudio.data.features.statistics import number_statistics
from dlstudio.document.feature import Feature
from dlstudio.json_values import JsonObject

DESCRIPTION = Description(
    kind="toy.features.angle",
    family="features",
    implementation="",
    title="Angle",
    category="tables",
    summary="A direction in degrees.",
    params=(
        Param(
            "missing",
            "enum",
            default="zero",
            choices=("zero", "drop"),
            summary="What takes the place of a missing angle.",
        ),
    ),
    implementations=Implementations(
        data="toy_angle:ANGLE",
        engine="toy_angle_tensor:ANGLE",
        view="toy_angle_view:ANGLE",
    ),
)
WRITTEN = r"^\s*([-+]?\d{1,9}(?:\.\d{1,9})?)\s*°\s*$"
DECIMALS = 3
Degrees = npt.NDArray[np.float64]


class _Angle:
    """The data part of angles: a row is sine and cosine, float32 (n, 2)."""

    def certainty(self, cells: Cells, name: str) -> float:
        """Share of cells with a degree sign."""
        del name
        texts = cell_texts(cells)
        there = texts.drop_nulls()
        return float(there.str.contains(WRITTEN).mean() or 0.0) if len(there) else 0.0

    def infer_params(self, cells: Cells) -> JsonObject:
        """Nothing."""
        del cells
        return {}

    def parse(self, cells: Cells, feature: Feature) -> ParsedColumn:
        """Degrees from 0 to 360, rounded to `DECIMALS`."""
        del feature
        texts = cell_texts(cells)
        numbers = texts.str.extract(WRITTEN).cast(pl.Float64, strict=False)
        degrees = turned(numbers.fill_null(np.nan).to_numpy())
        return ParsedColumn(
            Numbers(degrees), texts.is_not_null().to_numpy() & np.isnan(degrees)
        )

    def statistics(self, column: Column) -> ColumnStatistics:
        """Of the degrees."""
        return number_statistics(_degrees(column))

    def input_form(self, feature: Feature, distinct: int | None) -> InputForm:
        """Sine and cosine."""
        del feature, distinct
        return InputForm((2,), scaled=True)

    def fit(self, column: Column, training: Indices, feature: Feature) -> JsonObject:
        """Nothing but how missing angles are filled."""
        del column, training, feature
        return {"fill": 0.0}

    def encode(self, column: Column, fitted: Fitted, feature: Feature) -> Rows:
        """Sine and cosine."""
        degrees = _degrees(column)
        missing = np.isnan(degrees)
        if missing.any() and settings(feature, DESCRIPTION)["missing"] == "drop":
            raise missing_refused()
        radians = np.deg2rad(np.where(missing, fitted["fill"], degrees))
        return np.stack([np.sin(radians), np.cos(radians)], axis=1).astype(np.float32)

    def decode(self, rows: Rows, fitted: Fitted, feature: Feature) -> Cells:
        """Degrees with their sign."""
        del fitted, feature
        texts = [f"{value:.{DECIMALS}f}°" for value in degrees_of(rows).tolist()]
        return Cells(pl.Series(texts, dtype=pl.String))


def turned(degrees: Degrees) -> Degrees:
    """The same directions from 0 to 360."""
    return np.mod(np.round(np.mod(degrees, 360), DECIMALS), 360)


def degrees_of(rows: npt.ArrayLike) -> Degrees:
    """Degrees from 0 to 360, (n,), of sines and cosines (n, 2) of any length."""
    table = np.asarray(rows, np.float64)
    return turned(np.rad2deg(np.arctan2(table[:, 0], table[:, 1])))


def _degrees(column: Column) -> Degrees:
    assert isinstance(column, Numbers)
    return column.values


ANGLE = _Angle()
