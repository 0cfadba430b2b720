"""Outputs of models of features that predict nothing, and predictions of no output."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dlstudio.catalog.feature_heads import heads_of
from dlstudio.document.bindings import MODEL, OutputBinding
from dlstudio.document.edits.project import SetBindings
from dlstudio.document.name_lists import list_names
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.values import Spec
from dlstudio.engine.heads.base import HeadType
from dlstudio.engine.heads.find_head import find_head_type
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.feature_forms import unused_features
from dlstudio.engine.problems.outputs import removing_end
from dlstudio.i18n import _


def bound_ends(context: CheckContext) -> Iterator[Problem]:
    """Outputs that predict nothing, and features that no output predicts."""
    project = context.project
    ends = [id for id in context.graph.output_ids() if id in context.graph.nodes]
    if len(ends) == 1 and len(project.outputs) == 1 and not project.output.output:
        return
    bound = {each.output for each in project.outputs}
    if "" in bound and len(ends) > 1:
        yield _unclear(context, ends)
        return
    for end in ends:
        if end not in bound:
            yield context.problem(
                "error",
                "unbound-output",
                _(
                    "{node} is an output, but predicts no feature. Choose one, or "
                    "remove the output."
                ).format(node=context.graph.nodes[end].name),
                end,
                [*_predictions(context, end), removing_end(context, end, ends)],
            )
    lost = [each for each in project.outputs if each.output not in ends]
    if lost:
        kept = tuple(each for each in project.outputs if each not in lost)
        names = list_names([each.feature for each in lost])
        fix = Fix(
            _("Do not predict {names}").format(names=names),
            (SetBindings(project.inputs, kept),),
        )
        yield context.problem(
            "error",
            "lost-output",
            _("No output of the model predicts {names}. Add one.").format(names=names),
            fixes=[fix if kept else None],
        )


def _unclear(context: CheckContext, ends: list[str]) -> Problem:
    """A prediction that means the only output, where there are several."""
    project = context.project
    place = [each.output for each in project.outputs].index("")
    feature = project.outputs[place].feature
    fixes = []
    for end in sorted(ends, key=lambda id: id != feature)[:3]:
        outputs = list(project.outputs)
        outputs[place] = replace(outputs[place], output=end)
        node = context.called(end)
        label = _("Predict “{feature}” with {node}").format(feature=feature, node=node)
        fixes.append(Fix(label, (SetBindings(project.inputs, tuple(outputs)),)))
    return context.problem(
        "error",
        "lost-output",
        _("The model has several outputs. Which predicts “{feature}”?").format(
            feature=feature
        ),
        fixes=fixes,
    )


def _predictions(context: CheckContext, end: str) -> Iterator[Fix]:
    """Let an output predict a feature that is not used, the most fitting first."""
    project, form = context.project, context.output(end)
    units = form.shape[-1] if form is not None else None
    found: list[tuple[bool, bool, OutputBinding]] = []
    for name in unused_features(context):
        head_type = _head_for(context, project.data.features[name].kind)
        if head_type is None:
            continue
        classes = context.dataset.distinct.get(name, 0) if context.dataset else 0
        binding = OutputBinding(
            name,
            Spec(head_type.kind),
            MODEL,
            end,
            loss=Spec(head_type.best_loss(classes, max(2, classes))),
            metrics=tuple(Spec(kind) for kind in head_type.metrics[:1]),
        )
        other_size = units not in head_type.fitting_units(classes)
        found.append((name != end, other_size, binding))
    for _other, _size, binding in sorted(found, key=lambda each: each[:2])[:3]:
        edit = SetBindings(project.inputs, (*project.outputs, binding))
        label = _("Predict “{feature}” with it").format(feature=binding.feature)
        yield Fix(label, (edit,))


def _head_for(context: CheckContext, kind: str) -> HeadType | None:
    """The head that predicts features of a type."""
    for head in heads_of(kind, context.catalog):
        return find_head_type(head, context.catalog)
    return None


OUTPUT_ENDS = (bound_ends,)
