"""Reports layers that reject their inputs: ranks, sizes, merges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import Node
from dlstudio.document.name_lists import list_names
from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.heads.base import short
from dlstudio.engine.problems import merge_fixes, shape_fixes
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.node_queries import is_kind
from dlstudio.engine.problems.shared_weights import own_weights
from dlstudio.engine.problems.text_layers import open_lookup, sized_lookup
from dlstudio.engine.shapes.node_shape import NodeShape
from dlstudio.i18n import _, ngettext

MERGING = (
    "Add",
    "Average",
    "Concatenate",
    "Maximum",
    "Minimum",
    "Multiply",
    "Subtract",
)
RECURRENT = ("SimpleRNN", "LSTM", "GRU", "RNN", "Bidirectional")
_EXPECTED = re.compile(r"expected (min_|max_)?ndim=(\d+), found ndim=(\d+)")


def mismatches(context: CheckContext) -> Iterator[Problem]:
    """Every node that rejects its inputs."""
    for id, shape in context.shapes.items():
        if shape.cause == "call" and context.graph.nodes[id].kind != BACKBONE:
            yield _explain(context, context.graph.nodes[id], shape)


def _explain(context: CheckContext, node: Node, shape: NodeShape) -> Problem:
    if node.shares is not None:
        return _shared(context, node, shape)
    if is_kind(node, *MERGING):
        return _merge(context, node, shape)
    ranks = _ranks(context, node, shape)
    if ranks is not None:
        return _rank(context, node, shape, *ranks)
    if _too_small(context, node, shape):
        return _size(context, node, shape)
    if any(None in form.shape[1:] for form in shape.inputs):
        return _open_size(context, node, shape)
    message = _("{node} ({kind}) does not accept {shapes}: {reason}").format(
        node=node.name,
        kind=short(node.kind),
        shapes=_given(context, node, shape),
        reason=shape.error,
    )
    candidates = chain(
        shape_fixes.reshaped(context, node, shape), _general(context, node)
    )
    return _problem(context, node, "layer-refuses", message, candidates)


def _shared(context: CheckContext, node: Node, shape: NodeShape) -> Problem:
    owner = node.shares or ""
    mine = _(" and ").join(map(str, shape.inputs))
    theirs = _(" and ").join(map(str, context.shapes[owner].inputs))
    message = _(
        "{node} shares the weights of {owner}, but gets {mine} while {owner} "
        "gets {theirs}; the weights cannot fit both."
    ).format(node=node.name, owner=context.called(owner), mine=mine, theirs=theirs)
    candidates = iter([own_weights(context, node)])
    return _problem(context, node, "shares-unlike", message, candidates)


def _problem(
    context: CheckContext,
    node: Node,
    code: str,
    message: str,
    candidates: Iterator[Fix],
) -> Problem:
    fixes = context.working_fixes(node.id, candidates)
    return context.problem("error", code, message, node.id, fixes)


def _given(context: CheckContext, node: Node, shape: NodeShape) -> str:
    """ "13×13×64 from conv_2 and 11×11×64 from shortcut"."""
    edges = context.into(node.id)
    texts = [
        _("{shape} from {node}").format(shape=form, node=context.called(edge.source))
        for edge, form in zip(edges, shape.inputs, strict=False)
    ]
    return _(" and ").join(texts)


def _general(context: CheckContext, node: Node) -> Iterator[Fix]:
    """Last-resort fixes: reset single parameters, then remove the node."""
    described = context.describe(node)
    for name in node.params:
        param = described.param(name) if described else None
        if param is not None and not param.required and name != "name":
            yield Fix.reset_param(
                _("Reset {param} of {node} to {value}").format(
                    param=name, node=node.name, value=param.default
                ),
                node,
                name,
                context.name,
            )
    if context.out_of(node.id) or not context.main:
        # Without its last layer, a model would predict something else.
        yield Fix.remove(node, graph=context.name)


# Merges


def _merge(context: CheckContext, node: Node, shape: NodeShape) -> Problem:
    given = _given(context, node, shape)
    if is_kind(node, "Concatenate"):
        message = _(
            "The shapes do not match: {given}. Concatenate needs shapes that differ"
            " only along its axis."
        ).format(given=given)
    else:
        message = _(
            "The shapes do not match: {given}. {kind} needs equal shapes."
        ).format(given=given, kind=short(node.kind))
    candidates = chain(
        merge_fixes.fix_merge(context, node, shape), _general(context, node)
    )
    found = _problem(context, node, "shape-mismatch", message, candidates)
    guilty = _padded(context, found.fixes[0]) if found.fixes else []
    if guilty and _sizes_differ(shape):
        names = list_names(guilty)
        advice = _("{names} uses “valid” padding.").format(names=names)
        return replace(found, message=f"{found.message} {advice}")
    return found


def _padded(context: CheckContext, fix: Fix) -> list[str]:
    """Names of the nodes that a fix pads, if it does nothing else."""
    ids = [e.node for e in fix.edits if isinstance(e, SetParam) and e.name == "padding"]
    return [context.called(id) for id in ids] if len(ids) == len(fix.edits) else []


def _sizes_differ(shape: NodeShape) -> bool:
    return len({form.shape[1:-1] for form in shape.inputs}) > 1


# Ranks


def _ranks(
    context: CheckContext, node: Node, shape: NodeShape
) -> tuple[int, int] | None:
    """(dimensions expected, dimensions found), batch included, if they differ."""
    found = _EXPECTED.search(shape.error)
    if found:
        return int(found[2]), int(found[3])
    wanted = shape_fixes.natural_rank(node)
    if wanted is None or not shape.inputs:
        return None
    given = len(shape.inputs[0].shape)
    return None if wanted == given else (wanted, given)


def _rank(
    context: CheckContext, node: Node, shape: NodeShape, expected: int, found: int
) -> Problem:
    hints = {
        2: _("a vector"),
        3: _("a sequence (steps×features)"),
        4: _("images (height×width×channels)"),
        5: _("volumes or videos (four dimensions)"),
    }
    message = _("{node} ({kind}) expects {expected}, but gets {given}.").format(
        node=node.name,
        kind=short(node.kind),
        expected=hints.get(
            expected,
            ngettext("{count} dimension", "{count} dimensions", expected - 1).format(
                count=expected - 1
            ),
        ),
        given=_given(context, node, shape),
    )
    last = (
        shape_fixes.shut_recurrent(context, node) if is_kind(node, *RECURRENT) else None
    )
    if last is not None and found == 2:
        message += " " + _(
            "{source} returns only its last step, but must return the whole sequence."
        ).format(source=last.name)
        return _problem(
            context,
            node,
            "last-step-only",
            message,
            chain(
                shape_fixes.sequences(context, node, last),
                _rank_fixes(context, node, shape),
            ),
        )
    message += " " + _advice(expected, found)
    return _problem(
        context, node, "rank-mismatch", message, _rank_fixes(context, node, shape)
    )


def _advice(expected: int, found: int) -> str:
    if found > expected:
        return _("Add a layer in between that flattens, pools or reshapes it.")
    return _("Remove the layer that flattens it, or add a Reshape layer in between.")


def _rank_fixes(context: CheckContext, node: Node, shape: NodeShape) -> Iterator[Fix]:
    return chain(shape_fixes.reshaped(context, node, shape), _general(context, node))


# Sizes


def _too_small(context: CheckContext, node: Node, shape: NodeShape) -> bool:
    text = shape.error.lower()
    return "negative" in text or "nothing is left" in text or "<= 0" in text


def _size(context: CheckContext, node: Node, shape: NodeShape) -> Problem:
    window = context.param(node, "kernel_size") or context.param(node, "pool_size")
    if window:
        message = _(
            "The output of {node} would be empty: its window is {window}, but "
            "it gets only {given}. Use “same” padding, a smaller window, or "
            "less pooling before it."
        ).format(
            node=node.name, window=_window(window), given=_given(context, node, shape)
        )
    else:
        message = _(
            "The output of {node}, which gets {given}, would be empty. Crop "
            "less, or downsample less before it."
        ).format(node=node.name, given=_given(context, node, shape))
    candidates = chain(
        shape_fixes.enlarge_input(context, node), _general(context, node)
    )
    return _problem(context, node, "size-too-small", message, candidates)


def _window(value: object) -> str:
    if isinstance(value, tuple):
        return "×".join(str(each) for each in value)
    return f"{value}×{value}"


def _open_size(context: CheckContext, node: Node, shape: NodeShape) -> Problem:
    lookup = open_lookup(context, node)
    if lookup is not None:
        message = _(
            "{node} needs fixed sizes, but that of {lookup} depends on the words in "
            "the data. Give its output a fixed size."
        ).format(node=node.name, lookup=lookup.name)
        fixes = iter([sized_lookup(context, lookup)])
        return _problem(context, node, "open-size", message, fixes)
    message = _(
        "{node} ({kind}) needs fixed sizes, but gets {given}, where “?” can be "
        "any size. Set a height and width for the input, or use global pooling "
        "instead of flattening."
    ).format(node=node.name, kind=short(node.kind), given=_given(context, node, shape))
    candidates = chain(shape_fixes.fixed_size(context, node), _general(context, node))
    return _problem(context, node, "open-size", message, candidates)


MISMATCH = (mismatches,)
