"""The training plan as a form generated from its description."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from dlstudio.catalog.features.text import TEXT
from dlstudio.catalog.features.tokens import TOKENS
from dlstudio.catalog.validation import check_value
from dlstudio.document.backbone import is_pretrained
from dlstudio.document.edits.project import SetPlan
from dlstudio.document.plan import EarlyStopping, HeadFirst, TrainingPlan
from dlstudio.document.plan_metrics import monitors
from dlstudio.document.project import Project
from dlstudio.document.training_method import trains_layers
from dlstudio.document.values import FrozenMap, Spec, Value
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.labelled_text import labelled
from dlstudio.ui.forms.form import Form, label_text
from dlstudio.ui.session import ProjectChange
from dlstudio.ui.studio import Studio
from dlstudio.ui.train.class_weights import ClassWeightsEditor
from dlstudio.ui.train.learning_rate_plot import LearningRatePlot
from dlstudio.ui.train.preflight import Preflight
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import heading, label

OPTIONAL: FrozenMap[str, type] = FrozenMap(
    {"early_stopping": EarlyStopping, "head_first": HeadFirst}
)
"""Optional sections of the plan; their settings are visible when enabled."""
OF_LAYERS = (
    *("loss", "metrics", "class_weights", "head_first", "precision", "device"),
    "deterministic",
)
"""Settings that have no meaning where no layers are trained."""
OF_LENGTHS = (TEXT.kind, TOKENS.kind)
"""Types of features whose values have lengths."""
USED_BY_OUTPUTS = ("loss", "metrics")
"""Settings of the plan that an output may have for itself."""


class PlanPanel(Card):
    """Edits the open project's training plan; follows undo and redo.

    Attributes:
        task: What the model predicts.
    """

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        catalog = studio.session.catalog
        self._description = catalog["dlstudio.plan"]
        plan = self._description
        self.form = Form(plan.params, catalog, parent=self, description=plan)
        self.form.edited.connect(self._edited)
        self.form.reset.connect(self._reset)
        self.rates = LearningRatePlot(studio, self.form)
        self.class_weights = ClassWeightsEditor(studio, self.form)
        inside = QWidget()
        inside.setProperty("role", "clear")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 10, 8)
        self.task = label("", wrap=True)
        column.addWidget(heading(studio.theme, _("Plan")))
        column.addWidget(label(_("Task"), "muted"))
        column.addWidget(self.task)
        column.addSpacing(8)
        column.addWidget(self.form)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        self.body.addWidget(area, 1)
        self.preflight = Preflight(studio, self)
        self.body.addWidget(self.preflight)
        studio.session.changed.connect(self._changed)
        self._put_beneath("schedule", self.rates)
        self._put_beneath("class_weights", self.class_weights)
        self._show(studio.session.project)

    def _put_beneath(self, name: str, widget: QWidget) -> None:
        row = self.form.row(name)
        beneath = row.layout() if row is not None else None
        if beneath is not None:
            beneath.addWidget(widget)

    def _changed(self, change: ProjectChange) -> None:
        before, after = change.before, change.after
        if _shown(before) != _shown(after):
            self._show(after)

    def _show(self, project: Project) -> None:
        plan = project.plan
        self._show_task(project)
        values = plan_values(plan, {p.name for p in self._description.params})
        names = monitors(project, self._studio.session.catalog)
        self.form.set_choices({"monitor": names})
        self.form.show_params(values)
        for name in USED_BY_OUTPUTS:
            row = self.form.row(name)
            if row is not None:  # not where each output has its own
                own = (getattr(each, name) is not None for each in project.outputs)
                row.setVisible(not all(own))
        trained = trains_layers(project, self._studio.session.catalog)
        for name in OF_LAYERS:
            row = self.form.row(name)
            if row is not None and (not trained or name not in USED_BY_OUTPUTS):
                row.setVisible(trained)
        row = self.form.row("bucket_by_length")
        if row is not None:
            row.setVisible(trained and (reads_texts(project) or plan.bucket_by_length))
        row = self.form.row("augmented_passes")
        if row is not None:
            begun = any(map(is_pretrained, project.model.nodes.values()))
            row.setVisible(begun or plan.augmented_passes > 0)
        for param in self._description.params:
            row, (head, dot, _inner) = (
                self.form.row(param.name),
                param.name.partition("."),
            )
            if row is not None and dot and head in OPTIONAL:
                row.setVisible(getattr(plan, head) is not None)

    def _show_task(self, project: Project) -> None:
        """The task, or that of each output by what it predicts; more in the tooltip."""
        catalog = self._studio.session.catalog
        texts, summaries = [], []
        for each in project.outputs:
            task = catalog.get(each.head.kind)
            if task is not None:
                several = len(project.outputs) > 1
                texts.append(
                    labelled(each.feature, _(task.title)) if several else _(task.title)
                )
                summaries.append(_(task.summary))
        if not trains_layers(project, catalog):
            method = catalog[project.plan.method.kind]
            texts, summaries = [_(method.title)], [_(method.summary)]
        self.task.setText("\n".join(texts))
        self.task.setToolTip("\n".join(dict.fromkeys(summaries)))

    def _edited(self, name: str, value: Value) -> None:
        param = self._description.param(name)
        assert param is not None
        mistake = check_value(param, value, self._studio.session.catalog)
        if mistake:
            self.form.show_mistakes([(name, mistake)])
            return
        if name in OPTIONAL:
            wanted: object = OPTIONAL[name]() if value else None
        else:
            wanted = _spec(value, param.family, self._studio)
        try:
            edit = SetPlan(name, wanted)
            text = _("Change plan: {parameter}").format(parameter=label_text(name))
            self._studio.session.do(edit, text)
        except UserError as error:
            self.form.show_mistakes([(name, str(error))])

    def _reset(self, name: str) -> None:
        param = self._description.param(name)
        assert param is not None
        default: Value = param.default
        if name == "metrics":
            default = TrainingPlan().metrics
        self._edited(name, default)


def reads_texts(project: Project) -> bool:
    """Whether texts enter the model, whose lengths differ."""
    features = project.data.features
    kinds = {features[e.feature].kind for e in project.inputs if e.feature in features}
    return not kinds.isdisjoint(OF_LENGTHS)


def _shown(project: Project) -> tuple[object, ...]:
    """What the panel depends on."""
    return project.plan, project.inputs, project.outputs, project.data.features


def _spec(value: Value, family: str, studio: Studio) -> Value:
    """Convert a short name such as "Adam" to an object spec."""
    if isinstance(value, str) and family:
        return Spec(studio.session.catalog.find(family, value).kind)
    return value


def plan_values(plan: TrainingPlan, names: set[str]) -> FrozenMap[str, Value]:
    """The values shown as set: those that differ from a new plan."""
    fresh = TrainingPlan()
    always = {"loss", "optimizer", "schedule", "metrics"}
    values: dict[str, Value] = {}
    for name in names:
        head, _dot, inner = name.partition(".")
        value = getattr(plan, head)
        if inner:
            if value is not None:
                values[name] = getattr(value, inner)
        elif name in OPTIONAL:
            if value is not None:
                values[name] = True
        elif name in always or value != getattr(fresh, head):
            values[name] = value
    return FrozenMap(values)
