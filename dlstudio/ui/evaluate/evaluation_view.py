"""An evaluation: one output at a time, by what its head has in its report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from dlstudio.catalog.features.text import TEXT
from dlstudio.catalog.features.tokens import TOKENS
from dlstudio.document.evaluation import VERDICT, Evaluation, HeadReport, outputs_of
from dlstudio.document.image_requests import ImageRequest
from dlstudio.document.sample_nouns import IMAGES
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject
from dlstudio.ui.evaluate.columns_page import ColumnsPage
from dlstudio.ui.evaluate.explained_row import ExplainedRowCard
from dlstudio.ui.evaluate.groups_page import GroupsPage
from dlstudio.ui.evaluate.output_page import OutputPage
from dlstudio.ui.heads.head_view import ReportPage, implementation, report_pages
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import SegmentedControl
from dlstudio.ui.widgets.labels import label
from dlstudio.ui.widgets.no_wheel_combo_box import NoWheelComboBox

RESULTS, COLUMNS, GROUPS = "results", "columns", "groups"


class EvaluationView(QWidget):
    """The results of an output; of columns also what each means to it.

    Args:
        studio: The window's services, theme and navigation.

    Attributes:
        own: Pages that heads have of their own, by the section that calls for them.

    Signals:
        row_chosen: Emitted with the id of a sample that the user wants to see.
        output_chosen: Emitted with the name of what the shown output predicts.
        threshold_chosen: Emitted with what an output predicts and a threshold to keep;
            None for the default.
    """

    row_chosen = Signal(str)
    output_chosen = Signal(str)
    threshold_chosen = Signal(str, object)

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = studio.session
        self._reports = studio.services.feature_reports
        self._found: Evaluation | None = None
        self._outputs: Mapping[str, HeadReport] = {}
        self._shown = ""
        self.output = NoWheelComboBox(self)
        self.output.setAccessibleName(_("Output"))
        self.view = SegmentedControl(
            (
                (RESULTS, _("Results")),
                (COLUMNS, _("Columns")),
                (GROUPS, _("By group")),
            )
        )
        self.sections = OutputPage(studio.theme, self)
        self.columns = ColumnsPage(studio.theme, self._reports, self)
        self.groups = GroupsPage(studio.theme, self._reports, self)
        self._pages = QStackedWidget(self)
        for page in (self.sections, self.columns, self.groups):
            self._pages.addWidget(page)
        self.own: dict[str, QWidget] = {}
        for section, name in report_pages(studio.session.catalog).items():
            self.own[section] = implementation(name)(studio, self)
            self._pages.addWidget(self.own[section])
        self._bar = QWidget(self)
        self._output_label = label(_("Output"))
        line = QHBoxLayout(self._bar)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self._output_label)
        line.addWidget(self.output)
        line.addWidget(self.view)
        line.addStretch(1)
        self.output.setMinimumWidth(180)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._bar)
        column.addWidget(self._pages, 1)
        self.explained = ExplainedRowCard(studio, self)
        column.addWidget(self.explained)
        self.output.activated.connect(self._change_output)
        self.view.chosen.connect(self._show_page)
        for own in map(_as_page, self.own.values()):
            own.row_chosen.connect(self.row_chosen)
            own.row_selected.connect(self._explain)
            own.threshold_chosen.connect(self._choose_threshold)
        self.sections.row_chosen.connect(self.row_chosen)
        self.sections.row_selected.connect(self._explain)
        self.sections.asked.connect(self._ask)
        self.sections.threshold_chosen.connect(self.threshold_chosen)
        self._made = studio.services.made_images
        self._made.found_changed.connect(self._show_made)

    def stops(self) -> tuple[QWidget, ...]:
        """What the Tab key reaches before the results, in this order."""
        return (self.output, *self.view.buttons)

    @property
    def name(self) -> str:
        """What the shown output predicts; "" before there is any."""
        return str(self.output.currentData() or "")

    @property
    def verdict(self) -> JsonObject | None:
        """The verdict on the shown output as JSON; None of the first one."""
        report = self._outputs.get(self.name)
        return None if report is None else report.sections.get(VERDICT)

    def show_evaluation(self, found: Evaluation) -> None:
        """Show an evaluation, the same output as before if it has it."""
        self._found = found
        self.explained.set_run(found.report.run)
        self.explained.clear()
        self._outputs = found.report.outputs or outputs_of(found.report.to_json())
        before, outputs = self.name, self._outputs
        self.output.clear()
        for name in outputs:
            self.output.addItem(name, name)
        self.output.setCurrentIndex(max(self.output.findData(before), 0))
        several = len(outputs) > 1
        plain = found.samples == IMAGES or self._predicts_inputs()
        for widget in (self._output_label, self.output):
            widget.setVisible(several)
        self.view.setVisible(not plain)
        self._bar.setVisible(several or not plain)
        of_columns = not self._reads_one_text()
        if plain or (self.view.current == COLUMNS and not of_columns):
            self.view.choose(RESULTS)
        self.view.show_choice(COLUMNS, of_columns)
        self._reports.set_evaluated(found.report)
        self._show_output()

    def _predicts_inputs(self) -> bool:
        """Whether the model predicts what enters it: there are no other columns."""
        head = self._session.catalog.get(self._session.project.head)
        return head is not None and bool(head.extra.get("of_input"))

    def _reads_one_text(self) -> bool:
        """Whether a text is all that enters: no column is compared with others."""
        project = self._session.project
        predicted = {each.feature for each in project.outputs}
        names = {each.feature for each in project.inputs} - predicted
        kinds = [
            project.data.features[n].kind for n in names & {*project.data.features}
        ]
        return len(names) == 1 and kinds in ([TEXT.kind], [TOKENS.kind])

    def _explain(self, row: str) -> None:
        """Explain the prediction for a row, where it has a text."""
        if self._found is not None:
            self.explained.show_row(row)

    def _choose_threshold(self, value: float | None) -> None:
        self.threshold_chosen.emit(self._shown, value)

    def _ask(self, request: ImageRequest) -> None:
        if self._found is not None:
            self._made.ask(self._found.report.run, request)

    def _show_made(self) -> None:
        made, shown = self._made.found, self._found
        if made is not None and shown is not None and made.run == shown.report.run:
            self.sections.show_images(made.request, tuple(made.images))

    def _change_output(self) -> None:
        self._show_output()
        self.output_chosen.emit(self.name)

    def _show_output(self) -> None:
        for own in self.own.values():
            _as_page(own).flush()
        found, name = self._found, self.name
        self._shown = name
        report = self._outputs.get(name)
        if found is None or report is None:
            return
        page = self._own_page(report)
        if page is not None:
            _as_page(page).show_output(found, report)
        else:
            self.sections.show_outputs({name: report})
        self.columns.show_output(name)
        self.groups.show_output(name)
        self._show_page()

    def _show_page(self) -> None:
        view = self.view.current
        if view != RESULTS:
            self.explained.clear()
        report = self._outputs.get(self.name)
        if view != RESULTS:
            self._reports.find_columns()
            page = self.columns if view == COLUMNS else self.groups
            self._pages.setCurrentWidget(page)
        elif report is not None:
            self._pages.setCurrentWidget(self._own_page(report) or self.sections)

    def _own_page(self, report: HeadReport) -> QWidget | None:
        """The page that the head of a report has of its own."""
        return next(
            (self.own[name] for name in self.own if name in report.sections), None
        )


def _as_page(widget: QWidget) -> ReportPage:
    return cast("ReportPage", widget)
