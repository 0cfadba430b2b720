"""Checks the order of layers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dlstudio.document.backbone import is_pretrained
from dlstudio.document.edits.nodes import ReplaceNode, SetFrozen
from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import Node
from dlstudio.document.name_lists import list_names
from dlstudio.document.problems import Fix, Problem, Severity
from dlstudio.document.values import FrozenMap
from dlstudio.engine.heads.base import short
from dlstudio.engine.model.kinds import RANDOM_TOKENS
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.node_queries import LAYERS, is_kind, number, whole
from dlstudio.engine.shapes.nested_shapes import total
from dlstudio.i18n import _, ngettext

DROPOUT = ("Dropout", "AlphaDropout", "GaussianDropout", "SpatialDropout2D")
INDEXING = {
    "TextVectorization": "max_tokens",
    "IntegerLookup": "max_tokens",
    "StringLookup": "max_tokens",
    "Hashing": "num_bins",
    "HashedCrossing": "num_bins",
    "WordPiece": "max_tokens",
    "BytePair": "max_tokens",
}
HUGE = 2_000_000


def dropout(context: CheckContext) -> Iterator[Problem]:
    """Harmful dropout: at the output, before a norm, or too much."""
    outputs = set(context.graph.output_ids())
    for node in context.graph.nodes.values():
        if not is_kind(node, *DROPOUT):
            continue
        remove = Fix.remove(node, graph=context.name)
        rate = number(context.param(node, "rate"))
        norms = [n for n in context.after(node.id) if is_kind(n, "BatchNormalization")]
        if context.main and node.id in outputs and context.before(node.id):
            message = _(
                "{node} is the last layer, so it would set scores to zero "
                "during training. Move it before the last Dense layer."
            )
            yield _node(context, "warning", "dropout-last", message, node, remove)
        elif rate is not None and rate > 0.8:
            message = _(
                "{node} drops more than 80 % of the values, so the model could "
                "hardly learn. Rates from 0.2 to 0.5 are typical."
            )
            fix = Fix.set_param(_("Set rate to 0.5"), node, "rate", 0.5, context.name)
            yield _node(context, "warning", "dropout-rate", message, node, fix)
        elif norms:
            message = _(
                "{node} comes right before a BatchNormalization layer, whose "
                "statistics then differ between training and inference (Li et "
                "al., 2018). Move it after the last BatchNormalization layer."
            )
            yield _node(context, "hint", "dropout-before-norm", message, node, remove)


def _node(
    context: CheckContext,
    severity: Severity,
    code: str,
    message: str,
    node: Node,
    fix: Fix,
) -> Problem:
    return context.problem(
        severity, code, message.format(node=node.name), node.id, [fix]
    )


def huge_dense(context: CheckContext) -> Iterator[Problem]:
    """Most of the weights in one Dense after a Flatten."""
    everything = total(context.shapes).params
    for node in context.graph.nodes.values():
        shape = context.shapes[node.id]
        params = shape.cost.params
        if not is_kind(node, "Dense") or params < HUGE or 2 * params < everything:
            continue
        flatten = _flatten_before(context, node)
        if flatten is None:
            continue
        yield context.problem(
            "hint",
            "huge-dense",
            _(
                "{node} has {params:,} of the {total:,} parameters of the "
                "model, because it is connected to every value of {shape}. "
                "Global pooling instead of flattening needs far fewer "
                "parameters and overfits less."
            ).format(
                node=node.name,
                params=params,
                total=everything,
                shape=context.shapes[flatten.id].inputs[0],
            ),
            node.id,
            [_pooled(context, flatten)],
        )


def _flatten_before(context: CheckContext, node: Node) -> Node | None:
    for _step in range(4):
        before = context.before(node.id)
        if len(before) != 1:
            return None
        node = before[0]
        if is_kind(node, "Flatten"):
            inputs = context.shapes[node.id].inputs
            return node if inputs and len(inputs[0].shape) == 4 else None
        if not is_kind(node, "Dropout", "BatchNormalization", "Activation"):
            return None
    return None


def _pooled(context: CheckContext, flatten: Node) -> Fix | None:
    learned = any(
        is_kind(each, "Conv2D", "SeparableConv2D", "DepthwiseConv2D")
        for each in context.graph.nodes.values()
    )
    kind = LAYERS + "GlobalAveragePooling2D"
    edits = (
        ReplaceNode(replace(flatten, kind=kind, params=FrozenMap()), context.name),
    )
    if not learned or not context.keeps_shapes(edits):
        return None
    label = _("Use global pooling instead of {node}")
    return Fix(label.format(node=flatten.name), edits)


def embeddings(context: CheckContext) -> Iterator[Problem]:
    """An embedding with fewer rows than there are values to look up."""
    for node in context.graph.nodes.values():
        before = context.before(node.id)
        if before and before[0].kind == RANDOM_TOKENS:
            before = context.before(before[0].id)
        if not is_kind(node, "Embedding") or len(before) != 1:
            continue
        name = INDEXING.get(short(before[0].kind), "")
        most = whole(context.param(before[0], name)) if name else None
        rows = whole(context.param(node, "input_dim"))
        if most is None or rows is None or rows >= most:
            continue
        yield context.problem(
            "error",
            "embedding-rows",
            ngettext(
                "{node} has {rows} row, but {source} outputs numbers up to "
                "{last}. Set the number of rows to {most}.",
                "{node} has {rows} rows, but {source} outputs numbers up to "
                "{last}. Set the number of rows to {most}.",
                rows,
            ).format(
                node=node.name,
                rows=rows,
                source=before[0].name,
                last=most - 1,
                most=most,
            ),
            node.id,
            [
                Fix.set_param(
                    _("Set input_dim to {count}").format(count=most),
                    node,
                    "input_dim",
                    most,
                    context.name,
                )
            ],
        )


def frozen(context: CheckContext) -> Iterator[Problem]:
    """Frozen layers with untrained weights, or a model without trainable weights."""
    nodes = [
        node
        for node in context.graph.nodes.values()
        if node.frozen and context.shapes[node.id].cost.params
    ]
    known = context.project.word_vectors if context.main else {}
    random = [
        node for node in nodes if node.id not in known and not is_pretrained(node)
    ]
    if context.project.initial_weights is not None:
        random = []  # they begin with weights that are kept for them
    thawed = tuple(node.id for node in random or nodes)
    thaw = Fix(_("Unfreeze"), (SetFrozen(thawed, False, context.name),))
    cost = total(context.shapes)
    if random and cost.trainable:
        names = list_names(node.name for node in random)
        yield context.problem(
            "warning",
            "frozen-untrained",
            _(
                "{nodes} is frozen, so its weights keep their random initial "
                "values, unless they come from a trained model."
            ).format(nodes=names),
            random[0].id,
            [thaw],
        )
    if cost.trainable or any(shape.cause for shape in context.shapes.values()):
        return
    learnable = len(context.graph.nodes) > len(context.graph.inputs)
    if learnable and context.main:
        off = [
            (node, SetParam(node.id, "trainable", True, context.name))
            for node in context.graph.nodes.values()
            if node.params.get("trainable") is False
        ]
        edits = (*(edit for _node, edit in off), *(thaw.edits if nodes else ()))
        yield context.problem(
            "error",
            "nothing-to-train",
            _(
                "The model has no trainable weights. Add a layer with weights, "
                "such as Dense or Conv2D, or unfreeze a layer."
            ),
            nodes[0].id if nodes else "",
            [Fix(_("Unfreeze"), edits) if edits else None],
        )


LAYER_ORDER = (dropout, huge_dense, embeddings, frozen)
