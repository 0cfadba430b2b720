"""Checks the head against the classes: rank and units."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.heads.base import HeadType
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.head_fixes import appended, resized, with_scores
from dlstudio.engine.problems.model_head import (
    ModelHead,
    find_head,
    is_scoring,
    wrong_units,
)
from dlstudio.engine.runtime.error_text import dims
from dlstudio.i18n import _, ngettext

COLORS = 4


def heads(context: CheckContext) -> Iterator[Problem]:
    """What the head gives, against what its head type needs."""
    head, head_type = find_head(context), context.head_type
    if head is None or head_type is None or head.output.kind.endswith("InputLayer"):
        return
    if head_type.of_tokens:
        return  # the graph says how many tokens there are
    if len(head.form.shape) != 1 + head_type.AXES:
        yield _rank(context, head, head_type)
        return
    yield from _units(context, head, head_type)


def _rank(context: CheckContext, head: ModelHead, head_type: HeadType) -> Problem:
    if head_type.has_classes:
        message = _(
            "{node} outputs {shape} per sample; expected one score per class. Add "
            "pooling or Flatten before the last layer."
        )
    else:
        message = _(
            "{node} outputs {shape} per sample; expected one row of numbers. Add "
            "pooling or Flatten before the last layer."
        )
    if head_type.AXES > 1:
        message = _(
            "{node} outputs {shape} per sample; expected one row of scores per token. "
            "Let recurrent layers return sequences, and do not pool."
        )
        text = message.format(node=head.output.name, shape=dims(head.form.shape))
        return context.problem("error", "head-rank", text, head.output.id)
    message = message.format(node=head.output.name, shape=dims(head.form.shape))
    fixes = [fix for fix in _to_row(context, head) if _gives_row(context, fix)]
    return context.problem("error", "head-rank", message, head.output.id, fixes[:3])


def _to_row(context: CheckContext, head: ModelHead) -> Iterator[Fix]:
    """Fixes that pool or flatten before the scoring layer, or after the last one."""
    rank = len(head.form.shape) - 2
    pool = f"GlobalAveragePooling{min(max(rank, 1), 3)}D"
    both = [(pool, "pool"), ("Flatten", "flatten")]
    if not _many_channels(context, head):
        both.reverse()
    for kind, stem in both:
        before = context.into(head.scorer.id) if head.scorer else ()
        if len(before) == 1:
            edit = context.insert(kind, stem, before[0])
            yield Fix.insert_after(context.called(before[0].source), edit)
    for kind, stem in ((pool, "pool"), ("Flatten", "flatten")):
        label = _("Append {kind}").format(kind=kind)
        yield Fix(label, appended(context, head, kind, stem))


def _many_channels(context: CheckContext, head: ModelHead) -> bool:
    """Whether pooling would leave about as many values as there are scores.

    Few channels, such as colors, are too few for that: their mean says little.
    """
    inputs = context.shapes[head.scorer.id].inputs if head.scorer else ()
    width = inputs[0].shape[-1] if inputs else None
    return width is not None and width > COLORS and 2 * width >= head.units


def _gives_row(context: CheckContext, fix: Fix) -> bool:
    shapes = context.shapes_after(fix.edits)
    project = context.apply(fix.edits)
    if shapes is None or project is None:
        return False
    ends = project.graphs[context.name].output_ids()
    outputs = [form for id in ends for form in shapes[id].outputs]
    wrong = any(shape.cause for shape in shapes.values())
    return not wrong and len(outputs) == 1 and len(outputs[0].shape) == 2


def _units(
    context: CheckContext, head: ModelHead, head_type: HeadType
) -> Iterator[Problem]:
    if not wrong_units(context, head):
        return
    classes = context.dataset.classes if context.dataset else 0
    units, activation = head_type.head(
        context.project.plan.loss.kind, classes, head.units
    )
    fixes = [
        resized(context, head, head_type, units, activation),
        with_scores(context, head, head_type, units, activation),
    ]
    if not is_scoring(head):
        fixes.reverse()
    yield context.problem(
        "error", "head-units", _count(head, head_type, classes), head.output.id, fixes
    )


def _count(head: ModelHead, head_type: HeadType, classes: int) -> str:
    gives = ngettext(
        "{node} outputs {units} score per sample",
        "{node} outputs {units} scores per sample",
        head.units,
    ).format(node=head.output.name, units=head.units)
    if not head_type.has_classes:
        return _("{gives}; expected {units}.").format(
            gives=gives, units=max(head_type.fitting_units(classes))
        )
    has = ngettext(
        "the data has {classes} class", "the data has {classes} classes", classes
    ).format(classes=classes)
    return _("{gives}, but {has}; expected one score per class.").format(
        gives=gives, has=has
    )


HEAD = (heads,)
