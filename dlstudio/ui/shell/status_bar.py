"""The status bar: problems, model size, versions, language."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QWidget

from dlstudio.byte_size import weights_text
from dlstudio.document.analysis import Analysis
from dlstudio.document.problem_groups import problem_count_text
from dlstudio.document.project import MODEL
from dlstudio.i18n import LANGUAGES, _, ngettext, translator
from dlstudio.mixed_scripts import spaced
from dlstudio.short_number import short_number
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import ElidedLabel, label

HEIGHT = 32


class StatusBar(QFrame):
    """Model statistics visible from every room.

    Signals:
        problems_requested: Emitted when the problems label is clicked.
    """

    problems_requested = Signal()

    def __init__(self, studio: Studio, languages: list[QAction]) -> None:
        super().__init__()
        self._studio = studio
        self._analysis: Analysis | None = None
        self.setProperty("role", "bar")
        self.setFixedHeight(HEIGHT)
        self.problems = QPushButton()
        self.problems.setProperty("role", "ghost")
        self.problems.clicked.connect(self.problems_requested)
        self.model_size = ElidedLabel("", "muted")
        self.versions = label("", "muted")
        self.language = self._language_button(languages)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self.problems)
        self._remarks = QHBoxLayout()
        row.addWidget(self.model_size, 1)
        row.addLayout(self._remarks, 1)
        row.addWidget(self.versions)
        row.addWidget(self.language)
        studio.session.changed.connect(self._changed)
        studio.engine.analysed.connect(self._analysed)
        studio.engine.state_changed.connect(self.refresh)
        self.refresh()

    def show_analysis(self, analysis: Analysis | None) -> None:
        """Show the results of an analysis that finished before this bar was created."""
        self._analysis = analysis
        self.refresh()

    def show_remark(self, remark: QWidget) -> None:
        """Show a transient message in place of the model statistics."""
        self.model_size.hide()
        self._remarks.addWidget(remark, 1)
        remark.show()

    def end_remark(self) -> None:
        """Show the model statistics again."""
        self.model_size.show()

    def refresh(self) -> None:
        """Update all texts."""
        self._show_problems()
        self.model_size.set_text(self._model_size_text())
        self.versions.setText(self._versions())

    def _analysed(self, analysis: Analysis) -> None:
        self.show_analysis(analysis)

    def _changed(self) -> None:
        history = self._studio.session.history
        if not history.past and not history.future:  # another project
            self._analysis = None
        self.refresh()

    def _show_problems(self) -> None:
        c = self._studio.theme.colors
        found = self._analysis.problems if self._analysis else ()
        worst = {each.severity for each in found}
        self.problems.setVisible(bool(self._studio.session.project.model.nodes))
        text, color = problem_count_text(found), c.good
        if self._analysis is None:
            text, color = _("Not checked yet"), c.text_muted
        elif "error" in worst:
            color = c.bad
        elif "warning" in worst:
            color = c.warning
        elif found:
            color = c.accent
        self.problems.setStyleSheet(f"color: {color};")
        self.problems.setText(f"●  {text}" if self._analysis else text)
        self.problems.updateGeometry()
        self.problems.setToolTip(_("Show problems (F8)"))

    def _model_size_text(self) -> str:
        graph = self._studio.session.project.model
        layers = graph.layer_count
        if not graph.nodes:
            return ""
        parts = [
            ngettext("{count} layer", "{count} layers", layers).format(count=layers)
        ]
        if self._analysis is not None:
            weights = self._analysis.parameters(MODEL)
            count = self._analysis.multiply_adds(MODEL)
            adds = short_number(count)
            if not self._analysis.costs_known(MODEL):
                adds = f"≥ {adds}"
            parts += [
                ngettext("{count} parameter", "{count} parameters", weights).format(
                    count=grouped(weights)
                ),
                spaced(
                    ngettext(
                        "{count} multiply-add", "{count} multiply-adds", count
                    ).format(count=adds)
                ),
                _("{size} weights").format(size=weights_text(weights)),
            ]
        return " · ".join(parts)

    def _versions(self) -> str:
        engine = self._studio.engine
        if engine.state == "ready":
            names = {name.lower(): value for name, value in engine.versions.items()}
            shown = (("TensorFlow", "tensorflow"), ("Keras", "keras"))
            return " · ".join(
                f"{name} {names[key]}" for name, key in shown if key in names
            )
        return {
            "loading": _("Loading TensorFlow…"),
            "failed": _("TensorFlow could not be loaded"),
        }.get(engine.state, "")

    def _language_button(self, languages: list[QAction]) -> QPushButton:
        name = LANGUAGES[translator.language]
        made = button(self._studio.theme, f"{name} ▾", "ghost")
        made.setAccessibleName(_("Language"))
        menu = QMenu(made)
        menu.addActions(languages)
        made.setMenu(menu)
        return made


def grouped(number: int) -> str:
    """225034 → "225,034"."""
    return QLocale(QLocale.Language.English).toString(number)
