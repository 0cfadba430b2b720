"""Checks loss and metrics against the labels and the head."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dlstudio.document.problems import Fix, Problem, Severity
from dlstudio.document.values import Spec
from dlstudio.engine.heads.base import HeadType, short
from dlstudio.engine.heads.loss_families import (
    MARGIN_LOSSES,
    NUMBER_METRICS,
    SIGMOID_LOSSES,
    SOFTMAX_LOSSES,
)
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.head_fixes import with_activation, with_units
from dlstudio.engine.problems.model_head import ModelHead, find_head, wrong_units
from dlstudio.engine.problems.node_queries import spec, whole
from dlstudio.i18n import _, ngettext

PLAIN = "plain_metrics"


def loss(context: CheckContext) -> Iterator[Problem]:
    """The loss against labels and head; one mistake is told once."""
    head_type, name = context.head_type, short(context.project.plan.loss.kind)
    if head_type is None or not _known(context, context.project.plan.loss, "losses"):
        return
    head = find_head(context)
    units = head.units if head is not None else 0
    if head_type.label_form(name, units or 2) is None:
        yield _unfit(context, head_type, units)
    elif not head_type.has_classes:
        return  # what follows is about scores of classes
    elif head is None or len(head.form.shape) != 2 or wrong_units(context, head):
        return
    elif units == 1 and head_type.labels == "single" and name in SOFTMAX_LOSSES:
        yield _one_unit(context, head, head_type)
    elif units > 1 and head_type.labels == "single" and name in SIGMOID_LOSSES:
        if head.activation != "sigmoid":  # told by the check of the activation
            yield _each_by_itself(context, head, head_type)
    elif name in MARGIN_LOSSES or name not in SOFTMAX_LOSSES | SIGMOID_LOSSES:
        yield _unusual(context, head_type, units)


def _known(context: CheckContext, wanted: Spec, family: str) -> bool:
    return context.catalog.search(family, wanted.kind) is not None


def _classes(context: CheckContext, units: int) -> int:
    return context.dataset.classes if context.dataset else units


def _better(context: CheckContext, head_type: HeadType, units: int) -> Fix:
    """The usual loss; from_logits stays as it is."""
    best = spec(head_type.best_loss(_classes(context, units), units))
    if context.project.plan.loss.params.get("from_logits") is True:
        best = best.with_param("from_logits", True)
    label = _("Use {loss}").format(loss=short(best.kind))
    return Fix.set_plan(label, "loss", best)


def _unfit(context: CheckContext, head_type: HeadType, units: int) -> Problem:
    name = short(context.project.plan.loss.kind)
    better = short(head_type.best_loss(_classes(context, units), units))
    return context.problem(
        "error",
        "loss-labels",
        head_type.unfit_loss().format(loss=name, better=better),
        fixes=[_better(context, head_type, units)],
    )


def _one_unit(context: CheckContext, head: ModelHead, head_type: HeadType) -> Problem:
    classes = _classes(context, 2)
    edits = with_activation(context, head, head_type, "sigmoid")
    binary = None
    if classes == 2 and head.activation == "sigmoid":
        binary = Fix.set_plan(
            _("Use BinaryCrossentropy"), "loss", spec("keras.losses.BinaryCrossentropy")
        )
    elif classes == 2 and edits:
        binary = Fix(_("Use sigmoid and BinaryCrossentropy"), edits)
    return context.problem(
        "error",
        "loss-one-unit",
        _(
            "The loss {loss} needs one score per class, but {node} outputs a "
            "single score. Use BinaryCrossentropy for two classes, or one unit "
            "per class."
        ).format(loss=short(context.project.plan.loss.kind), node=head.output.name),
        head.output.id,
        [binary, with_units(context, head, head_type, max(classes, 2), "softmax")],
    )


def _each_by_itself(
    context: CheckContext, head: ModelHead, head_type: HeadType
) -> Problem:
    return context.problem(
        "warning",
        "loss-each-by-itself",
        _(
            "The loss {loss} handles each of the {units} scores independently, "
            "but each sample has exactly one class. Use a categorical loss."
        ).format(loss=short(context.project.plan.loss.kind), units=head.units),
        head.output.id,
        [_better(context, head_type, head.units)],
    )


def _unusual(context: CheckContext, head_type: HeadType, units: int) -> Problem:
    name = short(context.project.plan.loss.kind)
    if name in MARGIN_LOSSES:
        message = _(
            "With the loss {loss}, the outputs are not probabilities. {better} "
            "is a common choice."
        )
    else:
        message = _(
            "The loss {loss} is rarely used for classes and learns slowly. "
            "{better} is a common choice."
        )
    better = short(head_type.best_loss(_classes(context, units), units))
    return context.problem(
        "hint",
        "loss-unusual",
        message.format(loss=name, better=better),
        fixes=[_better(context, head_type, units)],
    )


def metrics(context: CheckContext) -> Iterator[Problem]:
    """Metrics that are unknown, duplicate, or meaningless for these labels."""
    chosen = context.project.plan.metrics
    head = find_head(context)
    for number, metric in enumerate(chosen):
        rest = chosen[:number] + chosen[number + 1 :]
        if not (_is_plain(context, metric) or _known(context, metric, "metrics")):
            message = _("There is no metric called “{name}”. Remove it.")
            yield _metric(context, "error", "unknown-metric", message, metric, rest)
        elif metric in chosen[:number]:
            message = _("The metric {name} is listed twice. Remove one of them.")
            yield _metric(context, "warning", "doubled-metric", message, metric, rest)
        elif context.head_type is not None:
            yield from _misfit(context, context.head_type, head, metric, rest)


def _is_plain(context: CheckContext, metric: Spec) -> bool:
    """Whether a metric is one of ours, which the head makes for its labels."""
    described = context.catalog.get(metric.kind)
    return described is not None and described.family == PLAIN


def _misfit(
    context: CheckContext,
    head_type: HeadType,
    head: ModelHead | None,
    metric: Spec,
    rest: tuple[Spec, ...],
) -> Iterator[Problem]:
    if head_type.has_classes:
        yield from _class_misfit(context, head_type, head, metric, rest)
    elif metric.kind not in head_type.metrics and short(metric.kind) not in (
        NUMBER_METRICS
    ):
        message = head_type.unfit_metric()
        found = _metric(context, "error", "metric-misfit", message, metric, rest)
        yield replace(found, fixes=(*_fitting(head_type, metric, rest), *found.fixes))


def _fitting(
    head_type: HeadType, metric: Spec, rest: tuple[Spec, ...]
) -> Iterator[Fix]:
    """The head's own metric in the place of another, unless it is there already."""
    best = spec(head_type.metrics[0])
    if best not in rest:
        label = _("Use {new} instead of {old}").format(
            new=short(best.kind), old=short(metric.kind)
        )
        yield Fix.set_plan(label, "metrics", (*rest, best))


def _class_misfit(
    context: CheckContext,
    head_type: HeadType,
    head: ModelHead | None,
    metric: Spec,
    rest: tuple[Spec, ...],
) -> Iterator[Problem]:
    name, units = short(metric.kind), head.units if head else 0
    ranking = name in ("top_k", "TopKCategoricalAccuracy")
    ranking = ranking or name == "SparseTopKCategoricalAccuracy"
    if head_type.has_several_labels and (ranking or name.startswith("Sparse")):
        message = _(
            "The metric {name} expects exactly one class per sample, but samples "
            "can have several labels. Use precision, recall or F1."
        )
        yield _metric(context, "error", "metric-misfit", message, metric, rest)
    elif ranking and units == 1:
        message = _(
            "The metric {name} ranks classes, but the model outputs a single score."
        )
        yield _metric(context, "error", "metric-misfit", message, metric, rest)
    elif ranking and units > 1 and _guesses(context, metric) >= units:
        message = _(
            "The metric {name} considers as many classes as there are, so it "
            "would always be 1. Reduce k."
        )
        yield _metric(context, "warning", "metric-always-one", message, metric, rest)
    elif name.startswith("OneHot") and 0 < _classes_of(metric) < units:
        yield _few_classes(context, metric, units)
    elif _is_plain(context, metric) and metric.kind not in head_type.metrics:
        message = _(
            "The metric {name} is meant for numeric values, not for classes. "
            "Accuracy is a common choice."
        )
        yield _metric(context, "error", "metric-misfit", message, metric, rest)
    elif name.startswith(("Mean", "Root", "R2", "LogCosh", "CosineSim")):
        message = _(
            "The metric {name} is meant for numeric values, not for classes. "
            "Accuracy is a common choice."
        )
        yield _metric(context, "hint", "metric-unusual", message, metric, rest)


def _few_classes(context: CheckContext, metric: Spec, units: int) -> Problem:
    better = metric.with_param("num_classes", units)
    chosen = context.project.plan.metrics
    changed = tuple(better if each == metric else each for each in chosen)
    label = _("Set {param} to {value}").format(param="num_classes", value=units)
    return context.problem(
        "error",
        "metric-misfit",
        ngettext(
            "The metric {name} is for {count} classes, but the model outputs "
            "{units} score.",
            "The metric {name} is for {count} classes, but the model outputs "
            "{units} scores.",
            units,
        ).format(name=short(metric.kind), count=_classes_of(metric), units=units),
        fixes=[Fix.set_plan(label, "metrics", changed)],
    )


def _classes_of(metric: Spec) -> int:
    return whole(metric.params.get("num_classes")) or 0


def _guesses(context: CheckContext, metric: Spec) -> int:
    described = context.catalog.get(metric.kind)
    param = described.param("k") if described else None
    return whole(metric.params.get("k", param.default if param else None)) or 0


def _metric(
    context: CheckContext,
    severity: Severity,
    code: str,
    message: str,
    metric: Spec,
    rest: tuple[Spec, ...],
) -> Problem:
    name = short(metric.kind)
    return context.problem(
        severity,
        code,
        message.format(name=name),
        fixes=[
            Fix.set_plan(
                _("Remove the metric {name}").format(name=name), "metrics", rest
            )
        ],
    )


LOSSES = (loss, metrics)
