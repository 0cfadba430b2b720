"""Each output of a model of features against what its head wants.

The checks of a model with one output look at one output at a time: its head, loss,
metrics and classes stand where those of the whole project do, and what their fixes
change is written back into the binding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from dlstudio.document.bindings import OutputBinding
from dlstudio.document.edits.base import Edit, GraphEdit
from dlstudio.document.edits.nodes import SetOutputs
from dlstudio.document.edits.project import SetBindings, SetPlan
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.project import MODEL
from dlstudio.engine.heads.find_head import find_head_type
from dlstudio.engine.problems.activation import ACTIVATION
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.dataset_statistics import DatasetStatistics
from dlstudio.engine.problems.head import HEAD
from dlstudio.engine.problems.losses import LOSSES
from dlstudio.engine.problems.targets import targets

CHECKS: tuple[Callable[[CheckContext], Iterator[Problem]], ...] = (
    *HEAD,
    *ACTIVATION,
    *LOSSES,
)


@dataclass(frozen=True, slots=True)
class BoundOutput:
    """One output of a model, as a model with this output alone.

    Attributes:
        whole: The model with all outputs.
        place: Of the binding among the project's outputs.
        end: Id of the node.
        alone: The model with this output only.
    """

    whole: CheckContext
    place: int
    end: str
    alone: CheckContext

    @property
    def binding(self) -> OutputBinding:
        """The binding as it is."""
        return self.whole.project.outputs[self.place]

    @property
    def several(self) -> bool:
        """Whether the model has other outputs, too."""
        return len(self.whole.project.outputs) > 1

    def bound(self, fix: Fix) -> Fix | None:
        """A fix of the output alone as one of the whole project; None if impossible."""
        changed = self.alone.apply(fix.edits)
        if changed is None:
            return None
        (end,) = changed.model.output_ids()
        before, own = self.whole.project.plan, self.binding
        edits: list[Edit] = [
            each
            for each in fix.edits
            if isinstance(each, GraphEdit) and not isinstance(each, SetOutputs)
        ]
        marked = self.whole.graph.outputs
        if marked and end != self.end:
            ids = tuple(end if id == self.end else id for id in marked)
            edits.append(SetOutputs(ids, self.whole.name))
        loss, metrics = changed.plan.loss, changed.plan.metrics
        binding = replace(
            own, head=changed.output.head, output=end if own.output else ""
        )
        if loss != self.whole.project.loss_of(own):
            if self.several or own.loss is not None:
                binding = replace(binding, loss=loss)
            else:
                edits.append(SetPlan("loss", loss))
        if metrics != self.whole.project.metrics_of(own):
            if self.several or own.metrics is not None:
                binding = replace(binding, metrics=metrics)
            elif metrics != before.metrics:
                edits.append(SetPlan("metrics", metrics))
        if binding != own:
            outputs = list(self.whole.project.outputs)
            outputs[self.place] = binding
            edits.append(SetBindings(self.whole.project.inputs, tuple(outputs)))
        return Fix(fix.label, tuple(edits))


def bound_outputs(context: CheckContext) -> Iterator[BoundOutput]:
    """The outputs of the trained model that predict a feature."""
    project, graph = context.project, context.graph
    ends = [id for id in graph.output_ids() if id in graph.nodes]
    for place, binding in enumerate(project.outputs):
        end = binding.output or (ends[0] if len(ends) == 1 else "")
        known = context.catalog.search("heads", binding.head.kind) is not None
        if binding.graph != MODEL or end not in ends or not known:
            continue
        plan = replace(
            project.plan,
            loss=project.loss_of(binding),
            metrics=project.metrics_of(binding),
        )
        own = replace(binding, output="", loss=None, metrics=None)
        alone = replace(
            project.with_graph(MODEL, replace(graph, outputs=(end,))),
            outputs=(own,),
            plan=plan,
        )
        dataset = context.dataset
        if dataset is not None:
            classes = dataset.distinct.get(binding.feature, 0)
            dataset = DatasetStatistics(classes=classes)
        yield BoundOutput(
            context,
            place,
            end,
            replace(
                context,
                project=alone,
                dataset=dataset,
                head_type=find_head_type(binding.head.kind, context.catalog),
            ),
        )


def output_bindings(context: CheckContext) -> Iterator[Problem]:
    """What does not fit an output, unless it is another size or type that does not."""
    reported = {each.node for each in targets(context)}
    for output in bound_outputs(context):
        if output.end in reported:
            continue
        for check in CHECKS:
            for problem in check(output.alone):
                fixes = (output.bound(fix) for fix in problem.fixes)
                kept = tuple(fix for fix in fixes if fix is not None)
                node = problem.node or (output.end if output.several else "")
                yield replace(problem, fixes=kept, node=node)


OUTPUT_BINDINGS = (output_bindings,)
