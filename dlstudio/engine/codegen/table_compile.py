"""The `compile_model` of a script that reads a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dlstudio.document.plan_metrics import PlanMetric
from dlstudio.document.project import Project
from dlstudio.engine.codegen.collection_arguments import dictionary, listing
from dlstudio.engine.codegen.column_loops import comment
from dlstudio.engine.codegen.literals import (
    INDENT,
    LiteralWriter,
    fitted,
    quoted,
)
from dlstudio.engine.codegen.output_plan import OutputPlan
from dlstudio.engine.codegen.plan import Labels, metric_call, named_metric

SHARED = frozenset({"from_logits", "label_smoothing"})
"""Parameters of losses that the metrics of the same name have as well."""


def table_compile_rows(
    project: Project,
    outputs: tuple[OutputPlan, ...],
    values: LiteralWriter,
    known: Mapping[str, str],
) -> list[str]:
    """The lines of `compile_model`.

    Args:
        project: Has the plan.
        outputs: Of the model.
        values: Writes parameter values.
        known: Expressions of metrics that the script has itself, by name; "" for what
            it reports otherwise.

    Raises:
        UserError: The plan names something that is not in the catalog.
    """
    notes: list[str] = []
    several = len(outputs) > 1
    metrics = [
        [*_metrics(each, values, notes, known, several=several), *_own(each, known)]
        for each in outputs
    ]
    pairs = [f"optimizer={values.spec(project.plan.optimizer)}"]
    if len(outputs) == 1:
        (output,) = outputs
        metrics[0] += _loss_metric(project, output, values)
        pairs.append(f"loss={values.spec(output.loss)}")
        if output.binding.weight != 1:
            pairs.append(f"loss_weights=[{output.binding.weight!r}]")
        if metrics[0]:
            pairs.append(listing("metrics", metrics[0]))
    else:
        keys = [quoted(each.layer) for each in outputs]
        losses = [values.spec(each.loss) for each in outputs]
        weights = [repr(each.binding.weight) for each in outputs]
        pairs.append(dictionary("loss", keys, losses))
        pairs.append(dictionary("loss_weights", keys, weights))
        pairs.append(dictionary("metrics", keys, metrics))
    rows = ["", "", "def compile_model(model: keras.Model) -> None:"]
    for note in dict.fromkeys(notes):
        rows += comment(note)
    lines = [
        line
        for row in fitted("", "model.compile", pairs, "")
        for line in row.split("\n")
    ]
    return [*rows, *(INDENT + line for line in lines)]


def _loss_metric(
    project: Project, output: OutputPlan, values: LiteralWriter
) -> list[str]:
    """The loss of the only output as a metric, where the method reports it."""
    method = values.catalog.get(project.plan.method.kind)
    name = method.extra.get("output_loss") if method is not None else None
    if not name:
        return []
    named = f"name={quoted(str(name))}"
    metric = output.loss.kind.replace("keras.losses.", "keras.metrics.", 1)
    if metric in values.catalog and set(output.loss.params) <= SHARED:
        pairs = [*values.pairs(output.loss.params), named]
        return [f"{metric}({', '.join(pairs)})"]
    params = output.loss.params.set("reduction", None)
    loss = values.spec(replace(output.loss, params=params))
    inner = f"\n{3 * INDENT}"
    return [
        f"keras.metrics.MeanMetricWrapper({inner}{loss},{inner}{named},\n{2 * INDENT})"
    ]


def _metrics(
    output: OutputPlan,
    values: LiteralWriter,
    notes: list[str],
    known: Mapping[str, str],
    *,
    several: bool,
) -> list[str]:
    """The metrics of an output that Keras has; what it has not becomes a note."""
    form = output.head_type.label_form(output.loss.kind, output.units)
    labels = Labels(form, output.from_logits)
    found = []
    for spec, metric in output.metrics:
        if metric.name in known:
            continue
        text, note = metric_call(spec, labels, values)
        if text:
            named = _without_feature(metric, output) if several else metric
            found.append(named_metric(text, named.name, values.catalog))
        if note:
            notes.append(note)
    return found


def _own(output: OutputPlan, known: Mapping[str, str]) -> list[str]:
    """The metrics of an output that the script has itself."""
    found = [known.get(metric.name, "") for _spec, metric in output.metrics]
    return [each for each in found if each]


def _without_feature(metric: PlanMetric, output: OutputPlan) -> PlanMetric:
    """The name that Keras puts the output's before."""
    return replace(metric, name=metric.name.removeprefix(f"{output.feature}_"))
