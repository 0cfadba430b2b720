"""The features of the data against the inputs and outputs of the model."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.data.features.base import InputForm
from dlstudio.document.bindings import InputBinding
from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.params import SetParam
from dlstudio.document.edits.project import SetBindings
from dlstudio.document.excluded_samples import examples_text
from dlstudio.document.graph import Node
from dlstudio.document.name_lists import list_names
from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.feature_forms import (
    bindings_of,
    feature_branch,
    feature_form,
    is_number,
    unused_features,
)
from dlstudio.engine.problems.image_inputs import image_inputs
from dlstudio.engine.problems.input_fixes import fitted_branch
from dlstudio.engine.problems.split_inputs import split_input
from dlstudio.i18n import _, ngettext


def lost_inputs(context: CheckContext) -> Iterator[Problem]:
    """Features that enter an input which is not there, or do not exist."""
    project = context.project
    ids = {node.id for node in context.graph.inputs}
    several = len(ids) > 1
    for binding in project.inputs:
        known = binding.feature in project.data.features
        if known and (binding.input in ids or (not binding.input and not several)):
            continue
        rest = tuple(each for each in project.inputs if each != binding)
        label = _("Do not use “{feature}”").format(feature=binding.feature)
        message = (
            _("The feature “{feature}” enters an input that does not exist.")
            if known
            else _("The model uses the feature “{feature}”, which does not exist.")
        )
        fix = Fix(label, (SetBindings(rest, project.outputs),))
        yield context.problem(
            "error",
            "lost-input",
            message.format(feature=binding.feature)
            + " "
            + _("Add the input again, or do not use the feature."),
            fixes=[fix if rest else None],
        )


def empty_inputs(context: CheckContext) -> Iterator[Problem]:
    """Inputs that no feature enters."""
    project = context.project
    nodes = context.graph.inputs
    bound = {each.input for each in project.inputs}
    if len(nodes) == 1 and "" in bound:
        return
    for node in nodes:
        if node.id not in bound:
            yield context.problem(
                "error",
                "empty-input",
                _(
                    "No feature of the data enters {node}. Choose one, or remove the "
                    "input."
                ).format(node=node.name),
                node.id,
                list(_entering(context, node)),
            )


def shared_inputs(context: CheckContext) -> Iterator[Problem]:
    """Inputs that several features enter."""
    for node in context.graph.inputs:
        features = [each.feature for each in bindings_of(context, node)]
        if len(features) < 2:
            continue
        scalar = all(is_number(context, name) for name in features)
        yield context.problem(
            "error",
            "shared-input",
            _(
                "Several features enter {node}: {features}. Give each of them its own "
                "input."
            ).format(node=node.name, features=list_names(features)),
            node.id,
            [split_input(context, node, features) if scalar else None],
        )


def _entering(context: CheckContext, node: Node) -> Iterator[Fix]:
    """Features whose input is gone, then unused ones, that of its name first."""
    project = context.project
    ids = {each.id for each in context.graph.inputs}
    # A feature whose input was removed can enter this one.
    kept = tuple(each for each in project.inputs if each.input in ids)
    lost = [each.feature for each in project.inputs if each not in kept]
    free = [*lost, *unused_features(context)]
    free.sort(
        key=lambda name: (
            not _enters(context, name, node),
            name not in lost,
            name != node.id,
        )
    )
    for name in free[:3]:
        binding = InputBinding(name, context.name, node.id)
        others = tuple(each for each in project.inputs if each.feature != name)
        edit = SetBindings((*others, binding), project.outputs)
        yield Fix(_("Use “{feature}”").format(feature=name), (edit,))


def _enters(context: CheckContext, name: str, node: Node) -> bool:
    """Whether a feature has the shape and the data type of an input."""
    form = feature_form(context, name)
    return form is None or _fits(context, node, form)


def input_forms(context: CheckContext) -> Iterator[Problem]:
    """Inputs of another shape or data type than their feature has."""
    pairs = [
        (node, bindings[0])
        for node in context.graph.inputs
        if len(bindings := bindings_of(context, node)) == 1
    ]
    for node, binding in pairs:
        form = feature_form(context, binding.feature)
        if form is None or _fits(context, node, form):
            continue
        if node.id in image_inputs(context) and not _is_text(context, node):
            continue  # said by the checks of its type, with the size
        shape, dtype = form.shape, form.dtype
        edits: tuple[Edit, ...] = (SetParam(node.id, "dtype", dtype, context.name),)
        label = _("Set the data type of {node}").format(node=node.name)
        if None not in shape:
            edits = (SetParam(node.id, "shape", shape, context.name), *edits)
            label = _("Set shape and data type of {node}").format(node=node.name)
        own = Fix(label, edits)
        branch = feature_branch(context, binding.feature)
        yield context.problem(
            "error",
            "feature-input",
            _(
                "The feature “{feature}” does not fit {node}: expected the shape "
                "{shape} and the data type {dtype}."
            ).format(
                feature=binding.feature,
                node=node.name,
                shape="×".join("?" if side is None else str(side) for side in shape),
                dtype=dtype,
            ),
            node.id,
            [
                _joining(context, node, binding.feature),
                fitted_branch(context, node, branch) if branch else None,
                own,
            ],
        )


def _joining(context: CheckContext, node: Node, feature: str) -> Fix | None:
    """As many features as an input has numbers, if there are so many unused ones."""
    shape = context.param(node, "shape")
    count = shape[0] if isinstance(shape, tuple) and len(shape) == 1 else None
    if not isinstance(count, int) or count < 2 or not is_number(context, feature):
        return None
    free = [name for name in unused_features(context) if is_number(context, name)]
    if len(free) < count - 1:
        return None
    return split_input(context, node, (feature, *free[: count - 1]))


def _fits(context: CheckContext, node: Node, form: InputForm) -> bool:
    """Whether an input has a form; a side that is None is any size."""
    given = context.param(node, "shape")
    if not isinstance(given, tuple) or len(given) != len(form.shape):
        return False
    same = all(None in (a, b) or a == b for a, b in zip(given, form.shape, strict=True))
    text = _is_text(context, node)
    return same and text == (form.dtype == "string")


def _is_text(context: CheckContext, node: Node) -> bool:
    return bool(context.param(node, "dtype") == "string")


def unusable_rows(context: CheckContext) -> Iterator[Problem]:
    """Rows that training leaves out, with the reasons; excluding them settles it."""
    dataset, recipe = context.dataset, context.project.data
    if dataset is None or dataset.source != recipe.source:
        return
    out = frozenset(recipe.leave_out)
    found = tuple(each for each in dataset.unusable if each[0] not in out)
    if not found:
        return
    count = len(found)
    message = ngettext(
        "{count} of {total} rows cannot be used and is excluded from training: "
        "{names}.",
        "{count} of {total} rows cannot be used and are excluded from training: "
        "{names}.",
        count,
    ).format(
        count=count, total=dataset.samples + count, names=examples_text(found, count)
    )
    label = ngettext("Exclude this row", "Exclude these {count} rows", count)
    names = (*recipe.leave_out, *(name for name, _reason in found))
    fix = Fix.set_data(label.format(count=count), "leave_out", names)
    yield context.problem("warning", "unusable-rows", message, fixes=[fix])


BINDINGS = (lost_inputs, shared_inputs, empty_inputs, input_forms, unusable_rows)
