"""Checks kinds, parameters and names of nodes."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import replace

from dlstudio.catalog.schema import Description, Param
from dlstudio.catalog.validation import check_params
from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import OPAQUE, Node
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.values import Value, freeze, freeze_map
from dlstudio.engine.heads.base import short
from dlstudio.engine.model.call_arguments import layer_names
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.node_queries import number
from dlstudio.engine.shapes.graph import ON_CANVAS
from dlstudio.errors import UserError
from dlstudio.i18n import _


def kinds(context: CheckContext) -> Iterator[Problem]:
    """Kinds that are not in the catalog."""
    for node in context.graph.nodes.values():
        described = context.describe(node)
        if described is not None and described.family in ON_CANVAS:
            continue
        near = _nearest(context, node)
        message = _("{node} has the unknown layer type “{kind}”.").format(
            node=node.name, kind=node.kind
        )
        hint = (
            _("Did you mean {name}?").format(name=short(near))
            if near
            else _("Replace it with another layer, or remove it.")
        )
        yield context.problem(
            "error",
            "unknown-kind",
            f"{message} {hint}",
            node.id,
            context.working_fixes(node.id, _other_kinds(context, node, near)),
        )


def _nearest(context: CheckContext, node: Node) -> str:
    family = "ops" if node.kind.startswith("keras.ops.") else "layers"
    names = {each.name: each.kind for each in context.catalog.family(family)}
    found = difflib.get_close_matches(short(node.kind) or node.kind, list(names), n=1)
    return names[found[0]] if found else ""


def _other_kinds(context: CheckContext, node: Node, near: str) -> Iterator[Fix]:
    if near:
        changed = replace(node, kind=near)
        label = _("Change to {name}").format(name=short(near))
        yield Fix.replace_node(label, changed, context.name)
    yield Fix.remove(node, graph=context.name)


def parameters(context: CheckContext) -> Iterator[Problem]:
    """Parameters that do not exist, are missing, or out of range."""
    for node in context.graph.nodes.values():
        described = context.describe(node)
        if described is None or described.family not in ON_CANVAS:
            continue
        if node.shares in context.graph.nodes:
            continue  # the parameters of the layer it shares weights with apply
        wrong = check_params(described, node.params, context.catalog)
        for name, sentence in wrong:
            yield context.problem(
                "error",
                "bad-parameter",
                f"{node.name}: {sentence}",
                node.id,
                list(_repairs(context, node, described, name)),
            )
        if not wrong and context.shapes[node.id].cause == "make":
            yield _refused(context, node, described)


def _repairs(
    context: CheckContext, node: Node, described: Description, name: str
) -> Iterator[Fix]:
    param = described.param(name)
    if param is None:
        yield Fix.reset_param(
            _("Remove “{param}”").format(param=name), node, name, context.name
        )
        return
    better = nearest_value(param, node.params.get(name))
    if better is None and param.required:
        example = described.example.get(name)
        better = None if example is None else freeze(example)
    if better is not None:
        label = _("Set {param} to {value}").format(param=name, value=_shown(better))
        yield Fix.set_param(label, node, name, better, context.name)
    elif not param.required and name in node.params:
        label = _("Reset {param} to {value}").format(
            param=name, value=_shown(param.default)
        )
        yield Fix.reset_param(label, node, name, context.name)


def nearest_value(param: Param, value: Value) -> Value:
    """The nearest allowed number; None if the value is not out of bounds."""
    given = number(value)
    if given is None or param.type not in ("int", "float", "size"):
        return None
    low, high = param.minimum, param.maximum
    if low is not None and given < low and not param.open_minimum:
        return _typed(param, low)
    if high is not None and given > high and not param.open_maximum:
        return _typed(param, high)
    return None


def _typed(param: Param, bound: float) -> Value:
    return float(bound) if param.type == "float" else int(bound)


def _shown(value: object) -> str:
    text = getattr(value, "kind", value)
    return short(text) if isinstance(text, str) else str(text)


def _closed(context: CheckContext, node: Node, reason: str) -> Problem:
    """The problem of an opaque layer, without a reset: it could not be restored."""
    return context.problem(
        "error",
        "closed-block",
        f"{node.name}: {reason}",
        node.id,
        [Fix.remove(node, graph=context.name)],
    )


def _refused(context: CheckContext, node: Node, described: Description) -> Problem:
    reason = context.shapes[node.id].error
    if node.kind == OPAQUE:
        return _closed(context, node, reason)
    fixes = [
        Fix.reset_param(
            _("Reset {param} to {value}").format(
                param=name, value=_shown(_default(described, name))
            ),
            node,
            name,
            context.name,
        )
        for name in node.params
        if name not in ("name", "dtype") and not _required(described, name)
    ]
    return context.problem(
        "error",
        "refused-parameters",
        _("{node} cannot be created with these parameters: {reason}").format(
            node=node.name, reason=reason
        ),
        node.id,
        context.working_fixes(node.id, [*fixes, *_example(context, node, described)]),
    )


def _default(described: Description, name: str) -> object:
    param = described.param(name)
    return param.default if param else None


def _required(described: Description, name: str) -> bool:
    param = described.param(name)
    return param is not None and param.required


def _example(
    context: CheckContext, node: Node, described: Description
) -> Iterator[Fix]:
    try:
        params = freeze_map(dict(described.example))
    except UserError:
        return
    changed = replace(node, params=params)
    label = _("Reset its parameters")
    yield Fix.replace_node(label, changed, context.name)


def names(context: CheckContext) -> Iterator[Problem]:
    """Names that Keras would reject or that are used twice."""
    used = layer_names(context.graph)
    seen: dict[str, Node] = {}
    for node in context.graph.nodes.values():
        if node.shares is not None:
            continue
        other = seen.setdefault(node.name, node)
        becomes = used[node.id]
        if becomes == node.name:
            continue
        edit = _renaming(context, node, becomes)
        if other is not node:
            yield context.problem(
                "warning",
                "doubled-name",
                _(
                    "Two layers are called {name}, so the second would be "
                    "renamed to {becomes}. Use unique names."
                ).format(name=node.name, becomes=becomes),
                node.id,
                [Fix(_("Rename to {name}").format(name=becomes), edit)],
            )
        else:
            yield context.problem(
                "hint",
                "illegal-name",
                _(
                    "In the built model, {name} would be renamed to {becomes}: "
                    "TensorFlow allows only the letters a–z, digits, “_”, “-” "
                    "and “.” in names."
                ).format(name=node.name, becomes=becomes),
                node.id,
                [Fix(_("Rename to {name}").format(name=becomes), edit)],
            )


def _renaming(context: CheckContext, node: Node, name: str) -> tuple[Edit, ...]:
    return (SetParam(node.id, "name", name, context.name),)


PARAMS = (kinds, parameters, names)
