"""The activation of the head, against the loss and its meaning."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.params import SetParam
from dlstudio.document.edits.project import SetPlan
from dlstudio.document.problems import Fix, Problem, Severity
from dlstudio.engine.heads.base import HeadType, short
from dlstudio.engine.heads.loss_families import LOGIT_LOSSES, SIGMOID_LOSSES
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.head_fixes import (
    set_activation,
    with_activation,
    with_units,
)
from dlstudio.engine.problems.model_head import ModelHead, find_head, wrong_units
from dlstudio.i18n import _


def activations(context: CheckContext) -> Iterator[Problem]:
    """What the last layer does with its scores; one mistake is told once."""
    head, head_type = find_head(context), context.head_type
    if head is None or head_type is None or len(head.form.shape) != 2:
        return
    if wrong_units(context, head) or head.is_unknown:
        return
    if head_type.has_classes:
        yield from _of_scores(context, head, head_type)
    elif message := head_type.unfit_activation(head.activation):
        edits = set_activation(context, head, "linear")
        yield _wrong(context, head, "head-activation", message, edits, "warning")


def _of_scores(
    context: CheckContext, head: ModelHead, head_type: HeadType
) -> Iterator[Problem]:
    loss = context.project.plan.loss
    logits = loss.params.get("from_logits") is True
    name, scores = head.activation, head.activation in ("softmax", "sigmoid")
    if head.units == 1 and name == "softmax":
        yield _softmax_of_one(context, head, head_type)
    elif logits and scores:
        yield _twice(context, head)
    elif head_type.has_several_labels and name == "softmax":
        yield _wrong(
            context,
            head,
            "softmax-multi-label",
            _(
                "{node} uses softmax, whose scores add up to 1, but a sample "
                "can have several labels. Use sigmoid instead."
            ),
            with_activation(context, head, head_type, "sigmoid"),
            "error",
        )
    elif head_type.labels == "single" and name == "sigmoid" and head.units > 1:
        yield _wrong(
            context,
            head,
            "sigmoid-single-label",
            _(
                "{node} uses sigmoid, which scores each class independently, "
                "but each sample has exactly one class. Use softmax, so that "
                "the classes compete."
            ),
            with_activation(context, head, head_type, "softmax"),
            "warning",
        )
    elif not scores and not logits and short(loss.kind) in LOGIT_LOSSES:
        yield _unscaled(context, head, head_type)
    elif not scores and logits and name != "linear":
        yield _wrong(
            context,
            head,
            "head-activation",
            _(
                "{node} applies {name}, which clips scores. With from_logits, "
                "the last layer should have no activation."
            ),
            set_activation(context, head, "linear"),
            "warning",
        )


def _wrong(
    context: CheckContext,
    head: ModelHead,
    code: str,
    message: str,
    edits: tuple[Edit, ...] | None,
    severity: Severity,
) -> Problem:
    text = message.format(node=head.output.name, name=head.activation)
    fixes = [Fix(_change(edits), edits)] if edits else []
    return context.problem(severity, code, text, head.output.id, fixes)


def _change(edits: tuple[Edit, ...]) -> str:
    values = [edit.value for edit in edits if isinstance(edit, SetParam)]
    name = values[0] if values else "softmax"
    return _("Set the activation to {name}").format(name=name)


def _softmax_of_one(
    context: CheckContext, head: ModelHead, head_type: HeadType
) -> Problem:
    classes = context.dataset.classes if context.dataset else 2
    fixes: list[Fix | None] = []
    if classes == 2 or head_type.has_several_labels:
        edits = with_activation(context, head, head_type, "sigmoid")
        fixes.append(Fix(_("Use sigmoid"), edits) if edits else None)
    if head_type.labels == "single":
        fixes.append(with_units(context, head, head_type, max(classes, 2), "softmax"))
    return context.problem(
        "error",
        "softmax-one-unit",
        _(
            "{node} applies softmax to a single unit, so its output is always "
            "1. Use sigmoid with one unit for two classes, or softmax with one "
            "unit per class."
        ).format(node=head.output.name),
        head.output.id,
        fixes,
    )


def _twice(context: CheckContext, head: ModelHead) -> Problem:
    off = Fix.set_plan(_("Turn off from_logits"), "loss.from_logits", False)
    linear = set_activation(context, head, "linear")
    other = Fix(_("Remove the activation"), linear) if linear else None
    return context.problem(
        "warning",
        "logits-twice",
        _(
            "{node} already applies {name}, and the loss applies it again "
            "because from_logits is on. The model would learn slowly and its "
            "scores would be wrong."
        ).format(node=head.output.name, name=head.activation),
        head.output.id,
        [off, other],
    )


def _unscaled(context: CheckContext, head: ModelHead, head_type: HeadType) -> Problem:
    loss = short(context.project.plan.loss.kind)
    wanted = "sigmoid" if loss in SIGMOID_LOSSES else "softmax"
    wanted = "sigmoid" if head_type.has_several_labels or head.units == 1 else wanted
    edits = with_activation(context, head, head_type, wanted)
    fixes: list[Fix | None] = []
    if edits:
        fixes.append(Fix(_("Set the activation to {name}").format(name=wanted), edits))
    if head.activation == "linear":
        on = (SetPlan("loss.from_logits", True),)
        fixes.append(Fix(_("Turn on from_logits of the loss"), on))
    return context.problem(
        "error",
        "scores-not-probabilities",
        _(
            "{node} applies {name}, but {loss} expects probabilities between 0 "
            "and 1. Use {wanted}, or turn on from_logits of the loss."
        ).format(
            node=head.output.name,
            name=_("no activation") if head.activation == "linear" else head.activation,
            loss=loss,
            wanted=wanted,
        ),
        head.output.id,
        fixes,
    )


ACTIVATION = (activations,)
