"""Axes of plots in reports: titled, with numbers as the rest of the report has them."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg

from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme
from dlstudio.value_text import grouped, value_text


def set_up_axes(theme: Theme, widget: pg.PlotWidget, titles: tuple[str, str]) -> None:
    """Give a plot its axes, without a menu.

    Args:
        theme: Colours and sizes.
        widget: The plot.
        titles: Of the horizontal and the vertical axis.
    """
    colors = theme.colors
    item = widget.getPlotItem()
    item.hideButtons()
    item.setMenuEnabled(False)
    menu = item.ctrlMenu  # not shown, but it would outlive the chart
    menu.setParent(widget, menu.windowFlags())
    item.showGrid(x=True, y=True, alpha=0.08)
    for side, title in zip(("bottom", "left"), titles, strict=True):
        axis = _NumberAxis(side)
        item.setAxisItems({side: axis})
        axis.setPen(pg.mkPen(colors.line))
        axis.setTextPen(pg.mkPen(colors.text_muted))
        axis.setStyle(tickFont=text_font(theme, theme.tiny_size), tickLength=0)
        size = f"{theme.tiny_size}px"
        axis.setLabel(title, color=colors.text_muted, **{"font-size": size})


class _NumberAxis(pg.AxisItem):  # type: ignore[misc]
    """An axis that writes numbers as the rest of the report does."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self.enableAutoSIPrefix(False)

    def tickStrings(
        self, values: Sequence[float], _scale: float, _spacing: float
    ) -> list[str]:
        texts = [value_text(each) for each in values]
        if not any("e" in each for each in texts):
            decimals = max((len(each.partition(".")[2]) for each in texts), default=0)
            texts = [grouped(each, decimals) for each in values]
        return [each.replace("-", "−") for each in texts]
