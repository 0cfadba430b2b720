"""What the view part of every feature type does."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Protocol, cast

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from dlstudio.catalog.schema import Description
from dlstudio.document.column_statistics import ColumnStatistics
from dlstudio.document.output_answer import OutputAnswer
from dlstudio.ui.features.value_edit import AnyEdit
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.table import TableColumn


class FeatureView(Protocol):
    """The view part of a feature type; descriptions name an instance of it.

    Values are texts, as in the cells of a table: what a view shows or an editor gives
    is read by the type's data part.

    Attributes:
        icon: As in `qtawesome`.
        color: Of the type's chip, "#rrggbb" for a light background.
        numeric: Whether values are aligned to the right.
        reads_files: Whether the text in a file is a value, and not the file's path.
    """

    @property
    def icon(self) -> str: ...

    @property
    def color(self) -> str: ...

    @property
    def numeric(self) -> bool: ...

    @property
    def reads_files(self) -> bool: ...

    def text(self, value: str) -> str:
        """How a value is shown."""

    def summary(self, statistics: ColumnStatistics) -> str:
        """A column in a few words, such as "1 to 12, median 3"."""

    def paint(
        self,
        painter: QPainter,
        area: QRectF,
        statistics: ColumnStatistics,
        theme: Theme,
    ) -> None:
        """Draw how the values of a column are distributed.

        Args:
            painter: Of the header.
            area: Where to draw.
            statistics: Of the column.
            theme: Colours and sizes.
        """

    def editor(self, theme: Theme, column: TableColumn, parent: QWidget) -> AnyEdit:
        """A field for one value.

        Args:
            theme: Colours and sizes.
            column: Says what values there are.
            parent: Parent of the field.
        """

    def hint(self, column: TableColumn) -> str:
        """What can be entered, for below the field of a form."""

    def remark(self, value: str, column: TableColumn) -> str:
        """What is unusual about a valid value, such as a name never seen; or "".

        Args:
            value: "" where it is missing.
            column: Says what values there are.
        """

    def takes_file(self, path: Path) -> bool:
        """Whether a file that is dropped or pasted is a value, by its name."""

    def answer_text(self, answer: OutputAnswer, column: TableColumn) -> str:
        """What a model predicts of this type, in a few words.

        Args:
            answer: Of the output that predicts it.
            column: The predicted feature.
        """

    def answer(
        self, theme: Theme, answer: OutputAnswer, column: TableColumn, parent: QWidget
    ) -> QWidget:
        """The same with everything that is known of it.

        Args:
            theme: Colours and sizes.
            answer: Of the output that predicts it.
            column: The predicted feature; its statistics may be known.
            parent: Parent of the widget.
        """


def load_feature_view(description: Description) -> FeatureView:
    """The view part of a feature type."""
    module, _colon, name = description.implementations.view.partition(":")
    return cast("FeatureView", getattr(importlib.import_module(module), name))


def setting(column: TableColumn, description: Description, name: str) -> object:
    """A setting of a column's feature: its own, else the default of its type.

    Args:
        column: With the user's settings.
        description: Of its feature type.
        name: Of the parameter.
    """
    return {**description.defaults(), **column.params}[name]
