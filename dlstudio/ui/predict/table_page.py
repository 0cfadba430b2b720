"""Where tables are predicted: a place to drop one, or the latest one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from dlstudio.i18n import _
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.predict.result_card import ResultCard
from dlstudio.ui.services.table_predictions import TablePredictions
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.empty_state import EmptyState

MOST_NAMES = 12


class PredictedTablePage(QStackedWidget):
    """The result, or what a table must have.

    Args:
        theme: Colours and sizes.
        views: Show the values of each feature type.
        predictions: Predicts tables.

    Signals:
        open_requested: Emitted when the user wants to open a table.
    """

    open_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        views: FeatureViews,
        predictions: TablePredictions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._predictions = predictions
        self._empty: EmptyState | None = None
        self.result = ResultCard(theme, views, predictions, self)
        self.addWidget(self.result)
        self.show_inputs(())
        predictions.changed.connect(self._refresh)
        self._refresh()

    def show_inputs(self, names: Sequence[str], lines: bool = False) -> None:
        """Say which columns a table must have.

        Args:
            names: Of the columns.
            lines: Whether pasted lines are rows, too.
        """
        if self._empty is not None:
            self.removeWidget(self._empty)
            self._empty.hide()
            self._empty.deleteLater()
        opener = button(self._theme, _("Open table…"), "primary", "mdi6.table")
        opener.clicked.connect(self.open_requested)
        self._empty = EmptyState(
            self._theme,
            "mdi6.table-arrow-down",
            _("Drop a table here"),
            _inputs_text(names, lines),
            (opener,),
            dashed=True,
        )
        self.addWidget(self._empty)
        self._refresh()

    def _refresh(self) -> None:
        filled = self._predictions.path is not None
        if self._empty is not None:
            self.setCurrentWidget(self.result if filled else self._empty)


def _inputs_text(names: Sequence[str], lines: bool) -> str:
    text = _("CSV, Excel, Parquet or JSON Lines. The model predicts each row.")
    if lines:
        text = _(
            "CSV, Excel, Parquet or JSON Lines; or paste several lines. The model "
            "predicts each row."
        )
    if not names:
        return text
    listed = _(", ").join([*names[:MOST_NAMES], *(["…"] * (len(names) > MOST_NAMES))])
    return text + "\n" + _("Columns that it needs: {names}").format(names=listed)
