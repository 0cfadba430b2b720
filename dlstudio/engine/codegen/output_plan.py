"""What a script has to know of each output: layer, target, loss and metrics."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.catalog.store import Catalog
from dlstudio.document.bindings import MODEL, OutputBinding
from dlstudio.document.graph import Graph
from dlstudio.document.plan_metrics import VALIDATION, PlanMetric, output_metrics
from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.engine.codegen.script_data import ScriptData
from dlstudio.engine.heads.base import HeadType
from dlstudio.engine.heads.find_head import find_head_type
from dlstudio.engine.model.call_arguments import layer_names
from dlstudio.errors import UserError
from dlstudio.i18n import _

OF_LOSS = ("perplexity", "bits_per_character")
"""Metrics that rise and fall with the loss, which Keras has instead."""


@dataclass(frozen=True, slots=True)
class OutputPlan:
    """An output of the model and how it learns.

    Attributes:
        layer: Name of the layer that gives it.
        binding: The feature it predicts, its head and its weight.
        head_type: What it means.
        loss: Its loss.
        metrics: Its metrics, each with what the studio calls it.
        units: Values per sample.
        classes: How many classes its target has; 0 of numbers.
    """

    layer: str
    binding: OutputBinding
    head_type: HeadType
    loss: Spec
    metrics: tuple[tuple[Spec, PlanMetric], ...]
    units: int
    classes: int

    @property
    def feature(self) -> str:
        """The feature that is predicted."""
        return self.binding.feature

    @property
    def from_logits(self) -> bool:
        """Whether the output is no probability yet."""
        return self.loss.params.get("from_logits") is True


def output_plans(
    project: Project, data: ScriptData, catalog: Catalog
) -> tuple[OutputPlan, ...]:
    """The outputs of the model, in its order.

    Args:
        project: Has the outputs.
        data: What the script reads.
        catalog: Describes heads and metrics.

    Raises:
        UserError: An output predicts nothing, or a binding leads nowhere.
    """
    graph, names = project.model, layer_names(project.model)
    bindings = [each for each in project.outputs if each.graph == MODEL]
    planned = zip(bindings, output_metrics(project, catalog), strict=True)
    by_node = {
        _node_of(binding, graph): (binding, each.metrics) for binding, each in planned
    }
    found = []
    for id in graph.output_ids():
        if id not in by_node:
            raise UserError(
                _("The output “{name}” predicts no feature.").format(
                    name=graph.nodes[id].name
                ),
                _("Choose a feature of the data for it, or remove it."),
            )
        binding, metrics = by_node[id]
        head_type = find_head_type(binding.head.kind, catalog)
        fitted = data.fitted[binding.feature]
        classes = len(head_type.class_names(fitted))
        found.append(
            OutputPlan(
                names[id],
                binding,
                head_type,
                head_type.trained_loss(project.loss_of(binding)),
                tuple(zip(project.metrics_of(binding), metrics, strict=True)),
                units_of(graph, id) or max(classes, 1),
                classes,
            )
        )
    return tuple(found)


def units_of(graph: Graph, id: str) -> int:
    """The units of the layer that gives an output, or of the last one before; or 0."""
    seen: set[str] = set()
    while id in graph.nodes and id not in seen:
        seen.add(id)
        units = graph.nodes[id].params.get("units")
        if isinstance(units, int):
            return units
        before = graph.into(id)
        id = before[0].source if before else ""
    return 0


def monitored(monitor: str, outputs: tuple[OutputPlan, ...], *, validated: bool) -> str:
    """What Keras calls a metric that the plan monitors.

    Args:
        monitor: As the studio calls it, such as "val_price_mae".
        outputs: Of the model.
        validated: Whether there is a validation split.
    """
    plain = monitor.removeprefix(VALIDATION)
    if plain in OF_LOSS:
        monitor = plain = monitor.replace(plain, "loss")
        plain = plain.removeprefix(VALIDATION)
    prefix = VALIDATION if validated and plain != monitor else ""
    if len(outputs) > 1:
        for output in outputs:
            names = [metric.name for _spec, metric in output.metrics]
            if plain in (*names, f"{output.feature}_loss"):
                plain = output.layer + plain.removeprefix(output.feature)
                break
    return prefix + plain


def _node_of(binding: OutputBinding, graph: Graph) -> str:
    ids = graph.output_ids()
    if binding.output in graph.nodes:
        return binding.output
    return ids[0] if len(ids) == 1 else ""
