"""The features of the data against the inputs and outputs of the model."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.data.features.base import InputForm, load_feature_type
from dlstudio.document.bindings import InputBinding
from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.params import SetParam
from dlstudio.document.edits.project import SetBindings
from dlstudio.document.excluded_samples import examples_text
from dlstudio.document.graph import Node
from dlstudio.document.name_lists import list_names
from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.image_inputs import image_inputs
from dlstudio.engine.problems.input_fixes import fitted_branch
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


def _entering(context: CheckContext, node: Node) -> Iterator[Fix]:
    """Features that are not used yet, the one with the input's name first."""
    project = context.project
    ids = {each.id for each in context.graph.inputs}
    # A feature whose input was removed can enter this one.
    kept = tuple(each for each in project.inputs if each.input in ids)
    used = {each.feature for each in kept}
    used |= {each.feature for each in project.outputs}
    free = [name for name in project.data.features if name not in used]
    free.sort(key=lambda name: (not _enters(context, name, node), name != node.id))
    for name in free[:3]:
        binding = InputBinding(name, context.name, node.id)
        edit = SetBindings((*kept, binding), project.outputs)
        yield Fix(_("Use “{feature}”").format(feature=name), (edit,))


def _enters(context: CheckContext, name: str, node: Node) -> bool:
    """Whether a feature has the shape and the data type of an input."""
    form = _form(context, name)
    return form is None or _fits(context, node, form)


def input_forms(context: CheckContext) -> Iterator[Problem]:
    """Inputs of another shape or data type than their feature has."""
    project = context.project
    nodes = {node.id: node for node in context.graph.inputs}
    for binding in project.inputs:
        node = nodes.get(binding.input) or _only(context, binding)
        form = _form(context, binding.feature)
        if node is None or form is None or _fits(context, node, form):
            continue
        if node.id in image_inputs(context) and not _is_text(context, node):
            continue  # said with the size of the images
        shape, dtype = form.shape, form.dtype
        edits: tuple[Edit, ...] = (SetParam(node.id, "dtype", dtype, context.name),)
        label = _("Set the data type of {node}").format(node=node.name)
        if None not in shape:
            edits = (SetParam(node.id, "shape", shape, context.name), *edits)
            label = _("Set shape and data type of {node}").format(node=node.name)
        fix = Fix(label, edits)
        branch = fitted_branch(context, node, form, _distinct(context, binding.feature))
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
            [branch, fix],
        )


def _distinct(context: CheckContext, name: str) -> int:
    """Different values of a feature of names in the data; 0 if unknown."""
    found = context.dataset.distinct.get(name, 0) if context.dataset else 0
    return int(found)


def _only(context: CheckContext, binding: InputBinding) -> Node | None:
    """The input that a binding to "the only one" means."""
    nodes = context.graph.inputs
    return nodes[0] if not binding.input and len(nodes) == 1 else None


def _form(context: CheckContext, name: str) -> InputForm | None:
    """The input that a feature needs; None if it is unknown or not read from cells."""
    feature = context.project.data.features.get(name)
    described = context.catalog.get(feature.kind) if feature is not None else None
    if feature is None or described is None or not described.implementations.data:
        return None
    distinct = context.dataset.distinct.get(name) if context.dataset else None
    return load_feature_type(described).input_form(feature, distinct)


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


def bound_ends(context: CheckContext) -> Iterator[Problem]:
    """Outputs that predict nothing, and features that no output predicts."""
    project = context.project
    ends = [id for id in context.graph.output_ids() if id in context.graph.nodes]
    if len(ends) == 1 and len(project.outputs) == 1 and not project.output.output:
        return
    bound = {each.output for each in project.outputs}
    for end in ends:
        if end not in bound:
            yield context.problem(
                "error",
                "unbound-output",
                _(
                    "{node} is an output, but predicts no feature. Connect it, or "
                    "remove it."
                ).format(node=context.graph.nodes[end].name),
                end,
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


BINDINGS = (lost_inputs, empty_inputs, input_forms, bound_ends, unusable_rows)
