"""The classes of the data: how many, how large, which head and weights they have."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.project import SetHead, SetPlan
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.values import FrozenMap
from dlstudio.engine.heads.base import short
from dlstudio.engine.heads.find_head import find_head_type
from dlstudio.engine.heads.label_forms import LabelKind
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.dataset_statistics import DatasetStatistics
from dlstudio.engine.problems.head_fixes import set_activation
from dlstudio.engine.problems.model_head import find_head
from dlstudio.engine.problems.node_queries import spec
from dlstudio.engine.problems.unlabeled_images import unlabeled_images
from dlstudio.i18n import _

FEW = 5
UNEVEN = 10


def classes(context: CheckContext) -> Iterator[Problem]:
    """Too few classes or samples, and imbalanced classes."""
    dataset = context.dataset
    if dataset is None:
        return
    if dataset.classes == 1 and not dataset.has_several_labels:
        yield context.problem(
            "error",
            "one-class",
            _(
                "The data has only one class, but classification needs at "
                "least two. Add another class."
            ),
        )
    if dataset.samples and dataset.training == 0:
        yield context.problem(
            "error",
            "no-training-samples",
            _("No samples remain for training. Reduce the shares of the other splits."),
        )
    counts = dataset.counts
    if not counts:
        return
    names = dataset.class_names or tuple(str(number) for number in range(len(counts)))
    empty = [name for name, count in zip(names, counts, strict=False) if not count]
    if empty and dataset.samples:
        yield context.problem(
            "warning",
            "empty-class",
            _(
                "There are no usable samples of {names}, so the model cannot "
                "learn it. Add samples, or remove the class."
            ).format(names=", ".join(empty[:5])),
        )
    few = [name for name, count in zip(names, counts, strict=False) if 0 < count < FEW]
    if few:
        yield context.problem(
            "warning",
            "few-samples",
            _(
                "There are fewer than {least} samples of {names}, too few for "
                "training and testing. Add more."
            ).format(least=FEW, names=", ".join(few[:5])),
        )
    least = min((count for count in counts if count), default=0)
    even = context.project.plan.class_weights != "none"
    if least and max(counts) >= UNEVEN * least and not even:
        balance = Fix.set_plan(_("Balance the classes"), "class_weights", "balanced")
        yield context.problem(
            "hint",
            "uneven-classes",
            _(
                "The largest class has {most} samples, the smallest only "
                "{least}; the model would hardly learn rare classes. Balance "
                "them with class weights."
            ).format(most=max(counts), least=least),
            fixes=[balance],
        )


def labels(context: CheckContext) -> Iterator[Problem]:
    """One class per sample against any number of labels."""
    dataset, head_type = context.dataset, context.head_type
    if dataset is None or head_type is None or not dataset.classes:
        return
    if head_type.labels == _label_kind(dataset):
        return
    if not head_type.has_classes:
        message = _(
            "The samples of this data have classes, but the task {name} predicts "
            "numbers. Choose another task."
        )
    elif dataset.has_several_labels:
        message = _(
            "The samples of this data have several labels, but the task {name} "
            "expects one class per sample. Choose another task."
        )
    else:
        message = _(
            "Each sample of this data has one class, but the task {name} "
            "expects any number of labels. Choose another task."
        )
    yield context.problem(
        "error"
        if dataset.has_several_labels or not head_type.has_classes
        else "warning",
        "task-labels",
        message.format(name=short(head_type.kind)),
        fixes=_other_tasks(context),
    )


def _label_kind(dataset: DatasetStatistics) -> LabelKind:
    return "multi" if dataset.has_several_labels else "single"


def _other_tasks(context: CheckContext) -> Iterator[Fix]:
    """Another head, with the layer and the loss that belong to it."""
    head = find_head(context)
    dataset = context.dataset or DatasetStatistics()
    for each in context.catalog.family("heads"):
        other = find_head_type(each.kind, context.catalog)
        if other.labels != _label_kind(dataset):
            continue
        edits: list[Edit] = [SetHead.of(each)]
        if head is not None:
            best = other.best_loss(dataset.classes, head.units)
            activation = other.head(best, dataset.classes, head.units)[1]
            edits += set_activation(context, head, activation) or ()
            edits.append(SetPlan("loss", spec(best)))
        yield Fix(_("Choose {name}").format(name=short(each.kind)), tuple(edits))


def weights(context: CheckContext) -> Iterator[Problem]:
    """Class weights that are negative or for classes that do not exist."""
    plan = context.project.plan
    if plan.class_weights != "custom":
        return
    known = context.dataset.class_names if context.dataset else ()
    unknown = [name for name in plan.class_weight if known and name not in known]
    bad = [name for name, weight in plan.class_weight.items() if not weight >= 0]
    wrong = list(dict.fromkeys([*unknown, *bad]))
    if wrong:
        message = (
            _("There is a weight for “{name}”, which is not a class.")
            if unknown
            else _("The weight of “{name}” is negative, but must be at least 0.")
        )
        kept = plan.class_weight.without(wrong)
        label = _("Remove the weights of {names}").format(names=", ".join(wrong[:5]))
        yield context.problem(
            "error",
            "class-weights",
            message.format(name=wrong[0]),
            fixes=[Fix(label, _weights(kept))],
        )
    elif plan.class_weight and not any(plan.class_weight.values()):
        covers = not known or set(known) <= set(plan.class_weight)
        if covers:
            yield context.problem(
                "error",
                "class-weights",
                _("All class weights are 0, so the model would learn nothing."),
                fixes=[
                    Fix.set_plan(_("Use no class weights"), "class_weights", "none")
                ],
            )


def _weights(kept: FrozenMap[str, float]) -> tuple[SetPlan, ...]:
    if not kept:
        return (SetPlan("class_weight", kept), SetPlan("class_weights", "none"))
    return (SetPlan("class_weight", kept),)


CLASSES = (unlabeled_images, classes, labels, weights)
