"""The card "Before you train": a summary and the problems of a training."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from dlstudio.byte_size import size_text
from dlstudio.catalog.feature_heads import has_classes
from dlstudio.document.analysis import Analysis
from dlstudio.document.problems import Problem
from dlstudio.document.project import Project
from dlstudio.document.training_method import trains_layers
from dlstudio.i18n import _, ngettext
from dlstudio.ui.session import ProjectChange
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.jobs import Job
from dlstudio.workers.plan_preview import PlanPreview, preview_plan, time_epoch

DEBOUNCE_MS = 300
HEADS = ("head-", "task-labels", "loss-labels", "loss-one-unit")
SIGNS = {"good": "✓", "warning": "!", "bad": "✕", "muted": "·"}


class Preflight(QFrame):
    """Follows the project and its analysis; fixes are applied by a click.

    Signals:
        problems_requested: Emitted when the user wants to see the problems.
    """

    problems_requested = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._preview = PlanPreview()
        self._refreshing = False
        self._rows: list[QWidget] = []
        self.setProperty("role", "soft")
        self.setAccessibleName(_("Before you train"))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self.measure = button(studio.theme, _("Time a few steps"), "link")
        self.measure.clicked.connect(self._time_epoch)
        self._epoch_seconds: tuple[Project, float] | None = None
        self._timing: Job[float] | None = None
        self._timed_project = studio.session.project
        self.see = button(studio.theme, _("Show problems"), "link")
        self.see.clicked.connect(self.problems_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        column.addWidget(label(_("Before you train"), "strong"))
        column.addLayout(self._lines)
        column.addWidget(self.measure)
        column.addWidget(self.see)
        self._debounce = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._debounce.timeout.connect(self.refresh)
        studio.session.changed.connect(self._changed)
        studio.session.opened.connect(self._opened)
        studio.engine.analysed.connect(self._analysed)
        self._show()

    def refresh(self) -> None:
        """Update the card."""
        if self._refreshing:
            self._debounce.start()
            return
        self._refreshing = True
        session, found = self._studio.session, self._analysis()
        reports = found.nodes.get("model") if found else None
        memory = sum(r.memory or 0 for r in reports.values()) if reports else 0
        parameters = found.parameters("model") if found else 0
        job = self._studio.engine.text_job(
            preview_plan, session.project, session.folder, parameters, memory
        )
        job.on_success(partial(self._show_preview, session.folder))
        job.on_failure(self._studio.notices.error).on_end(self._refreshed).start()

    def lines(self) -> tuple[str, ...]:
        """The displayed lines."""
        found = []
        for row in self._rows:
            words = row.findChild(QLabel, "words")
            if words is not None:
                found.append(words.text())
        return tuple(found)

    def _analysis(self) -> Analysis | None:
        return self._studio.engine.last

    def _changed(self, _change: ProjectChange) -> None:
        self._debounce.start()

    def _analysed(self, _analysis: Analysis) -> None:
        self._debounce.start()

    def _refreshed(self, _outcome: str) -> None:
        self._refreshing = False

    def _opened(self) -> None:
        """Clear: nothing is known about another project yet."""
        self._preview, self._epoch_seconds = PlanPreview(), None
        if self._timing is not None:
            self._timing.cancel()
        self._show()

    def _show_preview(self, folder: Path | None, preview: PlanPreview) -> None:
        if folder != self._studio.session.folder:
            self._debounce.start()
            return
        self._preview = preview
        self._show()

    def _show(self) -> None:
        for old in self._rows:
            old.hide()
            old.deleteLater()
        self._rows.clear()
        found = self._analysis()
        problems = found.problems if found else ()
        for text, tone in (
            self._memory(),
            self._seconds(),
            *self._labels(found, problems),
            *self._difference(),
            *_problems(problems),
        ):
            self._rows.append(self._line(text, tone))
            self._lines.addWidget(self._rows[-1])
        self.see.setVisible(bool(problems))

    def _line(self, text: str, tone: str) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        sign = label(SIGNS[tone], tone)
        sign.setFixedWidth(12)
        words = label(text, "muted" if tone == "muted" else "", wrap=True)
        words.setObjectName("words")
        line.addWidget(sign)
        line.addWidget(words, 1)
        return row

    def _memory(self) -> tuple[str, str]:
        preview = self._preview
        if not preview.needed:
            return _("memory: not known yet"), "muted"
        sizes = {
            "needed": size_text(preview.needed),
            "total": size_text(preview.total),
        }
        if preview.needed > preview.free:
            text = _("may not fit in memory: needs about {needed} of {total}")
            return text.format(**sizes), "warning"
        return _("fits in memory: needs {needed} of {total}").format(**sizes), "good"

    def _seconds(self) -> tuple[str, str]:
        project = self._studio.session.project
        if self._timing is not None:
            return _("time per epoch: timing a few steps…"), "muted"
        if self._epoch_seconds is not None and self._epoch_seconds[0] == project:
            text = _("about {seconds} s per epoch (timed)")
            return text.format(seconds=_short(self._epoch_seconds[1])), "good"
        seconds = self._preview.epoch_seconds
        if not seconds:
            return _("time per epoch: known after the first run"), "muted"
        text = _("about {seconds} s per epoch, as in the last run")
        return text.format(seconds=_short(seconds)), "good"

    def _time_epoch(self) -> None:
        session = self._studio.session
        if self._timing is not None or session.folder is None:
            return
        self._timed_project = session.project
        job = self._studio.engine.question(
            time_epoch, session.project, session.folder, session.catalog
        )
        job.on_success(self._keep)
        job.on_failure(self._studio.notices.error).on_end(self._timing_ended)
        self._timing = job.start()
        self.measure.setEnabled(False)
        self._show()

    def _keep(self, seconds: float) -> None:
        self._epoch_seconds = self._timed_project, seconds

    def _timing_ended(self, _outcome: str) -> None:
        self._timing = None
        self.measure.setEnabled(True)
        self._show()

    def _labels(
        self, found: Analysis | None, problems: tuple[Problem, ...]
    ) -> list[tuple[str, str]]:
        if found is None or not self._has_classes():
            return []
        if any(p.code.startswith(HEADS) for p in problems):
            return [(_("labels do not match the head"), "bad")]
        classes, units = self._preview.classes, self._units(found)
        if not classes or not units:
            return [(_("labels: compared with the head when training starts"), "muted")]
        if units < classes and (units, classes) != (1, 2):
            text = ngettext(
                "the head has {units} output for {classes} classes",
                "the head has {units} outputs for {classes} classes",
                units,
            )
            return [(text.format(units=units, classes=classes), "bad")]
        text = ngettext(
            "labels match the head ({classes} class)",
            "labels match the head ({classes} classes)",
            classes,
        )
        return [(text.format(classes=classes), "good")]

    def _has_classes(self) -> bool:
        """Whether the head compares its output with classes of the data."""
        session = self._studio.session
        if not trains_layers(session.project, session.catalog):
            return False
        head = session.catalog.get(session.project.head)
        return head is None or has_classes(head)

    def _units(self, found: Analysis) -> int:
        """Number of units of the model's single output; 0 while unknown."""
        outputs = self._studio.session.project.model.output_ids()
        report = found.node("model", outputs[0]) if len(outputs) == 1 else None
        shape = report.outputs[0].shape if report and report.outputs else ()
        return int(shape[-1] or 0) if shape else 0

    def _difference(self) -> list[tuple[str, str]]:
        preview = self._preview
        if not preview.last:
            return []
        if not preview.changed:
            text = _("no changes since run {number}").format(number=preview.last)
            return [(text, "muted")]
        text = _("changes since run {number}: {changes}")
        return [(text.format(number=preview.last, changes=preview.changed), "muted")]


def _short(seconds: float) -> str:
    return f"{seconds:.0f}" if seconds >= 10 else f"{seconds:.2g}"


def _problems(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    errors = [p for p in problems if p.severity == "error"]
    warnings = [p for p in problems if p.severity == "warning"]
    hints = [p for p in problems if p.severity == "hint"]
    for each, tone, text in (
        (errors, "bad", ngettext("{count} error", "{count} errors", len(errors))),
        (
            warnings,
            "warning",
            ngettext("{count} warning", "{count} warnings", len(warnings)),
        ),
        (hints, "muted", ngettext("{count} hint", "{count} hints", len(hints))),
    ):
        if each:
            words = text.format(count=len(each))
            fixable = sum(bool(p.fixes) for p in each)
            if fixable:
                words += " · " + ngettext(
                    "{count} with a fix", "{count} with fixes", fixable
                ).format(count=fixable)
            found.append((words, tone))
    return found or [(_("no problems"), "good")]
