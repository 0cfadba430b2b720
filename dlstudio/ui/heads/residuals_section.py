"""Predicted against actual numbers, and how far off the predictions are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio.document.report_sections import Residuals
from dlstudio.i18n import _
from dlstudio.ui.features.number_format import short_value
from dlstudio.ui.heads.scatter_plot import ScatterPlot
from dlstudio.ui.heads.section import ReportSection, titled_card
from dlstudio.ui.theme.tokens import Theme

MAX_POINTS = 4000


class ResidualPlots:
    """Two scatter plots of the same predictions.

    Args:
        theme: Colours and sizes.
        target: Name of the feature.
        parent: Parent of the plots.

    Attributes:
        predicted_plot: Predicted against actual numbers.
        residual_plot: How far off the predictions are.
        ids: The sample of each point.
    """

    def __init__(self, theme: Theme, target: str, parent: QWidget) -> None:
        c = theme.colors
        actual = _("actual {target}").format(target=target)
        predicted = _("predicted {target}").format(target=target)
        self.predicted_plot = ScatterPlot(
            theme, c.training, (actual, predicted), parent
        )
        self.residual_plot = ScatterPlot(
            theme, c.validation, (predicted, _("predicted − actual")), parent
        )
        self.ids: tuple[str, ...] = ()

    def show_residuals(self, section: Residuals) -> None:
        """Replace the points."""
        actual, predicted = np.array(section.actual), np.array(section.predicted)
        shown = shown_points(np.abs(predicted - actual))
        self.ids = tuple(section.ids[place] for place in shown)
        actual, predicted = actual[shown], predicted[shown]
        tips = [
            f"{id}\n"
            + _("predicted {predicted}, actual {actual}").format(
                predicted=short_value(guess), actual=short_value(truth)
            )
            for id, guess, truth in zip(
                self.ids, predicted.tolist(), actual.tolist(), strict=True
            )
        ]
        ends = _ends(np.concatenate([actual, predicted]))
        self.predicted_plot.show_points(actual, predicted, tips, (ends, ends))
        across = _ends(predicted)
        errors = predicted - actual
        self.residual_plot.show_points(predicted, errors, tips, (across, 0 * across))


class ResidualsSection(ReportSection):
    """Two scatter plots; a click on a point chooses its row.

    Args:
        theme: Colours and sizes.
        section: The numbers.
    """

    def __init__(
        self, theme: Theme, section: Residuals, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._plots = ResidualPlots(theme, section.target, self)
        self._plots.show_residuals(section)
        self.predicted_plot = self._plots.predicted_plot
        self.residual_plot = self._plots.residual_plot
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * theme.unit)
        note = _("Click a point for its row")
        for title, plot in (
            (_("Predicted against actual"), self.predicted_plot),
            (_("Residuals"), self.residual_plot),
        ):
            card = titled_card(theme, title, note, self)
            card.body.addWidget(plot, 1)
            card.setAccessibleDescription(_summary(section))
            row.addWidget(card, 1)
            plot.clicked.connect(self._choose)

    def _choose(self, point: int) -> None:
        self.row_chosen.emit(self._plots.ids[point])


def shown_points(errors: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """The points that are drawn: all, or the worst ones and a fair part of the others.

    Args:
        errors: How far off each prediction is, float64 (n,).
    """
    count = len(errors)
    if count <= MAX_POINTS:
        return np.arange(count)
    worst = np.argsort(-errors, kind="stable")[: MAX_POINTS // 10]
    others = np.linspace(0, count - 1, MAX_POINTS - len(worst)).astype(np.int64)
    return np.unique(np.concatenate([worst, others]))


def _ends(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.array([values.min(), values.max()]) if len(values) else np.zeros(2)


def _summary(section: Residuals) -> str:
    errors = np.abs(np.array(section.predicted) - np.array(section.actual))
    if not len(errors):
        return ""
    return _("On average {error} off, at most {largest}.").format(
        error=short_value(float(errors.mean())),
        largest=short_value(float(errors.max())),
    )
