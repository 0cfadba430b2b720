"""The `compile` call of a plan: optimizer, loss, and the metrics that Keras has."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from dlstudio.catalog.store import Catalog
from dlstudio.data.features.token_texts import WIDTH as WIDTH_OF_TOKENS
from dlstudio.document.bindings import OutputBinding
from dlstudio.document.graph import Graph
from dlstudio.document.plan_metrics import larger_is_better, plan_metrics
from dlstudio.document.project import Project, is_image_model, reconstructs_images
from dlstudio.document.values import Spec
from dlstudio.engine.codegen.collection_arguments import dictionary, listing
from dlstudio.engine.codegen.literals import (
    INDENT,
    WIDTH,
    LiteralWriter,
    fitted,
    quoted,
)
from dlstudio.engine.heads.base import short
from dlstudio.engine.heads.find_head import find_head_type
from dlstudio.engine.heads.label_forms import LabelForm
from dlstudio.errors import UserError

TOKENS = "dlstudio.features.tokens"
SEVERAL = 2  # for a head whose number of units is unknown


@dataclass(frozen=True, slots=True)
class Labels:
    """How labels are passed to the loss, as far as known without the data.

    Attributes:
        form: None if the loss fits no labels of the head.
        from_logits: The head gives no probabilities yet.
    """

    form: LabelForm | None
    from_logits: bool


def compile_rows(
    project: Project, values: LiteralWriter, unread: str = ""
) -> list[str]:
    """The lines of `compile_model`; dlstudio-only features become comments.

    Args:
        project: Has the plan.
        values: Writes parameter values.
        unread: Why the script does not read the data.

    Raises:
        UserError: The plan names something that is not in the catalog.
    """
    plan = project.plan
    if len(project.outputs) > 1:
        return _several_outputs(project, values, unread)
    labels = _labels(project, values)
    written, notes = [], []
    planned = plan_metrics(plan.metrics, values.catalog)
    for spec, metric in zip(plan.metrics, planned, strict=True):
        text, note = metric_call(spec, labels, values)
        written += [named_metric(text, metric.name, values.catalog)] if text else []
        notes += [note] if note else []
    pairs = [f"optimizer={values.spec(plan.optimizer)}"]
    pairs.append(f"loss={values.spec(_trained(project.output, plan.loss, values))}")
    if written:
        pairs.append(listing("metrics", written))
    return _function(pairs, [*notes, *_own(project, values.catalog, unread)])


def _several_outputs(project: Project, values: LiteralWriter, unread: str) -> list[str]:
    """Losses and their weights by output; metrics are left to the reader."""
    nodes = project.model.nodes
    names, losses, weights = [], [], []
    for output in project.outputs:
        node = nodes.get(output.output)
        names.append(quoted(node.name if node is not None else output.feature))
        loss = _trained(output, project.loss_of(output), values)
        losses.append(values.spec(loss))
        weights.append(repr(output.weight))
    pairs = [
        f"optimizer={values.spec(project.plan.optimizer)}",
        dictionary("loss", names, losses),
        dictionary("loss_weights", names, weights),
    ]
    note = "The metrics of each output are dlstudio's; add those of Keras by output."
    return _function(pairs, [note, *_own(project, values.catalog, unread)])


def _function(pairs: list[str], notes: list[str]) -> list[str]:
    """The lines of the function, with notes as comments."""
    rows = ["", "", "def compile_model(model: keras.Model) -> None:"]
    for note in notes:
        lines = textwrap.wrap(note, WIDTH - len(INDENT) - 2)
        rows += [f"{INDENT}# {line}" for line in lines]
    call = "\n".join(fitted("", "model.compile", pairs, ""))
    return [*rows, *(INDENT + row for row in call.split("\n"))]


def _labels(project: Project, values: LiteralWriter) -> Labels:
    loss = project.plan.loss
    logits = loss.params.get("from_logits") is True
    try:
        head_type = find_head_type(project.head, values.catalog)
    except UserError:
        return Labels(None, logits)
    return Labels(head_type.label_form(loss.kind, _units(project.model)), logits)


def _trained(output: OutputBinding, loss: Spec, values: LiteralWriter) -> Spec:
    """The loss with what its head adds to it."""
    try:
        return find_head_type(output.head.kind, values.catalog).trained_loss(loss)
    except UserError:
        return loss


def _units(graph: Graph) -> int:
    ends = [graph.nodes[id] for id in graph.output_ids() if id in graph.nodes]
    units = ends[0].params.get("units") if len(ends) == 1 else None
    return units if isinstance(units, int) else SEVERAL


def metric_call(spec: Spec, labels: Labels, values: LiteralWriter) -> tuple[str, str]:
    """The Keras metric, or "", and a comment, or "".

    Args:
        spec: Kind and parameters.
        labels: How labels are passed to the loss.
        values: Writes parameters.
    """
    name = short(spec.kind)
    if spec.kind.startswith("keras.metrics."):
        if labels.form == "index" and not name.startswith("Sparse"):
            return "", f"{name} needs one-hot labels, which this loss does not take."
        return values.spec(spec), ""
    description = values.catalog[spec.kind]
    found = PLAIN.get(description.name, _none)(spec, labels)
    if not found:
        return (
            "",
            f"dlstudio's {description.name} has no equal in Keras for such labels.",
        )
    if description.name in ("precision", "recall"):
        return found, (
            f"dlstudio's {description.name} is the mean over the classes; Keras counts "
            "all decisions together."
        )
    return found, ""


def named_metric(text: str, name: str, catalog: Catalog) -> str:
    """A metric's expression, with the plan's name if Keras would choose another.

    Callbacks that monitor the metric use that name.

    Args:
        text: The expression.
        name: What it is to be called.
        catalog: Has the names of Keras.
    """
    kind, bracket, _rest = text.partition("(")
    if not bracket or "name=" in text or kind not in catalog:
        return text
    (usual,) = plan_metrics([Spec(kind)], catalog)
    if usual.name == name:
        return text
    comma = "" if text.endswith("()") else ", "
    return f'{text[:-1]}{comma}name="{name}")'


def _accuracy(_spec: Spec, labels: Labels) -> str:
    if labels.form in ("binary", "multi_hot"):
        threshold = "threshold=0.0, " if labels.from_logits else ""
        return f'keras.metrics.BinaryAccuracy({threshold}name="accuracy")'
    return '"accuracy"'


def _top_k(spec: Spec, labels: Labels) -> str:
    k = int(str(spec.params.get("k", 3)))
    if labels.form == "index":
        return f"keras.metrics.SparseTopKCategoricalAccuracy(k={k})"
    return f"keras.metrics.TopKCategoricalAccuracy(k={k})" * (labels.form == "one_hot")


def _auc(_spec: Spec, labels: Labels) -> str:
    if labels.form == "binary":
        return f"keras.metrics.AUC({'from_logits=True' * labels.from_logits})"
    if labels.form == "multi_hot":
        logits = ", from_logits=True" * labels.from_logits
        return f"keras.metrics.AUC(multi_label=True{logits})"
    if labels.form == "one_hot" and not labels.from_logits:
        return "keras.metrics.AUC(multi_label=True)"
    return ""


def _counting(name: str) -> Callable[[Spec, Labels], str]:
    """Precision or recall, with a decision threshold of 0.5."""

    def write(_spec: Spec, labels: Labels) -> str:
        if labels.form in (None, "index"):
            return ""
        if labels.from_logits:
            fits = labels.form != "one_hot"
            return f"keras.metrics.{name}(thresholds=0.0)" * fits
        return f"keras.metrics.{name}()"

    return write


def _f1(_spec: Spec, labels: Labels) -> str:
    if labels.form == "one_hot":
        return 'keras.metrics.F1Score(average="macro")'
    if labels.form == "multi_hot" and not labels.from_logits:
        return 'keras.metrics.F1Score(average="macro", threshold=0.5)'
    return ""


def _of_numbers(name: str, *more: LabelForm) -> Callable[[Spec, Labels], str]:
    """A metric of Keras that compares numbers, or labels of other forms as well."""

    def write(spec: Spec, labels: Labels) -> str:
        written = f'keras.metrics.{name}(name="{short(spec.kind)}")'
        fits = labels.form in ("number", *more)
        return written * (fits and not labels.from_logits)

    return write


def _none(_spec: Spec, _labels: Labels) -> str:
    return ""


PLAIN: dict[str, Callable[[Spec, Labels], str]] = {
    "accuracy": _accuracy,
    "top_k": _top_k,
    "auc": _auc,
    "precision": _counting("Precision"),
    "recall": _counting("Recall"),
    "f1": _f1,
    "mae": _of_numbers("MeanAbsoluteError", "scaled"),
    "mse": _of_numbers("MeanSquaredError", "scaled"),
    "rmse": _of_numbers("RootMeanSquaredError"),
    "r2": _of_numbers("R2Score"),
}


def _own(project: Project, catalog: Catalog, unread: str) -> list[str]:
    """The parts of the plan that `compile` does not cover."""
    plan = project.plan
    notes = [unread] if unread else []
    if reconstructs_images(project):
        notes.append(
            "The model gives back its input, with values from 0 to 1: call "
            "model.fit(images, images / 255), with images from 0 to 255."
        )
    elif not is_image_model(project):
        notes.append(
            "The rows are not read here. Normalization and lookup layers without "
            "values learn from the training rows: call adapt on each before fit. "
            "Missing numbers are filled before they enter the model."
        )
    if any(each.kind == TOKENS for each in project.data.features.values()):
        notes.append(
            f"Each token of a sentence takes {WIDTH_OF_TOKENS} characters of the "
            "input: it is cut or filled up with spaces. Targets are the numbers of "
            "tags, -1 behind the last token."
        )
    schedule = plan.schedule
    if short(schedule.kind) != "Constant" or schedule.params:
        notes.append(
            f"The plan's schedule {short(schedule.kind)} is dlstudio's own; here the "
            "learning rate stays as it is."
        )
    if plan.class_weights != "none":
        notes.append("Class weights are given to model.fit(class_weight=...).")
    if plan.early_stopping is not None:
        stop = plan.early_stopping
        mode = "max" if larger_is_better(stop.monitor, project, catalog) else "min"
        notes.append(
            "Stopping early is a callback of model.fit: keras.callbacks.EarlyStopping("
            f'"{stop.monitor}", patience={stop.patience}, mode="{mode}").'
        )
    if plan.head_first is not None:
        notes.append(
            "dlstudio trains the head alone for the first "
            f"{plan.head_first.epochs} epochs, then all layers at "
            f"{plan.head_first.rate:g} times the learning rate."
        )
    return notes
