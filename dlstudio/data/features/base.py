"""What the data part of every feature type does."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any, Protocol, cast

import numpy as np

from dlstudio.catalog.schema import Description
from dlstudio.data.columns import Cells, Column, Indices, Mask
from dlstudio.data.columns import Fitted as Fitted
from dlstudio.data.columns import Rows as Rows
from dlstudio.document.column_statistics import ColumnStatistics as ColumnStatistics
from dlstudio.document.feature import Feature
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject


@dataclass(frozen=True, eq=False, slots=True)
class ParsedColumn:
    """A column as its type reads it.

    Attributes:
        column: One value for each cell; missing where it could not be read, too.
        unreadable: Cells that are not blank and not of this type, bool (n,).
        reason: Why they are, as a sentence; "" where nothing more is known.
    """

    column: Column
    unreadable: Mask
    reason: str = ""

    def take(self, indices: Indices) -> ParsedColumn:
        """The cells at `indices`, in that order."""
        column, unreadable = self.column.take(indices), self.unreadable[indices]
        return ParsedColumn(column, unreadable, self.reason)


@dataclass(frozen=True, slots=True)
class InputForm:
    """The input layer that a feature enters.

    Attributes:
        shape: Of one sample; None for any size.
        dtype: "float32" or "string".
        scaled: Whether its numbers are of similar size anyway, so that a Normalization
            adds nothing.
    """

    shape: tuple[int | None, ...]
    dtype: str = "float32"
    scaled: bool = False


class FeatureType(Protocol):
    """The data part of a feature type; descriptions name an instance of it.

    Reading a table for training and reading one value from outside go the same way:
    `parse`, then `encode` with what `fit` has learned. What only a whole column can
    say, such as whether a comma is its decimal mark, is a setting: `infer_params` finds
    it, and the feature keeps it.
    """

    def certainty(self, cells: Cells, name: str) -> float:
        """How well cells fit this type, 0 (not at all) to 1.

        Args:
            cells: All cells of a column, or a fair part of them.
            name: The column's name, which may say more ("id", "date").
        """

    def infer_params(self, cells: Cells) -> JsonObject:
        """The settings with which single cells are read as in this whole column."""

    def parse(self, cells: Cells, feature: Feature) -> ParsedColumn:
        """Cells as values of this type."""

    def statistics(self, column: Column) -> ColumnStatistics:
        """What is in a parsed column."""

    def input_form(self, feature: Feature, distinct: int | None) -> InputForm:
        """The input layer that takes values of this type.

        Args:
            feature: With the user's settings.
            distinct: Different values in the data, the missing one not counted; None
                if unknown.
        """

    def fit(self, column: Column, training: Indices, feature: Feature) -> JsonObject:
        """What has to be learned from the training split before rows can be encoded.

        Args:
            column: Parsed; all samples.
            training: The samples to learn from. Of a target all that are used: a class
                is one even if the training split has none of it.
            feature: With the user's settings.
        """

    def encode(self, column: Column, fitted: Fitted, feature: Feature) -> Rows:
        """A row for each sample, (n, ...).

        Args:
            column: Parsed; of the data set or from outside.
            fitted: From `fit`.
            feature: With the user's settings.

        Raises:
            UserError: A value has no row, such as a missing one where the settings
                say that none may be missing.
        """

    def decode(self, rows: Rows, fitted: Fitted, feature: Feature) -> Cells:
        """The values that rows stand for, in a form that `parse` reads again.

        Args:
            rows: As `encode` gives them; of a prediction, too.
            fitted: From `fit`.
            feature: With the user's settings.
        """


def load_feature_type(description: Description) -> FeatureType:
    """The data part of a feature type."""
    module, _colon, name = description.implementations.data.partition(":")
    return cast("FeatureType", getattr(importlib.import_module(module), name))


def settings(feature: Feature, description: Description) -> dict[str, Any]:
    """All settings of a feature: its own, else the defaults of its type."""
    return {**description.defaults(), **feature.params}


def may_drop_rows(feature: Feature, description: Description) -> bool:
    """Whether rows without a value are excluded.

    Args:
        feature: With the user's settings.
        description: Of its type; nothing takes the place of a value that is stored
            elsewhere.
    """
    stored = bool(description.implementations.stored)
    return stored or feature.params.get("missing") == "drop"


def dropped_rows(column: Column, feature: Feature, description: Description) -> Mask:
    """Rows that the feature's settings exclude, bool (n,); to be done before `encode`.

    Args:
        column: Parsed.
        feature: With the user's settings.
        description: Of its type.
    """
    if may_drop_rows(feature, description):
        return column.missing()
    return np.zeros(len(column), bool)


def missing_refused() -> UserError:
    """The error for a value that is missing where none may be."""
    return UserError(
        _("A value is missing."),
        _("Enter it, or choose in the Data room how missing values are filled."),
    )
